import { type Desk, newId } from '../desk'
import { Invalid } from '../errors'
import {
  type Answer,
  dropUnusedKey,
  earlierAnswer,
  type IdempotencyKey,
  keepingKey,
  keyArgs,
  keyIsOurs,
} from '../idempotency.server'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { jobDefaults, type NewJobInput } from './input'
import { type JobView, viewOfNewJob } from './queries.server'
import { outcomeSql } from './transition.server'

/** A key for a new job, and what is answered once it is made. */
export interface Idempotency extends IdempotencyKey {
  answer(job: JobView): Answer
}

/** What a job is made from, where it is not typed. */
export interface Origin {
  templateId: string
  scheduleId?: string
  /** What the log says after "Handed in": ` by the schedule …`. */
  words?: string
}

export interface Created {
  /** Null where the answer is a repetition of an earlier one. */
  job: JobView | null
  id: string
  /** What was kept under the key, where one was given. */
  answer?: Answer
}

/**
 * Hands in a job: PENDING, or ASSIGNED where an agent is named.
 *
 * @throws {Invalid} where the agent does not exist or is retired
 * @throws {Conflict} `idempotency_key_reused` where the key came with another body
 */
export async function createJob(
  desk: Desk,
  actor: UserActor,
  input: NewJobInput,
  idempotency?: Idempotency,
  origin?: Origin,
): Promise<Created> {
  const at = desk.now()
  const id = newId(at)
  const [job] = jobsToInsert(actor, [input], at, [id], origin)
  if (!job) throw new Error('unreachable: one input makes one job')
  const agent = job.assignedAgentId
    ? await desk.db.first<{ name: string }>('SELECT name FROM agents WHERE id = ?', [job.assignedAgentId])
    : undefined
  const view = await viewOfNewJob(desk, job, { ownerName: actor.name, agentName: agent?.name ?? null })
  const answer = idempotency?.answer(view)
  const made = await insert(
    desk,
    actor,
    [job],
    at,
    idempotency && answer && keyArgs(idempotency, answer, id, at),
  )
  if (made.length === 1) return { job: view, id, answer }
  const seen = idempotency && (await earlierAnswer(desk, actor, idempotency))
  if (seen) return { job: null, ...seen }
  throw new Invalid({ agentId: ['There is no such agent, or it is retired.'] })
}

/**
 * Many at once: all or none.
 *
 * @param idempotency what is answered are the ids, by a repetition the ones that the first request made
 * @throws {Invalid | Conflict} as createJob
 */
export async function createJobs(
  desk: Desk,
  actor: UserActor,
  inputs: NewJobInput[],
  origin?: Origin,
  idempotency?: IdempotencyKey,
): Promise<string[]> {
  const at = desk.now()
  const ids = inputs.map(() => newId(at))
  const [first] = ids
  if (first === undefined) return []
  const answer = { status: 201, body: JSON.stringify(ids) }
  const key = idempotency && keyArgs(idempotency, answer, first, at)
  const made = await insert(desk, actor, jobsToInsert(actor, inputs, at, ids, origin), at, key)
  if (made.length === inputs.length) return ids
  const seen = idempotency && (await earlierAnswer(desk, actor, idempotency))
  if (seen) return JSON.parse(seen.answer.body) as string[]
  throw new Invalid({ agentId: ['There is no such agent, or it is retired.'] })
}

type NewRow = ReturnType<typeof jobsToInsert>[number]

/** Rows for `jobInsertion`. */
export function jobsToInsert(
  actor: UserActor,
  inputs: NewJobInput[],
  at: number,
  ids: string[],
  origin?: Origin,
) {
  return inputs.map((input, n) => ({
    id: ids[n] as string,
    userId: actor.id,
    name: input.name,
    description: input.description,
    acceptanceCriteria: input.acceptanceCriteria,
    status: input.agentId ? ('ASSIGNED' as const) : ('PENDING' as const),
    result: null,
    priority: input.priority ?? jobDefaults.priority,
    runAfter: input.runAfter ?? null,
    maxAttempts: input.maxAttempts ?? jobDefaults.maxAttempts,
    timeoutSeconds: input.timeoutSeconds ?? null,
    review: input.review ?? jobDefaults.review,
    assignedAgentId: input.agentId ?? null,
    failures: 0,
    attemptCount: 0,
    version: 1,
    completedByAdmin: false,
    archivedAt: null,
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    tags: JSON.stringify(input.tags ?? []),
    metadata: JSON.stringify(input.metadata ?? {}),
    templateId: origin?.templateId ?? null,
    scheduleId: origin?.scheduleId ?? null,
    words: origin?.words ?? '',
    /** JSON text for the log. */
    requestPayload: null as string | null,
  }))
}

async function insert(desk: Desk, actor: UserActor, rows: NewRow[], at: number, key?: Args) {
  const args: Args = {
    ...key,
    rows: jsonArg(rows),
    writeId: newId(at),
    at,
    actorId: actor.id,
  }
  const sqls = [
    ...(key ? keepingKey : []),
    ...jobInsertion(key ? keyIsOurs : 'TRUE'),
    ...(key ? [dropUnusedKey] : []),
  ]
  const unit = { statements: sqls.map((sql) => statement(sql, args)), outcome: statement(outcomeSql, args) }
  return (await desk.db.write(unit)).rows
}

/**
 * The statements that make the jobs of `:rows` (see `jobsToInsert`) with their log, by `:actorId` at `:at` under
 * `:writeId`: part of a unit that may do more. All of the rows that `guard` lets in, or none where an agent is retired.
 *
 * @param guard SQL that may ask for a row's fields as `r.value ->> 'id'`
 */
export const jobInsertion = (guard: string): string[] => [`${insertJobs} AND ${guard}`, insertCreateLogs]

const copied = [
  'id',
  'userId',
  'name',
  'description',
  'acceptanceCriteria',
  'status',
  'priority',
  'runAfter',
  'maxAttempts',
  'timeoutSeconds',
  'review',
  'assignedAgentId',
  'createdAt',
  'updatedAt',
  'tags',
  'metadata',
  'templateId',
  'scheduleId',
] // prettier-ignore
const insertJobs = `INSERT INTO jobs (${copied.join(', ')}, writeId)
  SELECT ${copied.map((column) => `r.value ->> '${column}'`).join(', ')}, :writeId FROM json_each(:rows) r
  WHERE NOT EXISTS (
    SELECT 1 FROM json_each(:rows) n
    WHERE n.value ->> 'assignedAgentId' IS NOT NULL AND NOT EXISTS (
      SELECT 1 FROM agents a WHERE a.id = n.value ->> 'assignedAgentId' AND a.state <> 'RETIRED'))`

const insertCreateLogs = `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, actorId,
    agentId, assignedAgentId, version, failures, runAfter, requestPayload, createdAt)
  SELECT :writeId || '.' || row_number() OVER (), j.id, j.userId, 1, 'create', j.status,
    CASE WHEN j.assignedAgentId IS NULL THEN 'Handed in'
      ELSE 'Handed in for ' || (SELECT a.name FROM agents a WHERE a.id = j.assignedAgentId) END
      || (r.value ->> 'words') || '.',
    'user', :actorId, j.assignedAgentId, j.assignedAgentId, j.version, j.failures, j.runAfter,
    r.value ->> 'requestPayload', :at
  FROM json_each(:rows) r CROSS JOIN jobs j WHERE j.id = r.value ->> 'id' AND j.writeId = :writeId`
