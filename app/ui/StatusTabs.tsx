import { Link } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import type { StatusCounts } from '~/domain/jobs/view'
import { paths } from '~/paths'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { statusLooks } from './JobStatusBadge'

/** The list's filter: all, and each status with how many there are. */
export function StatusTabs({ counts, current }: { counts: StatusCounts; current: JobStatus | null }) {
  const all = jobStatuses.reduce((sum, status) => sum + counts[status], 0)
  return (
    <nav aria-label="Filter by status">
      <ul className="flex flex-wrap gap-1">
        <Tab status={null} label="All" count={all} isCurrent={current === null} />
        {jobStatuses.map((status) => (
          <Tab
            key={status}
            status={status}
            label={statusLabels[status]}
            count={counts[status]}
            isCurrent={current === status}
          />
        ))}
      </ul>
    </nav>
  )
}

interface TabProps {
  status: JobStatus | null
  label: string
  count: number
  isCurrent: boolean
}

function Tab({ status, label, count, isCurrent }: TabProps) {
  const look = status && statusLooks[status]
  const spare = count === 0 && !isCurrent && status !== null
  return (
    <li className={spare ? 'max-sm:hidden' : ''}>
      <Link
        to={paths.jobs({ status })}
        aria-current={isCurrent ? 'page' : undefined}
        className={`flex h-7 items-center gap-1.5 rounded-md border px-2 text-xs whitespace-nowrap transition-colors ${
          isCurrent
            ? 'border-line-strong/60 bg-surface font-medium text-ink shadow-xs'
            : 'border-transparent text-ink-2 hover:bg-surface hover:text-ink'
        }`}
      >
        {look && <look.Icon aria-hidden className={`size-3.5 ${spare ? 'text-ink-3' : look.text}`} />}
        {label}
        <span className="text-ink-3 tabular-nums">{count.toLocaleString('en')}</span>
      </Link>
    </li>
  )
}
