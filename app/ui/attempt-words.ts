import { wordsOf } from '~/domain/jobs/status'
import type { AttemptOutcome } from '~db/vocabulary'

const labels: Partial<Record<AttemptOutcome, string>> = {
  SUBMITTED: 'Handed in',
  EXPIRED: 'Lost',
  RELEASED: 'Given back',
  DRAINED: 'Interrupted',
  WAITING: 'Asked',
}
export const outcomeLabel = (outcome: AttemptOutcome) => labels[outcome] ?? wordsOf(outcome)

const looks: Partial<Record<AttemptOutcome, string>> = {
  RUNNING: 'text-in-progress',
  SUBMITTED: 'text-completed',
  FAILED: 'text-failed',
  EXPIRED: 'text-failed',
  WAITING: 'text-input-required',
}
export const outcomeLook = (outcome: AttemptOutcome) => looks[outcome] ?? 'text-ink-2'
