import type { CallAgent } from '~/domain/agents/test.server'
import { adapters } from './adapters'

/** Calls an agent for a test, by its kind's adapter. */
export const callAgent: CallAgent = (kind, config, signal) => adapters[kind].test(config, signal)
