import type { AttemptSummary } from '~/domain/jobs/view'
import { outcomeLabels, outcomeLooks, usageText } from './attempt-words'
import { useNow } from './clock'
import { Name } from './name'
import { durationText, Time } from './time'

/** Every try at the job, newest first. */
export function AttemptList({ attempts }: { attempts: AttemptSummary[] }) {
  if (attempts.length === 0) return <p className="text-ink-2">No agent has begun yet.</p>
  return (
    <ol className="flex flex-col gap-3">
      {[...attempts].reverse().map((attempt) => (
        <Attempt key={attempt.id} attempt={attempt} />
      ))}
    </ol>
  )
}

function Attempt({ attempt }: { attempt: AttemptSummary }) {
  const now = useNow()
  const sentBack = attempt.outcome === 'SUBMITTED' && attempt.feedback !== null
  const usage = usageText(attempt.usage)
  const lasted = Math.max(0, (attempt.endedAt ?? now) - attempt.startedAt)
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          <span className="text-ink-3 tabular-nums">#{attempt.number}</span>{' '}
          <span
            className={sentBack ? 'text-ink-2' : outcomeLooks[attempt.outcome]}
            data-outcome={attempt.outcome}
          >
            {sentBack ? 'Sent back' : outcomeLabels[attempt.outcome]}
          </span>
        </span>
        <span className="text-xs text-ink-2">
          <Time at={attempt.startedAt} />, {durationText(lasted)}
        </span>
      </div>
      <p className="text-xs text-ink-2 wrap-anywhere">
        by <Name>{attempt.agentName}</Name>
      </p>
      {usage && <p className="text-xs text-ink-2">{usage}</p>}
      <Said what="Question" text={attempt.question} />
      <Said what="Answer" text={attempt.answer} />
      <Said what="Feedback" text={attempt.feedback} />
      {attempt.error && <p className="authored mt-0.5 line-clamp-4 text-xs text-ink-2">{attempt.error}</p>}
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
      {text.length > most ? `${text.slice(0, most).trimEnd()}…` : text}
    </p>
  )
}
