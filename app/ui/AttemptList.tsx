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
  const usage = usageText(attempt.usage)
  const lasted = Math.max(0, (attempt.endedAt ?? now) - attempt.startedAt)
  return (
    <li className="flex flex-col gap-0.5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="font-medium">
          <span className="text-ink-3 tabular-nums">#{attempt.number}</span>{' '}
          <span className={outcomeLooks[attempt.outcome]} data-outcome={attempt.outcome}>
            {outcomeLabels[attempt.outcome]}
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
      {attempt.error && <p className="authored mt-0.5 line-clamp-4 text-xs text-ink-2">{attempt.error}</p>}
    </li>
  )
}
