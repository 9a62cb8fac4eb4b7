import type { AgentState } from '~db/vocabulary'
import type { JobSummary } from '../jobs/view'

/** What a search gives. */

export interface FoundAgent {
  id: string
  name: string
  state: AgentState
}

export interface Found {
  /** At most `mostJobs`: those whose id is asked for, then by text, newest first. Why they wait is not looked up for those by id. */
  jobs: Omit<JobSummary, 'waitingFor'>[]
  /** At most `mostAgents`, by name. */
  agents: FoundAgent[]
  /** Whether the list of jobs has more of them than these. */
  hasMore: boolean
}

export const mostJobs = 8
export const mostAgents = 5
