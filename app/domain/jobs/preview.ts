import type { AgentState } from '~db/vocabulary'
import type { JobView } from './view'

/** The attempt that a verb would cut off; `startedAt` is milliseconds since 1970 UTC. */
export interface RunningAttempt {
  number: number
  agentName: string
  startedAt: number
}

/** Who would get the job, and how busy they are. */
export interface Taker {
  id: string
  name: string
  state: AgentState
  running: number
  concurrency: number
}

/** What a person should know of a job before something is done to it. */
export interface JobPreview {
  job: Omit<JobView, 'result' | 'description'> & { hasResult: boolean }
  running: RunningAttempt | null
  /** What its agent wants to know, where it waits for an answer. */
  question: string | null
  /** Its agent; where it names none, the active ones that take unassigned jobs. Empty: nobody. */
  takers: Taker[]
  /** How many other jobs wait in that agent's line, or among the unassigned; counted up to `mostWaiting`. */
  waiting: number
}

/** How many jobs wait for an agent, counted up to `mostWaiting`. */
export interface Line {
  name: string
  waiting: number
}

export const mostWaiting = 100
