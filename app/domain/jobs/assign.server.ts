import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { assertAgent } from './edit.server'
import { type Moved, transitionOne } from './transition.server'

export interface Assignment {
  agentId: string
  version?: number | null
}

export const assignedName = '(SELECT a.name FROM agents a WHERE a.id = j.assignedAgentId)'

/** Names the agent of a job that is anybody's. @throws {Invalid} unknown or retired agent; {NotFound | Conflict} */
export async function assignJob(desk: Desk, actor: UserActor, id: string, input: Assignment): Promise<Moved> {
  await assertAgent(desk, input.agentId)
  return transitionOne(desk, {
    verb: 'assign',
    id,
    actor,
    version: input.version,
    agent: ':agentId',
    message: `coalesce('Assigned to ' || ${assignedName} || '.', 'Assigned.')`,
    args: { agentId: input.agentId },
  })
}
