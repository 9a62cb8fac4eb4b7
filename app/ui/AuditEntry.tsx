import { Link } from '@remix-run/react'
import type { AuditView } from '~/domain/audit-view'
import { statusLabels } from '~/domain/jobs/status'
import { lookup } from '~/domain/lookup'
import { paths } from '~/paths'
import { jobStatuses } from '~db/vocabulary'
import { auditWords } from './audit-words'
import { Name, plainName } from './name'
import { Time } from './time'

/** One thing that somebody did: who, what, to what; when and from where. */
export function AuditEntry({ entry }: { entry: AuditView }) {
  const { action, at, address } = entry
  return (
    <li className="flex flex-col gap-0.5 px-4 py-2.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 flex-1 basis-64 wrap-anywhere">
          <Actor entry={entry} /> <What entry={entry} />
        </p>
        <Time at={at} exact className="text-xs whitespace-nowrap text-ink-2" />
      </div>
      <div className="flex flex-wrap gap-x-3 text-xs text-ink-2">
        <Link to={paths.auditOf({ action })} data-row={entry.id} className="font-mono hover:underline">
          {action}
        </Link>
        {address && <span>from {address}</span>}
        <Detail entry={entry} />
      </div>
    </li>
  )
}

const link = 'font-medium hover:underline'

function Actor({ entry: { actorKind, actorId, actorName, actorEmail, action } }: { entry: AuditView }) {
  if (actorEmail) {
    return (
      <Link to={paths.user(actorEmail)} title={actorEmail} className={link}>
        <Name>{actorName ?? actorEmail}</Name>
      </Link>
    )
  }
  const nobody = action === 'sign-in.failed' ? 'Somebody' : 'Docket'
  return (
    <span className="font-medium">
      <Name>{actorName ?? (actorKind === 'system' ? nobody : `${actorKind} ${actorId}`)}</Name>
    </span>
  )
}

/** An action of another version of Docket has no words here. */
function What({ entry }: { entry: AuditView }) {
  const known = lookup(auditWords, entry.action)
  const [before = '', after] = (known?.words ?? `did ${entry.action} {}`).split('{}')
  return (
    <>
      {before}
      {after !== undefined && <Subject entry={entry} />}
      {after}
    </>
  )
}

const text = (value: unknown) => (typeof value === 'string' ? value : null)

/** What is gone is known by what was written down of it. */
const nameOf = ({ subjectName, subjectId, detail }: AuditView) =>
  subjectName ??
  text(detail?.name) ??
  text(detail?.email) ??
  subjectId ??
  (detail?.emailHmac ? 'an unknown account' : 'something')

function Subject({ entry }: { entry: AuditView }) {
  if (entry.subjectKind === 'user' && entry.subjectId === entry.actorId) return 'themselves'
  const name = nameOf(entry)
  const to = pageOf(entry)
  if (!to) return <Name className="font-medium">{name}</Name>
  return (
    <Link to={to} className={link}>
      <Name>{name}</Name>
    </Link>
  )
}

const pages: Record<string, (id: string) => string> = {
  agent: paths.agent,
  job: paths.deskJob,
  batch: paths.batch,
  template: paths.template,
  schedule: paths.schedule,
}

/** Where a subject that is still there is shown. */
function pageOf({ subjectKind, subjectId, subjectName, subjectEmail }: AuditView): string | null {
  if (subjectKind === 'user') return subjectEmail && paths.user(subjectEmail)
  if (!subjectId || subjectName === null) return null
  return lookup(pages, subjectKind)?.(subjectId) ?? null
}

/** What else was written down, but for what the sentence says. */
function Detail({ entry }: { entry: AuditView }) {
  const name = nameOf(entry)
  const { statusBefore, statusAfter, agent, agentId, ...others } = entry.detail ?? {}
  const status = [...new Set([statusBefore, statusAfter].map(statusText))].filter(Boolean).join(' → ')
  const all = { status: status || null, agent: agent ?? agentId, ...others }
  const rest = Object.entries(all).filter(([, value]) => value != null && value !== name)
  return rest.map(([key, value]) => (
    <span key={key} className="wrap-anywhere">
      {key}:{' '}
      {key === 'agent' && typeof agentId === 'string' ? (
        <Link to={paths.agent(agentId)} className="hover:underline">
          <bdi>{valueText(value)}</bdi>
        </Link>
      ) : (
        <bdi>{valueText(value)}</bdi>
      )}
    </span>
  ))
}

const statusText = (value: unknown) =>
  jobStatuses.flatMap((each) => (each === value ? [statusLabels[each]] : []))[0]

const valueText = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(valueText).join(', ')
  return typeof value === 'string' ? plainName(value) : JSON.stringify(value)
}
