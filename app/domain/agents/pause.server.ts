import type { AgentState } from '~db/vocabulary'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import type { Actor } from '../policy'
import { findAgent } from './queries.server'
import { retiredAgent, staleAgent } from './refusals'
import type { AgentView } from './view'

interface Seen {
  /** Must match where given. */
  version?: number | null
}

/** It finishes what runs and starts nothing more. Pausing a paused one is no error. @throws {Conflict} where it is retired or has changed */
export const pauseAgent = (desk: Desk, actor: Actor, id: string, seen: Seen = {}) =>
  setState(desk, actor, id, seen, 'ACTIVE', 'PAUSED', 'agent.pause')

/** It takes work again. @throws {Conflict} where it is retired or has changed */
export const resumeAgent = (desk: Desk, actor: Actor, id: string, seen: Seen = {}) =>
  setState(desk, actor, id, seen, 'PAUSED', 'ACTIVE', 'agent.resume')

async function setState(
  desk: Desk,
  actor: Actor,
  id: string,
  { version }: Seen,
  from: AgentState,
  to: AgentState,
  action: 'agent.pause' | 'agent.resume',
): Promise<AgentView> {
  assertAdmin(actor)
  const changed = await recorded(desk, {
    actor,
    action,
    subject: { kind: 'agent', id },
    change: `UPDATE agents SET state = '${to}', version = version + 1, updatedAt = :at
      WHERE id = :id AND state = '${from}' AND (:version IS NULL OR version = :version)`,
    args: { id, version: version ?? null },
  })
  const agent = await findAgent(desk, id)
  if (changed || agent.state === to) return agent
  throw agent.state === 'RETIRED' ? retiredAgent('it takes no more work') : staleAgent(version, agent.version)
}
