import type { AgentKind } from '~db/vocabulary'
import type { AgentAdapter } from './adapter'
import { command } from './command'
import { openai } from './openai'
import { toolbox } from './toolbox'

/** How Docket talks to each kind of agent. */
export const adapters: Record<AgentKind, AgentAdapter> = { toolbox, command, openai }
