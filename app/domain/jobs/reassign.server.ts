import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Assignment, assignedName } from './assign.server'
import { assertAgent } from './edit.server'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/**
 * An admin gives any open job to another agent, or afresh to the same one; a running attempt loses its lease, and a
 * late result of it never lands on the job. Failures still count. @throws {Invalid} unknown or retired agent; {NotFound | Forbidden | Conflict}
 */
export async function reassignJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: Assignment,
): Promise<Moved> {
  await assertAgent(desk, input.agentId)
  return transitionOne(desk, { ...reassignMove(input.agentId), id, actor, version: input.version })
}

export const reassignMove = (agentId: string): VerbMove => ({
  verb: 'reassign',
  agent: ':agentId',
  set: { runAfter: 'NULL', result: 'NULL' },
  attempt: {
    outcome: 'REPLACED',
    set: {
      error: `CASE WHEN agentId = :agentId THEN 'An admin had the job started afresh.'
        ELSE 'The job was given to another agent.' END`,
    },
  },
  message: `coalesce('Reassigned to ' || ${assignedName} || '.', 'Reassigned.')`,
  audit: { agentId: 'j.assignedAgentId', agent: assignedName },
  args: { agentId },
})
