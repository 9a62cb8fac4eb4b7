import {
  type ActorKind,
  type AttemptOutcome,
  type JobStatus,
  type JobVerb,
  jobStatuses,
} from '~db/vocabulary'
import type { Statement } from '~db/write-queue.server'
import { type Desk, newId, writeTo } from '../desk'
import { lookup } from '../lookup'
import { type Actor, partyOf } from '../policy'
import { type Args, statement } from '../sql'
import { explainRefusal } from './explain-refusal.server'
import { logTime } from './log-time'
import { closedStatuses, isOpen, isRestoredExactly, statusesFor, transitions } from './status'
import { stateBefore } from './turns.server'

/** What a transition left, one row a job that it changed. */
export interface Moved {
  id: string
  status: JobStatus
  version: number
  /** The log row's global sequence. */
  seq: number
  attempt: number | null
}

/**
 * One verb on any number of jobs. SQL fragments speak of the table `jobs` in `set` and `guard`, of its changed
 * row `j` in `message`; `args` are the named arguments of all of them.
 */
export interface Move {
  verb: Exclude<JobVerb, 'create'>
  ids: string[]
  actor: Actor
  /** Must match where given. */
  version?: number | null
  guard?: string
  /** Further assignments by column. */
  set?: Record<string, string>
  /** Who it is for afterwards, where the verb's target is a queue. Default: as before. */
  agent?: string
  /** Whether it may be tried again, where the verb's target is `retry`. */
  retriable?: string
  /** SQL of the log row's text. */
  message: string
  /** The message itself says why nobody is named any more; else a note is added where its agent is retired. */
  saysWhoMay?: boolean
  requestPayload?: string | null
  responsePayload?: string | null
  /** How the live attempt ends, where the verb ends it, and what it leaves (by column). */
  attempt?: { outcome: AttemptOutcome; set?: Record<string, string> }
  /** What else an admin's audit row keeps, SQL by name. Never a secret. */
  audit?: Record<string, string>
  /** Statements before the change of the jobs: they see the jobs as they were. */
  before?: string[]
  /** Statements between the change of the jobs and their log rows; `changedJobs` selects the ids. */
  also?: (changedJobs: string) => string[]
  /** The same after their log rows. */
  afterwards?: (changedJobs: string) => string[]
  args?: Args
}

/** What a verb does to each job, whoever does it and to however many. */
export type VerbMove = Omit<Move, 'ids' | 'actor' | 'version'>

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')
const assignments = (set: Record<string, string>) =>
  Object.entries(set).map(([column, value]) => `${column} = ${value}`)

/**
 * The only writer of jobs.status. Guard, change, attempt and log row are one write batch: the UPDATE stamps
 * `writeId` under its guard, everything after it looks for that stamp.
 *
 * @returns the jobs that changed; one that is missing lost the race or the right to it: ask `explainRefusal`
 */
export async function transition(desk: Desk, move: Move): Promise<Moved[]> {
  const { unit } = transitionUnit(desk.now(), move)
  const { rows } = await writeTo(desk, unit)
  return rows.map((row) => ({
    id: row.id as string,
    status: row.status as JobStatus,
    version: row.version as number,
    seq: row.seq as number,
    attempt: row.attempt as number | null,
  }))
}

/** The same for one job. @throws {NotFound | Forbidden | Conflict} why it was refused */
export async function transitionOne(desk: Desk, move: Omit<Move, 'ids'> & { id: string }): Promise<Moved> {
  const { id, ...rest } = move
  const [moved] = await transition(desk, { ...rest, ids: [id] })
  if (!moved) throw await explainRefusal(desk, move.actor, move.verb, id, move.version)
  return moved
}

