import type { AuditView } from '~/domain/audit-view'
import { AuditEntry } from './AuditEntry'

/** What was done, newest first. */
export function AuditList({ entries }: { entries: AuditView[] }) {
  return (
    <ul className="divide-y divide-line">
      {entries.map((entry) => (
        <AuditEntry key={entry.id} entry={entry} />
      ))}
    </ul>
  )
}
