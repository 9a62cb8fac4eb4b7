import type { CatchUpPolicy, JobStatus, RunOutcomeWord, ScheduleState } from '~db/vocabulary'
import type { ZonedTime } from './zoned'

/** A template that is handed in again and again by the clock. Pure. */
export interface ScheduleView {
  id: string
  ownerId: string
  ownerName: string
  name: string
  templateId: string
  /** Null where the template was removed. */
  templateName: string | null
  /** The template's variables by name. */
  values: Record<string, string>
  cron: string
  /** The cron expression as a sentence; null where it takes more than one. */
  words: string | null
  timeZone: string
  catchUp: CatchUpPolicy
  state: ScheduleState
  /** Milliseconds since 1970 UTC; null where it is paused, or never due again. */
  nextAt: number | null
  /** The due time that was seen to last. */
  lastAt: number | null
  /** Why the last one made no job, in a sentence. */
  problem: string | null
  /** Why it is failing; null while it is not, or is paused. */
  failure: ScheduleFailure | null
  /** The newest run. */
  lastRun: RunView | null
  version: number
  createdAt: number
  updatedAt: number
}

/** Why a schedule is failing: its last run made no job, or the last of its jobs to end failed. */
export interface ScheduleFailure {
  /** Milliseconds since 1970 UTC. */
  since: number
  /** The beginning of the reason; null where the job's attempt gave none. */
  why: string | null
  /** The job that failed; null where none was made. */
  job: { id: string; name: string } | null
}

/** What became of one due time. */
export interface RunView {
  /** When it was due, milliseconds since 1970 UTC; where it was run by hand, when that was. */
  dueAt: number
  outcome: RunOutcomeWord
  /** Null where there is none, or it was purged. */
  job: { id: string; name: string; status: JobStatus } | null
  /** Why there is no job, and how many due times this stands for. */
  note: string | null
  /** When it was seen to. */
  at: number
}

/** A schedule as its page shows it. */
export interface ScheduleDetailView extends ScheduleView {
  /** The next five due times; none where it is paused. */
  nextRuns: ZonedTime[]
  /** The newest ones, newest first. */
  runs: (RunView & { due: ZonedTime })[]
}

/** No more failing schedules are counted than this. */
export const maxFailingCounted = 100

export const shownNextRuns = 5

/** What a form's `show` says to be shown the next runs of what is typed; else it is one of the usual expressions. */
export const showTyped = 'typed'

/** The form's field of a variable's value. */
export const valueField = (name: string) => `value_${name}`
