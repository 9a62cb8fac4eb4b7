import { Link } from '@remix-run/react'
import { lengthText } from '~/domain/length'
import type { RunView, ScheduleDetailView } from '~/domain/schedules/view'
import type { ZonedTime } from '~/domain/schedules/zoned'
import { paths } from '~/paths'
import { useNow } from './clock'
import { JobStatusBadge } from './JobStatusBadge'
import { Name } from './name'
import { runLooks } from './schedule-words'
import { useSettings } from './settings'
import { exactText } from './time'

interface ScheduleRunLineProps {
  run: RunView
  /** Whether the job is the viewer's: an admin goes to everyone's jobs. */
  isOwn: boolean
}

/** What became of one run: its job, or why there is none. */
export function ScheduleRunLine({ run, isOwn }: ScheduleRunLineProps) {
  if (run.job) {
    return (
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Link
          to={isOwn ? paths.job(run.job.id) : paths.deskJob(run.job.id)}
          className="relative min-w-0 text-accent underline wrap-anywhere"
        >
          <Name>{run.job.name}</Name>
        </Link>
        <JobStatusBadge status={run.job.status} />
      </span>
    )
  }
  const { Icon, label, text } = runLooks[run.outcome]
  const isPurged = run.outcome === 'MADE'
  return (
    <span className="flex items-start gap-1.5 wrap-anywhere">
      <Icon aria-hidden className={`mt-0.5 size-3.5 shrink-0 ${text}`} />
      <span>
        {label}
        {run.note && `. ${run.note}`}
        {isPurged && '; the job was purged.'}
      </span>
    </span>
  )
}

/** The last runs, newest first. */
export function ScheduleRuns({ runs, isOwn }: { runs: ScheduleDetailView['runs']; isOwn: boolean }) {
  if (runs.length === 0) return <p className="p-4 text-ink-2">It has not run yet.</p>
  return (
    <ul className="divide-y divide-line">
      {runs.map((run) => (
        <li key={run.dueAt} className="grid gap-x-4 gap-y-1 px-4 py-2.5 sm:grid-cols-[15rem_minmax(0,1fr)]">
          <ZonedMoment time={run.due} />
          <ScheduleRunLine run={run} isOwn={isOwn} />
        </li>
      ))}
    </ul>
  )
}

/** The next due times in the schedule's zone, and how far off they are. */
export function NextRuns({ runs }: { runs: ZonedTime[] }) {
  const now = useNow()
  return (
    <ol className="flex flex-col gap-1.5">
      {runs.map((run) => (
        <li key={run.at} className="flex flex-wrap items-baseline justify-between gap-x-3">
          <ZonedMoment time={run} />
          <span className="text-xs text-ink-2">in {lengthText(Math.max(run.at - now, 0))}</span>
        </li>
      ))}
    </ol>
  )
}

function ZonedMoment({ time: { at, local, offset } }: { time: ZonedTime }) {
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={exactText(at, useSettings().timeZone)}
      className="tabular-nums"
    >
      {local} <span className="text-xs text-ink-3">{offset}</span>
    </time>
  )
}
