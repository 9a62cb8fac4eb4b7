import { Link } from '@remix-run/react'
import { useEffect, useRef } from 'react'
import { statusLabels } from '~/domain/jobs/status'
import { type ListPlace, paths } from '~/paths'
import { ByAdminMark } from './ByAdminMark'
import { ArrowLeft } from './icons'
import { statusLooks } from './JobStatusBadge'
import { pagerLabels } from './list-words'
import type { ListedJob, ListedJobs } from './listed-job'
import { Name } from './name'
import { Pager } from './Pager'
import { Time } from './time'

interface AdminJobPaneProps {
  listed: ListedJobs
  at: ListPlace
  /** The job that is open. */
  currentId: string
  /** The row where the list was: its own, or the next one where it left the filter. */
  nearId: string | undefined
}

/** The list beside an open job: narrow, with a scroll of its own that stays from job to job. */
export function AdminJobPane({ listed, at, currentId, nearId }: AdminJobPaneProps) {
  const { page, chips, errors, sort } = listed
  const filters = chips.map(({ label }) => label)
  const misread = Object.values(errors).flat()
  // what comes before the row is seen, too
  const startId = page.rows[Math.max(0, page.rows.findIndex(({ id }) => id === nearId) - 2)]?.id
  const scroller = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (nearId) showRow(scroller.current, nearId)
  }, [nearId])
  return (
    <nav
      aria-label="All jobs"
      className="flex flex-col overflow-hidden rounded-lg border border-line bg-surface max-lg:hidden lg:sticky lg:top-4 lg:max-h-[calc(100dvh-2rem)]"
    >
      <div className="border-b border-line px-3 py-2">
        <Link
          to={paths.desk(at, nearId)}
          className="inline-flex items-center gap-1.5 rounded-sm font-semibold hover:text-accent"
        >
          <ArrowLeft aria-hidden className="size-4 text-ink-3" />
          All jobs
        </Link>
        {filters.length > 0 && <p className="truncate text-xs text-ink-2">{filters.join(' · ')}</p>}
      </div>
      <div ref={scroller} className="min-h-0 overflow-y-auto overscroll-contain">
        {page.rows.length === 0 && (
          <p className="px-3 py-4 text-ink-2 wrap-anywhere">
            {misread.length > 0 ? misread.join(' ') : 'No job is on this page now.'}
          </p>
        )}
        <ul className="divide-y divide-line">
          {page.rows.map((job) => (
            <Row
              key={job.id}
              job={job}
              at={at}
              isCurrent={job.id === currentId}
              isStart={job.id === startId}
            />
          ))}
        </ul>
      </div>
      {(page.prevCursor || page.nextCursor) && (
        <div className="border-t border-line p-2">
          <Pager
            label="Pages of jobs"
            prev={page.prevCursor && paths.deskJob(currentId, { ...at, cursor: page.prevCursor })}
            next={page.nextCursor && paths.deskJob(currentId, { ...at, cursor: page.nextCursor })}
            {...pagerLabels(sort)}
          />
        </div>
      )}
    </nav>
  )
}

interface RowProps {
  job: ListedJob
  at: ListPlace
  isCurrent: boolean
  isStart: boolean
}

function Row({ job, at, isCurrent, isStart }: RowProps) {
  const { Icon, text } = statusLooks[job.status]
  return (
    // without JavaScript the pane opens with this row at its top (CSS Scroll Snap 2, `scroll-initial-target`)
    <li
      data-job={job.id}
      data-job-status={job.status}
      className={isStart ? '[scroll-initial-target:nearest]' : undefined}
    >
      <Link
        to={paths.deskJob(job.id, at)}
        preventScrollReset={false}
        aria-current={isCurrent ? 'page' : undefined}
        className="flex flex-col gap-0.5 px-3 py-2 hover:bg-hover aria-[current]:bg-hover aria-[current]:shadow-[inset_2px_0_var(--accent)]"
      >
        <span className="line-clamp-2 font-medium wrap-anywhere">
          <Name>{job.name}</Name>
        </span>
        <span className="flex items-center gap-1.5 text-xs text-ink-2">
          <Icon aria-hidden className={`size-3.5 shrink-0 ${text}`} />
          <span className={`shrink-0 ${text}`}>{statusLabels[job.status]}</span>
          {job.completedByAdmin && <ByAdminMark look="icon" />}
          <span className="ml-auto shrink-0">
            <Time at={job.createdAt} />
          </span>
        </span>
        <span className="truncate text-xs text-ink-2">
          <Name>{job.ownerName}</Name>
          {' → '}
          <Name>{job.agentName ?? 'anyone'}</Name>
        </span>
      </Link>
    </li>
  )
}

/** Brings a row into the pane's view where it is not, and moves nothing else. */
function showRow(pane: HTMLElement | null, id: string) {
  const row = pane?.querySelector<HTMLElement>(`[data-job="${CSS.escape(id)}"]`)
  if (!pane || !row) return
  const top = row.offsetTop - pane.offsetTop
  const hidden = top < pane.scrollTop || top + row.offsetHeight > pane.scrollTop + pane.clientHeight
  if (hidden) pane.scrollTop = top - (pane.clientHeight - row.offsetHeight) / 2
}
