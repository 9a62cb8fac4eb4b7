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

interface Usage {
  requestModel?: string
  responseModel?: string
  inputTokens?: number
  outputTokens?: number
  costUsd?: number
  costSource?: string
}

/** What an attempt used, in a line: `claude-x · 1,204 tokens in, 310 out · $0.0123`. Empty where it says nothing. */
export function usageText(json: string | null): string {
  if (!json) return ''
  try {
    const usage = JSON.parse(json) as Usage
    const tokens = [
      usage.inputTokens !== undefined && `${usage.inputTokens.toLocaleString('en')} tokens in`,
      usage.outputTokens !== undefined && `${usage.outputTokens.toLocaleString('en')} out`,
    ].filter(Boolean)
    const cost =
      usage.costUsd !== undefined &&
      `$${usage.costUsd.toFixed(4)}${usage.costSource === 'estimated' ? ' (estimated)' : ''}`
    return [usage.responseModel ?? usage.requestModel, tokens.join(', '), cost].filter(Boolean).join(' · ')
  } catch {
    return ''
  }
}
