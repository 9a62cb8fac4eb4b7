import { Link } from '@remix-run/react'
import type { ScheduleFailure } from '~/domain/schedules/view'
import { paths } from '~/paths'
import { Name } from './name'

interface ScheduleFailureLineProps {
  failure: ScheduleFailure
  /** Whether the job is the viewer's: an admin goes to everyone's jobs. */
  isOwn: boolean
}

/** Why a schedule is failing: the job that failed, or why there is none. */
export function ScheduleFailureLine({ failure: { job, why }, isOwn }: ScheduleFailureLineProps) {
  if (!job) return <Name>{why ?? ''}</Name>
  return (
    <span className="wrap-anywhere">
      <Link to={isOwn ? paths.job(job.id) : paths.deskJob(job.id)} className="relative text-accent underline">
        <Name>{job.name}</Name>
      </Link>{' '}
      failed{why && ': '}
      {why && <Name>{why}</Name>}
    </span>
  )
}
