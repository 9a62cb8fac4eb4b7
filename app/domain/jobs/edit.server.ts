import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { lookup } from '../lookup'
import type { UserActor } from '../policy'
import type { Args } from '../sql'
import { type JobChangeInput, jobDefaults } from './input'
import { type Moved, transitionOne } from './transition.server'

/** What null means for a field that is never empty. */
const defaults: Partial<Record<string, string | number>> = { ...jobDefaults, tags: '[]', metadata: '{}' }

const labels: Record<string, string> = {
  name: 'name',
  description: 'description',
  acceptanceCriteria: 'acceptance criteria',
  priority: 'priority',
  runAfter: 'start time',
  maxAttempts: 'number of attempts',
  timeoutSeconds: 'time limit',
  review: 'review',
  agentId: 'agent',
  tags: 'tags',
  metadata: 'metadata',
}

/**
 * Changes what is given; naming or clearing the agent moves the job between ASSIGNED and PENDING.
 *
 * @throws {Invalid} where the agent does not exist or is retired
 * @throws {NotFound | Conflict}
 */
export async function editJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: JobChangeInput,
): Promise<Moved> {
  const { version, agentId, ...rest } = input
  if (agentId) await assertAgent(desk, agentId)
  const set: Record<string, string> = {}
  const args: Args = {}
  for (const [field, value] of Object.entries(rest)) {
    if (value === undefined) continue
    set[field] = `:${field}`
    args[field] =
      typeof value === 'object' && value !== null
        ? JSON.stringify(value)
        : (value ?? lookup(defaults, field) ?? null)
  }
  if (agentId !== undefined) args.agentId = agentId
  const changed = Object.entries(input).filter(([field, value]) => field !== 'version' && value !== undefined)
  const words = changed.map(([field]) => lookup(labels, field) ?? field)
  return transitionOne(desk, {
    verb: 'edit',
    id,
    actor,
    version,
    set,
    agent: agentId === undefined ? undefined : ':agentId',
    message: ':text',
    requestPayload: JSON.stringify({ ...rest, ...(agentId === undefined ? {} : { agentId }) }),
    args: { ...args, text: words.length > 0 ? `Changed ${words.join(', ')}.` : 'Saved without a change.' },
  })
}

/** @throws {Invalid} where the agent does not exist or is retired */
export async function assertAgent(desk: Desk, agentId: string) {
  const agent = await desk.db.first("SELECT 1 FROM agents WHERE id = ? AND state <> 'RETIRED'", [agentId])
  if (!agent) throw new Invalid({ agentId: ['There is no such agent, or it is retired.'] })
}
