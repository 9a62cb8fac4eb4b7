import type { AttemptSummary, Page } from '~/domain/jobs/view'
import type { ShownAttempt } from '~/ui/shown-attempt'

/** Attempts as their list shows them: what each used is put into words here, so that the browser loads less. */
export const shownAttempts = (page: Page<AttemptSummary>): Page<ShownAttempt> => ({
  ...page,
  rows: page.rows.map(({ usage, ...attempt }) => ({ ...attempt, used: usageText(usage) })),
})

interface Usage {
  requestModel?: string
  responseModel?: string
  inputTokens?: number
  outputTokens?: number
  costUsd?: number
  costSource?: string
}

/** What an attempt used, in a line: `claude-x · 1,204 tokens in, 310 out · $0.0123`. Empty where it says nothing. */
function usageText(json: string | null): string {
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
