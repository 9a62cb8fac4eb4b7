import type { AgentState } from '~db/vocabulary'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { Actor } from '../policy'
import { findAgent } from './queries.server'
import type { AgentView } from './view'

/** It finishes what runs and starts nothing more. Pausing a paused one is no error. @throws {Conflict} where it is retired */
export const pauseAgent = (desk: Desk, actor: Actor, id: string) =>
  setState(desk, actor, id, 'ACTIVE', 'PAUSED', 'agent.pause')

/** It takes work again. @throws {Conflict} where it is retired */
export const resumeAgent = (desk: Desk, actor: Actor, id: string) =>
  setState(desk, actor, id, 'PAUSED', 'ACTIVE', 'agent.resume')

async function setState(
  desk: Desk,
  actor: Actor,
  id: string,
  from: AgentState,
  to: AgentState,
  action: string,
): Promise<AgentView> {
  assertAdmin(actor)
  await recorded(desk, {
    actor,
    action,
    subject: { kind: 'agent', id },
    change: `UPDATE agents SET state = '${to}', version = version + 1, updatedAt = :at
      WHERE id = :id AND state = '${from}'`,
    args: { id },
  })
  const agent = await findAgent(desk, id)
  if (agent.state !== to) throw new Conflict('This agent is retired: it takes no more work.', 'wrong_status')
  return agent
}
