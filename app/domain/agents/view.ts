import type { AgentKind, AgentState } from '~db/vocabulary'

/** An agent as admins see it. */
export interface AgentView {
  id: string
  name: string
  description: string
  kind: AgentKind
  /** Validated by the kind's schema. */
  config: unknown
  state: AgentState
  concurrency: number
  takesUnassigned: boolean
  version: number
  /** How many of its attempts run now. */
  running: number
  lastSeenAt: number | null
  createdAt: number
  updatedAt: number
}

/** An agent as everyone may see it: enough to choose one. */
export interface AgentChoice {
  id: string
  name: string
  description: string
  kind: AgentKind
  state: AgentState
  takesUnassigned: boolean
  running: number
  concurrency: number
}