/** The write of a transition. Its `args` have what another outcome may ask for: `:writeId`, `:ids` and the move's own. */
export function transitionUnit(
  at: number,
  move: Move,
): { unit: { statements: Statement[]; outcome: Statement }; args: Args } {
  const { actor, verb } = move
  const writeId = newId(at)
  const args: Args = {
    ...move.args,
    ids: JSON.stringify(move.ids),
    writeId,
    at,
    verb,
    version: move.version ?? null,
    actorKind: actor.kind satisfies ActorKind,
    actorId: actor.kind === 'system' ? null : actor.id,
    address: (actor.kind === 'user' ? actor.address : null) ?? null,
    request: move.requestPayload ?? null,
    response: move.responsePayload ?? null,
  }
  const changedJobs =
    'SELECT j.id FROM jobs j WHERE j.id IN (SELECT value FROM json_each(:ids)) AND j.writeId = :writeId'
  const sqls = [...(move.before ?? []), updateJobs(move)]
  if (transitions[verb].endsAttempt && move.attempt) {
    const endedAt = `(SELECT max(attempts.startedAt, j.updatedAt) FROM jobs j WHERE j.id = attempts.jobId)`
    const set = { endedAt, outcome: `'${move.attempt.outcome}'`, ...move.attempt.set }
    sqls.push(
      `UPDATE attempts SET ${assignments(set).join(', ')} WHERE endedAt IS NULL AND jobId IN (${changedJobs})`,
    )
  }
  sqls.push(...(move.also?.(changedJobs) ?? []), insertLogs(move))
  if (actor.kind === 'user' && actor.role === 'ADMIN') sqls.push(insertAudits(move))
  sqls.push(...(move.afterwards?.(changedJobs) ?? []))
  const unit = {
    statements: sqls.map((sql) => statement(sql, args)),
    outcome: statement(outcomeSql, args),
  }
  return { unit, args }
}

/** When it happens: not before what happened to the job last, also where the wall clock was set back since. */
const moment = `max(updatedAt, ${logTime(':at', 'jobs.id')})`

function updateJobs(move: Move): string {
  const { actor, verb } = move
  const party = partyOf(actor, { userId: actor.kind === 'user' ? actor.id : '' })
  const from = party === 'stranger' ? [] : statusesFor(verb, party)
  const wanted = move.agent ?? 'assignedAgentId'
  // an agent that is retired takes nothing more
  const taker = `(SELECT a.id FROM agents a WHERE a.id = ${wanted} AND a.state <> 'RETIRED')`
  const queue = `CASE WHEN ${taker} IS NULL THEN 'PENDING' ELSE 'ASSIGNED' END`
  const retriable = move.retriable ?? '0'
  const targets: Record<string, { status: string; agent?: string }> = {
    queue: { status: queue, agent: taker },
    retry: {
      status: `CASE WHEN ${retriable} THEN ${queue} ELSE 'FAILED' END`,
      agent: `CASE WHEN ${retriable} THEN ${taker} ELSE assignedAgentId END`,
    },
    review: { status: "CASE WHEN review = 'none' THEN 'COMPLETED' ELSE 'IN_REVIEW' END" },
    same: { status: 'status' },
    restore: {
      status: `CASE WHEN ${restoresExactly} THEN ${stateBefore('status')} ELSE ${queue} END`,
      agent: `CASE WHEN ${restoresExactly} THEN ${wanted} ELSE ${taker} END`,
    },
  }
  const { to } = transitions[verb]
  const target = lookup(targets, to) ?? { status: `'${to}'` }
  const set: Record<string, string> = {
    writeId: ':writeId',
    version: 'version + 1',
    updatedAt: moment,
    status: target.status,
    ...(target.agent ? { assignedAgentId: target.agent } : {}),
    ...(to === 'same'
      ? {}
      : { closedAt: `CASE WHEN ${target.status} IN (${quoted(closedStatuses)}) THEN ${moment} END` }),
    ...move.set,
  }
  const guards = [
    'id IN (SELECT value FROM json_each(:ids))',
    `status IN (${quoted(from)})`,
    ...(party === 'owner' ? ['userId = :actorId'] : []),
    ...(move.version == null ? [] : ['version = :version']),
    ...(from.some((status) => !isOpen(status)) ? [isNotPurged] : []),
    ...(move.guard ? [move.guard] : []),
  ]
  return `UPDATE jobs SET ${assignments(set).join(', ')} WHERE ${guards.join(' AND ')}`
}

