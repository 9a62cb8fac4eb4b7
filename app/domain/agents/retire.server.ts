import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { Actor } from '../policy'
import type { Retirement } from './input'
import { moveJobsOfRetired } from './move-jobs.server'
import { findAgent } from './queries.server'
import { retiredAgent, staleAgent } from './refusals'
import type { AgentView } from './view'

/**
 * It takes no more work, for good: what runs is finished, what waits goes to its successor or, without one, to any
 * agent that takes unassigned jobs.
 *
 * @throws {Invalid} on `successorId`: unknown, retired, or itself
 * @throws {Conflict} where it is retired already or the version does not match; {NotFound | Forbidden}
 */
export async function retireAgent(
  desk: Desk,
  actor: Actor,
  id: string,
  { successorId = null, version }: Retirement,
): Promise<AgentView> {
  assertAdmin(actor)
  const retired = await recorded(desk, {
    actor,
    action: 'agent.retire',
    subject: { kind: 'agent', id },
    detail: { successorId },
    change: `UPDATE agents SET state = 'RETIRED', successorId = :successorId, version = version + 1, updatedAt = :at
      WHERE id = :id AND state <> 'RETIRED' AND (:version IS NULL OR version = :version)
        AND (:successorId IS NULL OR ${isTarget})`,
    args: { id, successorId, version: version ?? null },
  })
  if (!retired) throw await whyNot(desk, id, { successorId, version })
  // it is retired whatever becomes of this: what is left, the dispatcher's next sweep moves
  await moveJobsOfRetired(desk).catch(() => undefined)
  return findAgent(desk, id)
}

const isTarget = `EXISTS (SELECT 1 FROM agents s WHERE s.id = :successorId AND s.id <> :id AND s.state <> 'RETIRED')`

/** Read after the fact: what a person or script is told. @throws {NotFound} */
async function whyNot(desk: Desk, id: string, { successorId, version }: Retirement): Promise<Error> {
  const agent = await findAgent(desk, id)
  if (agent.state === 'RETIRED') return retiredAgent('that can’t be done twice')
  if (successorId && !(await desk.db.first(`SELECT 1 WHERE ${isTarget}`, { id, successorId }))) {
    return new Invalid({ successorId: ['Choose another agent, one that is not retired.'] })
  }
  return staleAgent(version, agent.version)
}
