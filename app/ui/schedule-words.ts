import type { CatchUpPolicy, RunOutcomeWord } from '~db/vocabulary'
import { CircleCheck, CircleSlash, CircleX } from './icons'

/** What is done about due times that nobody was there for, to choose and to tell. */
export const catchUpWords: Record<CatchUpPolicy, { label: string; words: string }> = {
  latest: {
    label: 'Hand in the latest one',
    words: 'After downtime the latest missed one is handed in.',
  },
  skip: { label: 'Leave them out', words: 'After downtime what was missed is left out.' },
  all: {
    label: 'Hand in every one, 100 at the most',
    words: 'After downtime every missed one is handed in, 100 at the most.',
  },
}

export const runLooks = {
  MADE: { Icon: CircleCheck, label: 'Handed in', text: 'text-completed' },
  SKIPPED: { Icon: CircleSlash, label: 'Left out', text: 'text-canceled' },
  FAILED: { Icon: CircleX, label: 'Not handed in', text: 'text-failed' },
} as const satisfies Record<RunOutcomeWord, unknown>

/** Usual expressions, to start from. */
export const usualTimes = [
  { cron: '0 * * * *', label: 'Every hour' },
  { cron: '0 9 * * *', label: 'Every day at 9' },
  { cron: '0 9 * * 1-5', label: 'Weekdays at 9' },
  { cron: '0 9 * * 1', label: 'Mondays at 9' },
  { cron: '0 9 1 * *', label: 'First of the month' },
] as const
