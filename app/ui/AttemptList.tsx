import { Link } from '@remix-run/react'
import { beginning } from '~/domain/beginning'
import type { JobView, Page } from '~/domain/jobs/view'
import { paths } from '~/paths'
import { outcomeLabel, outcomeLook } from './attempt-words'
import { useNow } from './clock'
import { useJobPlace } from './job-place'
import { Name } from './name'
import type { ShownAttempt } from './shown-attempt'
import { durationText, Time } from './time'

interface AttemptListProps {
  job: Pick<JobView, 'id' | 'attemptCount'>
  page: Page<ShownAttempt>
}

const look = 'text-xs text-accent hover:underline'

/** The tries at the job, newest first, page by page. */
export function AttemptList({ job, page: { rows, prevCursor, nextCursor } }: AttemptListProps) {
  const place = useJobPlace()
  const [first, last] = [rows[0], rows.at(-1)]
  if (!first || !last) return <p className="text-ink-2">No agent has begun yet.</p>
  return (
    <div className="flex flex-col gap-3">
      {prevCursor && (
        <Link to={place.attempts(job.id, prevCursor)} rel="prev" className={look}>
          {counted(job.attemptCount - first.number, 'later')}
        </Link>
      )}
      <ol className="flex flex-col gap-3">
        {rows.map((attempt) => (
          <Attempt key={attempt.id} job={job} attempt={attempt} />
        ))}
      </ol>
      {nextCursor && (
        <Link to={place.attempts(job.id, nextCursor)} rel="next" className={look}>
          {counted(last.number - 1, 'earlier')}
        </Link>
      )}
    </div>
  )
}

const counted = (many: number, which: string) =>
  `${many.toLocaleString('en')} ${which} ${many === 1 ? 'attempt' : 'attempts'}`

function Attempt({ job, attempt }: Pick<AttemptListProps, 'job'> & { attempt: ShownAttempt }) {
  const now = useNow()
  const sentBack = attempt.outcome === 'SUBMITTED' && attempt.feedback !== null
  const lasted = Math.max(0, (attempt.endedAt ?? now) - attempt.startedAt)
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          <span className="text-ink-3 tabular-nums">#{attempt.number}</span>{' '}
          <span
            className={sentBack ? 'text-ink-2' : outcomeLook(attempt.outcome)}
            data-outcome={attempt.outcome}
          >
            {sentBack ? 'Sent back' : outcomeLabel(attempt.outcome)}
          </span>
        </span>
        <span className="text-xs text-ink-2">
          <Time at={attempt.startedAt} />, {durationText(lasted)}
        </span>
      </div>
      <p className="text-xs text-ink-2 wrap-anywhere">
        by <Name>{attempt.agentName}</Name>
      </p>
      {attempt.used && <p className="text-xs text-ink-2">{attempt.used}</p>}
      <Said what="Question" text={attempt.question} />
      <Said what="Answer" text={attempt.answer} />
      <Said what="Feedback" text={attempt.feedback} />
      {attempt.error && <p className="authored mt-0.5 line-clamp-4 text-xs text-ink-2">{attempt.error}</p>}
      {attempt.unsubmittedBytes && (
        <a href={paths.attemptResult(job.id, attempt.number)} className={look}>
          Result not submitted
        </a>
      )}
    </li>
  )
}

const most = 200

/** What was said about the attempt, in short: the log has all of it. */
function Said({ what, text }: { what: string; text: string | null }) {
  if (!text) return null
  return (
    <p className="authored mt-0.5 line-clamp-4 text-xs text-ink-2">
      <span className="font-medium">{what}:</span>{' '}
      {text.length > most ? `${beginning(text, most).trimEnd()}…` : text}
    </p>
  )
}
