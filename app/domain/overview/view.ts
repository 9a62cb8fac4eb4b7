import type { AgentKind, AgentState, JobStatus } from '~db/vocabulary'
import type { openStatuses } from '../jobs/status'
import type { ScheduleFailure } from '../schedules/view'
import type { Period } from './period'

export type OpenStatus = (typeof openStatuses)[number]

/** All that the overview is made of. Times are milliseconds since 1970 UTC. */
export interface Overview {
  at: number
  open: Record<OpenStatus, number>
  /** Of the jobs that wait for an agent and could be done now, or for a person, the one that has waited the longest. */
  oldestWaiting: WaitingFact | null
  /** The first of those that an active agent takes. */
  firstInLine: JobFact | null
  /** The hour that runs and the 23 before it, of the asked time zone. */
  day: Period
  /** Today and the 29 days before it, of the asked time zone. */
  month: Period
  /** All but the retired, by name. */
  agents: AgentLoad[]
  retiredAgents: number
  usage: { day: Usage; month: Usage }
  needs: Needs
  /** How many schedules are failing, counted up to a hundred. */
  failingSchedules: number
}

export interface JobFact {
  id: string
  name: string
  status: JobStatus
  ownerName: string
  /** Who did the newest attempt, or whom it waits for. */
  agentName: string | null
  /** Since when it has been so. */
  since: number
  /** The beginning of the question or the reason, where there is one. */
  why: string | null
}

/** A job that waits, and what for. */
export interface WaitingFact extends JobFact {
  waitsFor: 'agent' | 'review' | 'answer'
}

/** A schedule that is failing. */
export interface ScheduleFact extends ScheduleFailure {
  id: string
  name: string
  ownerName: string
}

/** What needs someone now: at most five of each, but for `failures` what has waited the longest first. */
export interface Needs {
  reviews: JobFact[]
  questions: JobFact[]
  /** Failed in the last 24 hours, the latest first. */
  failures: JobFact[]
  /** Wait for an agent that is paused, or for nobody. */
  stuck: JobFact[]
  /** Schedules that are failing, the newest first. */
  schedules: ScheduleFact[]
}

export interface AgentLoad {
  id: string
  name: string
  kind: AgentKind
  state: AgentState
  concurrency: number
  takesUnassigned: boolean
  running: number
  /** Jobs assigned to it that nobody has begun; counted up to `mostWaiting`. */
  waiting: number
  /** Its attempts in the last 24 hours that handed something in, and those that failed or were lost. */
  done: number
  failed: number
}

/** What attempts used, as far as their agents said. */
export interface Usage {
  /** When the first of its hours began. */
  since: number
  inputTokens: number
  outputTokens: number
  costUsd: number
}

/** A queue longer than this is not counted to its end. */
export const mostWaiting = 1000
