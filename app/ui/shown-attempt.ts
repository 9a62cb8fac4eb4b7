import type { AttemptSummary } from '~/domain/jobs/view'

/** An attempt as a list on a page shows it. */
export interface ShownAttempt extends Omit<AttemptSummary, 'usage'> {
  /** What it used, in a line; empty where it says nothing. */
  used: string
}
