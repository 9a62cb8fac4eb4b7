import { Link } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import type { StatusCounts } from '~/domain/jobs/view'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { statusLooks } from './JobStatusBadge'
import { SteadyLabel } from './SteadyLabel'

interface StatusTabsProps {
  /** Null where nobody counts. */
  counts: StatusCounts | null
  /** Those that the list is narrowed to; none: all. */
  current: JobStatus[]
  /** Where a status is listed; null: all of them. */
  to: (status: JobStatus | null) => string
}

/** The list's filter: all, and each status with how many there are. */
export function StatusTabs({ counts, current, to }: StatusTabsProps) {
  const all = counts && jobStatuses.reduce((sum, status) => sum + counts[status], 0)
  return (
    <nav aria-label="Filter by status">
      <ul className="flex gap-1 max-md:-mx-4 max-md:overflow-x-auto max-md:scroll-px-10 max-md:px-4 max-md:[scrollbar-width:none] sm:max-md:-mx-6 sm:max-md:px-6 md:flex-wrap">
        <Tab to={to(null)} status={null} label="All" count={all} isCurrent={current.length === 0} />
        {jobStatuses.map((status) => (
          <Tab
            key={status}
            to={to(status)}
            status={status}
            label={statusLabels[status]}
            count={counts ? counts[status] : null}
            isCurrent={current.includes(status)}
          />
        ))}
      </ul>
    </nav>
  )
}

interface TabProps {
  to: string
  status: JobStatus | null
  label: string
  count: number | null
  isCurrent: boolean
}

function Tab({ to, status, label, count, isCurrent }: TabProps) {
  const look = status && statusLooks[status]
  const spare = count === 0 && !isCurrent && status !== null
  return (
    <li
      className={`${spare ? 'max-sm:hidden' : ''} ${isCurrent ? 'max-md:[scroll-initial-target:nearest]' : ''}`}
    >
      <Link
        to={to}
        aria-current={isCurrent ? 'page' : undefined}
        className={`flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs whitespace-nowrap transition-colors ${
          isCurrent
            ? 'border-line-strong/60 bg-surface font-medium text-ink shadow-xs'
            : 'border-transparent text-ink-2 hover:bg-surface hover:text-ink'
        }`}
      >
        {look && <look.Icon aria-hidden className={`size-3.5 ${spare ? 'text-ink-3' : look.text}`} />}
        <SteadyLabel text={label} />
        {count !== null && (
          <span className="font-normal text-ink-3 tabular-nums">{count.toLocaleString('en')}</span>
        )}
      </Link>
    </li>
  )
}
