import { Link } from '@remix-run/react'
import type { ScheduleView } from '~/domain/schedules/view'
import { paths } from '~/paths'
import { AgentStateBadge } from './AgentStateBadge'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { CircleCheck, Clock, Plus, TriangleAlert } from './icons'
import { Name } from './name'
import { ScheduleFailureLine } from './ScheduleFailureLine'
import { ScheduleRunLine } from './ScheduleRuns'
import { Time } from './time'

interface ScheduleListProps {
  schedules: ScheduleView[]
  /** Everyone's, with whose they are. */
  isEveryones: boolean
  /** Whether only failing ones are listed. */
  failing: boolean
  viewerId: string
}

/** Schedules, newest first: what, when, and what became of the last run. */
export function ScheduleList({ schedules, isEveryones, failing, viewerId }: ScheduleListProps) {
  if (schedules.length === 0 && failing) return <NoneFails />
  if (schedules.length === 0) return isEveryones ? <NobodyHasAny /> : <NeverUsed />
  return (
    <>
      <div
        aria-hidden
        className={`border-b border-line py-2 text-xs font-medium text-ink-2 max-md:hidden ${columns}`}
      >
        <span>Schedule</span>
        <span>Next run</span>
        <span>Last run</span>
      </div>
      <ul className="divide-y divide-line">
        {schedules.map((schedule) => (
          <li key={schedule.id} className={`relative gap-y-1 py-3 hover:bg-hover ${columns}`}>
            <div className="flex min-w-0 flex-col gap-0.5">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                <Link
                  to={paths.schedule(schedule.id)}
                  data-row={schedule.id}
                  className="font-medium wrap-anywhere after:absolute after:inset-0"
                >
                  <Name>{schedule.name}</Name>
                </Link>
                {schedule.state === 'PAUSED' && <AgentStateBadge state="PAUSED" />}
              </p>
              <p className="text-xs text-ink-2 wrap-anywhere">
                {schedule.words ?? <code className="font-mono">{schedule.cron}</code>} · {schedule.timeZone}
              </p>
              <p className="text-xs text-ink-2 wrap-anywhere">
                {schedule.templateName === null ? (
                  'Its template is gone'
                ) : (
                  <>
                    from <Name>{schedule.templateName}</Name>
                  </>
                )}
                {isEveryones && (
                  <>
                    {' · '}
                    {schedule.ownerId === viewerId ? 'yours' : <Name>{schedule.ownerName}</Name>}
                  </>
                )}
              </p>
            </div>
            <div className="text-xs text-ink-2 max-md:flex max-md:gap-1.5">
              <span className="md:sr-only">Next run</span>
              <span className="text-ink">
                {schedule.nextAt === null ? 'none' : <Time at={schedule.nextAt} />}
              </span>
            </div>
            <div className="min-w-0 text-xs text-ink-2">
              {schedule.problem || schedule.failure ? (
                <span className="flex items-start gap-1.5 text-ink wrap-anywhere">
                  <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0 text-warn" />
                  {schedule.failure ? (
                    <ScheduleFailureLine failure={schedule.failure} isOwn={schedule.ownerId === viewerId} />
                  ) : (
                    schedule.problem
                  )}
                </span>
              ) : schedule.lastRun ? (
                <ScheduleRunLine run={schedule.lastRun} isOwn={schedule.ownerId === viewerId} />
              ) : (
                'Not run yet'
              )}
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}

const columns = 'grid gap-x-4 px-4 md:grid-cols-[minmax(0,3fr)_7rem_minmax(0,2fr)]'

function NeverUsed() {
  return (
    <EmptyState
      Icon={Clock}
      title="Hand in by the clock"
      actions={
        <LinkButton to={paths.newSchedule()} variant="primary">
          <Plus aria-hidden />
          New schedule
        </LinkButton>
      }
    >
      <p>
        A schedule makes a job from a template again and again: every hour, on weekdays at nine, on the first
        of the month. It can be paused, and its page shows what became of each run.
      </p>
    </EmptyState>
  )
}

function NoneFails() {
  return (
    <EmptyState Icon={CircleCheck} title="No schedule is failing">
      <p>A schedule is failing while its last run made no job, or while the last of its jobs failed.</p>
    </EmptyState>
  )
}

function NobodyHasAny() {
  return (
    <EmptyState Icon={Clock} title="Nobody has a schedule">
      <p>Everyone’s schedules are listed here.</p>
    </EmptyState>
  )
}
