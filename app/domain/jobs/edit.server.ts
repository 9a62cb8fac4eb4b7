import {
  changedName,
  changedRecord,
  changedSentence,
  changedSet,
  changedText,
  changedTime,
  changedWord,
} from '../changes.server'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { UserActor } from '../policy'
import { type Changed, changeAsRead } from './change.server'
import { type JobChangeInput, jobDefaults } from './input'
import { labelsOf } from './stored.server'
import type { VerbMove } from './transition.server'

/** The fields that an edit can change, as a job has them. */
interface Fields {
  name: string
  description: string
  acceptanceCriteria: string
  priority: number
  runAfter: number | null
  maxAttempts: number
  timeoutSeconds: number | null
  review: string
  tags: string[]
  metadata: Record<string, string>
  agentId: string | null
  agentName: string | null
}

type Stored = Omit<Fields, 'tags' | 'metadata'> & { tags: string; metadata: string }

const columns = `j.name, j.description, j.acceptanceCriteria, j.priority, j.runAfter, j.maxAttempts, j.timeoutSeconds,
  j.review, j.tags, j.metadata, j.assignedAgentId AS agentId,
  (SELECT a.name FROM agents a WHERE a.id = j.assignedAgentId) AS agentName`

/** What null means for a field that is never empty. */
const defaults = { ...jobDefaults, tags: [], metadata: {} }

/** What each field is called, and how its change is told. */
const tellers: { [Field in keyof Omit<Fields, 'agentName'>]: (a: Fields, b: Fields) => string[] } = {
  name: (a, b) => changedName('name', a.name, b.name),
  description: (a, b) => changedText('description', a.description, b.description),
  acceptanceCriteria: (a, b) =>
    changedText('acceptance criteria', a.acceptanceCriteria, b.acceptanceCriteria),
  agentId: (a, b) => (a.agentId === b.agentId ? [] : changedName('agent', a.agentName, b.agentName)),
  priority: (a, b) => changedWord('priority', a.priority, b.priority),
  runAfter: (a, b) => changedTime('start time', a.runAfter, b.runAfter),
  maxAttempts: (a, b) => changedWord('number of attempts', a.maxAttempts, b.maxAttempts),
  timeoutSeconds: (a, b) => changedWord('time limit in seconds', a.timeoutSeconds, b.timeoutSeconds),
  review: (a, b) => changedWord('review', a.review, b.review),
  tags: (a, b) => changedSet('tags', a.tags, b.tags),
  metadata: (a, b) => changedRecord('metadata', a.metadata, b.metadata),
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
  { version, ...input }: JobChangeInput,
): Promise<Changed> {
  return changeAsRead<Stored>(desk, { actor, id, verb: 'edit', version }, columns, async (stored) => {
    const before: Fields = { ...stored, ...labelsOf(stored) }
    const agent = input.agentId ? await assertAgent(desk, input.agentId) : null
    return editMove(before, afterEdit(before, input, agent), input)
  })
}

function afterEdit(before: Fields, input: JobChangeInput, agent: { name: string } | null): Fields {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  const after = { ...before, ...Object.fromEntries(given) } as {
    [Field in keyof Fields]: Fields[Field] | null
  }
  return {
    ...(after as Fields),
    priority: after.priority ?? defaults.priority,
    maxAttempts: after.maxAttempts ?? defaults.maxAttempts,
    review: after.review ?? defaults.review,
    tags: after.tags ?? defaults.tags,
    metadata: after.metadata ?? defaults.metadata,
    agentName: input.agentId === undefined ? before.agentName : (agent?.name ?? null),
  }
}

/** Null if nothing differs. */
function editMove(before: Fields, after: Fields, input: Omit<JobChangeInput, 'version'>): VerbMove | null {
  const fields = (Object.keys(tellers) as (keyof typeof tellers)[]).map((field) => ({
    field,
    changes: tellers[field](before, after),
  }))
  const changed = fields.filter(({ changes }) => changes.length > 0)
  if (changed.length === 0) return null
  const changes = changed.flatMap((each) => each.changes)
  const columnsChanged = changed.map(({ field }) => field).filter((field) => field !== 'agentId')
  const namesAgent = changed.some(({ field }) => field === 'agentId')
  return {
    verb: 'edit',
    set: Object.fromEntries(columnsChanged.map((field) => [field, `:${field}`])),
    agent: namesAgent ? ':agentId' : undefined,
    // an agent that is retired meanwhile would not get it
    guard: namesAgent && after.agentId ? agentIsThere : undefined,
    saysWhoMay: namesAgent,
    message: ':text',
    audit: { changed: 'json(:changes)' },
    requestPayload: JSON.stringify(input),
    args: {
      ...Object.fromEntries(columnsChanged.map((field) => [field, storedValue(after[field])])),
      ...(namesAgent && { agentId: after.agentId }),
      changes: JSON.stringify(changes),
      text: changedSentence(changes),
    },
  }
}

const storedValue = (value: Fields[keyof Fields]) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : value

const agentIsThere = "EXISTS (SELECT 1 FROM agents a WHERE a.id = :agentId AND a.state <> 'RETIRED')"

/** @throws {Invalid} where the agent does not exist or is retired */
export async function assertAgent(desk: Desk, agentId: string): Promise<{ name: string }> {
  const agent = await desk.db.first<{ name: string }>(
    "SELECT name FROM agents WHERE id = ? AND state <> 'RETIRED'",
    [agentId],
  )
  if (!agent) throw new Invalid({ agentId: ['There is no such agent, or it is retired.'] })
  return agent
}
