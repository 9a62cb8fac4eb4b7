import type { SubmissionResult } from '@conform-to/react'
import { data } from '@remix-run/node'
import type { Desk } from '~/domain/desk'
import { cronWords } from '~/domain/schedules/cron-words'
import type { Timing } from '~/domain/schedules/input'
import { nextRuns } from '~/domain/schedules/queries.server'

/** When it would run, in words and by the clock. */
export const shownRuns = (desk: Desk, timing: Timing) => ({
  words: cronWords(timing.cron),
  timeZone: timing.timeZone,
  nextRuns: nextRuns(timing, desk.now()),
})

/** The answer to "Show the next runs": the form as it was sent, and the runs. Nothing is saved. */
export function showRuns(desk: Desk, timing: Timing, sent: Record<string, unknown>) {
  const reply: SubmissionResult = { initialValue: sent as NonNullable<SubmissionResult['initialValue']> }
  return data({ reply, shown: shownRuns(desk, timing) })
}