/** A job that is being purged is not changed any more. */
const isNotPurged = 'NOT EXISTS (SELECT 1 FROM job_purges p WHERE p.jobId = jobs.id)'

const restoresExactly = `${stateBefore('status')} IN (${quoted(jobStatuses.filter(isRestoredExactly))})`

/** So a person sees why a job that named an agent is anybody's now. */
const retiredNote = `CASE WHEN j.assignedAgentId IS NULL AND
  (SELECT l.assignedAgentId FROM job_logs l WHERE l.jobId = j.id ORDER BY l.number DESC LIMIT 1) IS NOT NULL
  THEN ' Its agent is retired, so any agent that takes unassigned jobs may do it.' ELSE '' END`

function insertLogs({ verb, message, saysWhoMay = false }: Move): string {
  const concernsAttempt =
    verb === 'claim' || verb === 'accept' || verb === 'sendBack' || transitions[verb].endsAttempt
  const attemptAgent = '(SELECT t.agentId FROM attempts t WHERE t.jobId = j.id AND t.number = j.attemptCount)'
  const leadsToQueue = ['queue', 'retry', 'restore'].includes(transitions[verb].to)
  const text = leadsToQueue && !saysWhoMay ? `${message} || ${retiredNote}` : message
  return `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, requestPayload,
      responsePayload, actorKind, actorId, agentId, attempt, assignedAgentId, version, failures, runAfter, createdAt)
    SELECT :writeId || '.' || row_number() OVER (), j.id, j.userId,
      1 + coalesce((SELECT max(l.number) FROM job_logs l WHERE l.jobId = j.id), 0), :verb, j.status, ${text},
      :request, :response, :actorKind, :actorId,
      ${concernsAttempt ? `coalesce(${attemptAgent}, j.assignedAgentId)` : 'j.assignedAgentId'},
      ${concernsAttempt ? 'nullif(j.attemptCount, 0)' : 'NULL'},
      j.assignedAgentId, j.version, j.failures, j.runAfter, j.updatedAt
    FROM jobs j WHERE j.id IN (SELECT value FROM json_each(:ids)) AND j.writeId = :writeId`
}

/** What an admin does as an admin: to somebody else's job, or what no owner may do from the status it was in. */
function insertAudits({ verb, audit = {} }: Move): string {
  const before = `(SELECT l.status FROM job_logs l WHERE l.jobId = j.id
    AND l.number = (SELECT max(n.number) - 1 FROM job_logs n WHERE n.jobId = j.id))`
  const detail = {
    name: 'j.name',
    version: 'j.version',
    statusBefore: before,
    statusAfter: 'j.status',
    ...audit,
  }
  const pairs = Object.entries(detail).map(([key, value]) => `'${key}', ${value}`)
  return `INSERT INTO audit (id, at, actorKind, actorId, action, subjectKind, subjectId, detail, address)
    SELECT :writeId || '.' || row_number() OVER (), :at, :actorKind, :actorId, 'job.' || :verb, 'job', j.id,
      json_object(${pairs.join(', ')}), :address
    FROM jobs j WHERE j.id IN (SELECT value FROM json_each(:ids)) AND j.writeId = :writeId
      AND (j.userId <> :actorId OR ${before} NOT IN (${quoted(statusesFor(verb, 'owner'))}))`
}

/** `.` and the character after it bound the ids that start with the write's id and a dot. */
export const outcomeSql = `SELECT l.jobId AS id, l.status, l.version, l.seq, l.attempt FROM job_logs l
  WHERE l.id > :writeId || '.' AND l.id < :writeId || '/'`
