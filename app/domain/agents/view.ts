import type { AgentKind, AgentState } from '~db/vocabulary'
import type { Judged } from './stats'

/** An agent as everyone may see it: enough to choose one. How its results were judged is of the last 30 days. */
export interface AgentChoice extends Judged {
  id: string
  name: string
  description: string
  kind: AgentKind
  state: AgentState
  takesUnassigned: boolean
  /** How many of its attempts run now. */
  running: number
  concurrency: number
}

/** An agent as admins see it. */
export interface AgentView extends AgentChoice {
  /** Validated by the kind's schema. */
  config: unknown
  /** What an admin should know of its settings, each in a sentence. */
  warnings: string[]
  version: number
  /** Who got the jobs that waited for it; null where it is not retired or they went back to anyone. */
  successor: { id: string; name: string; state: AgentState } | null
  lastSeenAt: number | null
  createdAt: number
  updatedAt: number
}

/** As a list shows it. */
export type AgentRow = Omit<AgentView, 'config' | 'warnings'>

/** What came of an agent's work in a period of whole hours, the one that runs included. */
export interface AgentPeriod extends Judged {
  /** Milliseconds since 1970 UTC. */
  since: number
  /** Attempts that handed something in: a result or a question. */
  done: number
  /** Attempts that failed or whose lease lapsed. */
  failed: number
  /** How long attempts took that handed something in, of the newest 1,000 attempts; null where there is none. */
  medianMs: number | null
  inputTokens: number
  outputTokens: number
  costUsd: number
}

/** What an agent has to do. */
export interface Workload {
  runs: { jobId: string; jobName: string; attempt: number; startedAt: number }[]
  /** Jobs that wait for it; 1,000: so many or more. */
  waiting: number
}

export interface AgentStats extends Workload {
  last24Hours: AgentPeriod
  last30Days: AgentPeriod
}

/** What an agent answered when it was really called. */
export interface AgentTest {
  ok: boolean
  message: string
  durationMs: number
}
