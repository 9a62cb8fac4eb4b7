import { isUniqueViolation } from '~db/errors'
import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Invalid } from '../errors'
import type { Actor } from '../policy'
import { checkedConfig } from './checked-config'
import type { NewAgentInput } from './input'
import { findAgent } from './queries.server'
import type { AgentView } from './view'

export const nameTaken = { name: ['There is an agent of this name already.'] }

/** An agent that takes work at once. @throws {Invalid} on `name` or `config`, {Forbidden} but for admins */
export async function createAgent(desk: Desk, actor: Actor, input: NewAgentInput): Promise<AgentView> {
  assertAdmin(actor)
  const { name, kind, description, concurrency, takesUnassigned } = input
  const config = checkedConfig(kind, input.config)
  const id = newId(desk.now())
  try {
    await recorded(desk, {
      actor,
      action: 'agent.create',
      subject: { kind: 'agent', id },
      detail: { name, kind },
      change: `INSERT INTO agents
          (id, name, description, kind, config, concurrency, takesUnassigned, createdAt, updatedAt)
        VALUES (:id, :name, :description, :kind, :config, :concurrency, :takesUnassigned, :at, :at)`,
      args: { id, name, kind, description, config, concurrency, takesUnassigned: takesUnassigned ? 1 : 0 },
    })
  } catch (error) {
    throw isUniqueViolation(error, 'agents.name') ? new Invalid(nameTaken) : error
  }
  return findAgent(desk, id)
}
