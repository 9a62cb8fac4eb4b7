import { paths } from '~/paths'
import { LinkButton } from './button'
import { ConfirmBox } from './ConfirmBox'
import { EmptyState } from './EmptyState'
import { PostForm, SubmitButton } from './forms'
import { useSettings } from './settings'
import { sizeText } from './size-text'
import { exactText, Time } from './time'

interface Backup {
  name: string
  /** In bytes. */
  size: number
  kind: 'manual' | 'daily'
  takenAt: number
}

/** Newest first. */
export function BackupList({ backups, staged }: { backups: Backup[]; staged: string | null }) {
  const { timeZone } = useSettings()
  if (backups.length === 0) {
    return (
      <EmptyState title="No backups yet">
        One is also taken by itself before an update changes the database.
      </EmptyState>
    )
  }
  return (
    <ul className="divide-y divide-line">
      {backups.map(({ name, size, kind, takenAt }) => (
        <li key={name} className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2 px-4 py-3">
          <div className="min-w-0">
            <p className="font-medium">
              <Time at={takenAt} exact />
              {kind === 'daily' && <span className="ml-2 font-normal text-ink-2">Daily</span>}
            </p>
            <p className="font-mono text-xs text-ink-2 wrap-anywhere">
              {name} · {sizeText(size)}
            </p>
          </div>
          {name === staged ? (
            <span className="text-warn">Restored at the next start</span>
          ) : (
            <div className="flex flex-wrap items-start gap-2">
              <LinkButton
                size="small"
                to={paths.backup(name)}
                aria-label={`Download or restore the backup of ${exactText(takenAt, timeZone)}…`}
              >
                Download or restore…
              </LinkButton>
              <ConfirmBox label="Delete…" name={`Delete the backup of ${exactText(takenAt, timeZone)}…`}>
                <p>The file is removed from the disk. This can't be undone.</p>
                <PostForm>
                  <input type="hidden" name="name" value={name} />
                  <SubmitButton
                    size="small"
                    variant="danger"
                    name="intent"
                    value="delete"
                    pendingLabel="Deleting…"
                  >
                    Delete this backup
                  </SubmitButton>
                </PostForm>
              </ConfirmBox>
            </div>
          )}
        </li>
      ))}
    </ul>
  )
}
