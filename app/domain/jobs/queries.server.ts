import type { Job } from '~db/schema'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { jsonRows } from '../sql'
import { type LogQuery, logColumns, logPage, turnsOnly } from './log.server'
import type { LogFilter } from './log-filter'
import { labelsOf, namesJoined, type StoredRow, stored, summaryColumns } from './stored.server'
import type {
  AttemptSummary,
  AttemptView,
  JobOrigin,
  JobSummary,
  JobView,
  LogPage,
  LogView,
  Page,
  StatusCounts,
  TurnView,
} from './view'
import { type Stored, untouched, withWaitingFor } from './waiting.server'

export { type JobListQuery, jobsByIds, listJobs, matchingIds } from './list.server'
export type { AttemptSummary, AttemptView, JobSummary, JobView, LogView, Page, StatusCounts }

/** From counters kept by trigger. */
export async function jobCounts(desk: Desk, actor: UserActor, scope: 'own' | 'all'): Promise<StatusCounts> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const counted = await desk.db.all<{ status: JobStatus; count: number }>(
    'SELECT status, count FROM job_counts WHERE ownerId = ?',
    [scope === 'all' ? '*' : actor.id],
  )
  const counts = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as StatusCounts
  for (const { status, count } of counted) counts[status] = count
  return counts
}

const viewColumns = `${summaryColumns}, j.description, j.acceptanceCriteria, j.result, j.timeoutSeconds, j.review,
  j.templateId, j.scheduleId`

/** @throws {NotFound} where it does not exist or the actor may not see it */
export async function findJob(desk: Desk, actor: UserActor, id: string): Promise<JobView> {
  const sql = `SELECT ${viewColumns} FROM jobs j ${namesJoined} WHERE j.id = ?`
  return viewOf(desk, stored(visible(actor, await desk.db.first<StoredRow<JobView>>(sql, [id]))))
}

const maySee = (actor: UserActor, { userId }: { userId: string }) =>
  userId === actor.id || actor.role === 'ADMIN'

function visible<Row extends { userId: string }>(actor: UserActor, row: Row | undefined): Row {
  if (!row || !maySee(actor, row)) throw new NotFound('This job')
  return row
}

/** As JSON text. */
interface Recorded {
  attempts: string
  log: string
  lookedTo: number | null
  turns: string
  newestError: number | null
}

const originColumns = `(SELECT t.name FROM templates t WHERE t.id = j.templateId AND t.deletedAt IS NULL
      AND (t.shared = 1 OR t.ownerId = j.userId)) AS templateName,
    (SELECT s.name FROM schedules s WHERE s.id = j.scheduleId AND s.deletedAt IS NULL) AS scheduleName`

/** All that pages about one job show. */
export interface JobRecord {
  job: JobView
  origin: JobOrigin
  /** Oldest first, at most the newest 200. */
  attempts: AttemptSummary[]
  /** A page of it, newest first. */
  log: LogPage<LogView>
  /** What changed it, oldest first, at most the newest `mostTurns`; the texts are cut. */
  turns: TurnView[]
  /** The number of the newest row that says what went wrong. */
  newestError: number | null
}

export const mostTurns = 200

/** Where a job's log is read from, else from its end, and what it is narrowed to. */
export interface LogAsked {
  cursor: string | null
  filter: LogFilter
}

/**
 * A job with its attempts and log: two statements at the most.
 * @param asked where its log is read from, else the newest rows, and what it is narrowed to
 * @throws {NotFound}
 */
export async function findJobRecord(
  desk: Desk,
  actor: UserActor,
  id: string,
  asked: LogAsked = { cursor: null, filter: {} },
): Promise<JobRecord> {
  const log = logPage({ order: 'newest', ...asked })
  const sql = `SELECT ${viewColumns}, ${originColumns}, ${jsonRows(attemptColumns, attemptsOf)} AS attempts,
      ${jsonRows(logColumns, log.sql)} AS log, ${log.lookedTo} AS lookedTo, ${jsonRows(turnColumns, turnsOf)} AS turns,
      ${newestErrorOf} AS newestError
    FROM jobs j ${namesJoined} WHERE j.id = :id`
  const found = await desk.db.first<StoredRow<JobView> & JobOrigin & Recorded>(sql, { ...log.args, id })
  const {
    attempts,
    log: rows,
    lookedTo,
    turns,
    newestError,
    templateName,
    scheduleName,
    ...row
  } = visible(actor, found)
  return {
    job: await viewOf(desk, stored(row)),
    origin: { templateName, scheduleName },
    attempts: (JSON.parse(attempts) as AttemptSummary[]).reverse(),
    log: log.pageOf(JSON.parse(rows) as LogView[], lookedTo),
    turns: (JSON.parse(turns) as TurnView[]).reverse(),
    newestError,
  }
}

/** A job that is about to be handed in, as its owner will see it. */
export function viewOfNewJob(
  desk: Desk,
  job: Omit<Job, 'no' | 'writeId'>,
  names: { ownerName: string; agentName: string | null },
): Promise<JobView> {
  return viewOf(desk, { ...job, ...labelsOf(job), ...names, ...untouched, lastAgentName: null })
}

async function viewOf(desk: Desk, row: Stored<JobView>): Promise<JobView> {
  const [view] = await withWaitingFor(desk, [row])
  if (!view) throw new Error('unreachable: one row makes one view')
  return view
}

/** The sequence of a job's newest log row: what changes with everything that happens to it. @throws {NotFound} */
export async function lastSeqOfJob(desk: Desk, actor: UserActor, id: string): Promise<number> {
  await assertVisible(desk, actor, id)
  const row = await desk.db.first<{ seq: number }>(
    'SELECT seq FROM job_logs WHERE jobId = ? ORDER BY number DESC LIMIT 1',
    [id],
  )
  return row?.seq ?? 0
}

/** A job's log, by keyset on its number. Names come with it; payloads are JSON text. @throws {NotFound} */
export async function jobLogs(
  desk: Desk,
  actor: UserActor,
  id: string,
  query: LogQuery,
): Promise<LogPage<LogView>> {
  await assertVisible(desk, actor, id)
  const { sql, args, lookedTo, pageOf } = logPage(query)
  const rows = await desk.db.all<LogView>(sql, { ...args, id })
  const { number, most } = args
  const looked =
    most === undefined || rows.length > (query.limit ?? 50)
      ? undefined
      : await desk.db.first<{ lookedTo: number | null }>(`SELECT ${lookedTo} AS lookedTo`, {
          ...{ id, most },
          ...(number !== undefined && { number }),
        })
  return pageOf(rows, looked?.lookedTo ?? null)
}

/** A payload of one row of a job's log: JSON text as it is kept. @throws {NotFound} also where the row has none */
export async function logPayload(
  desk: Desk,
  actor: UserActor,
  id: string,
  number: number,
  part: 'request' | 'response',
): Promise<string> {
  await assertVisible(desk, actor, id)
  const row = await desk.db.first<{ payload: string | null }>(
    `SELECT ${part}Payload AS payload FROM job_logs WHERE jobId = ? AND number = ?`,
    [id, number],
  )
  if (!row?.payload) throw new NotFound('This payload')
  return row.payload
}

/** Every attempt, oldest first, at most the newest 200. @throws {NotFound} */
export async function jobAttempts(desk: Desk, actor: UserActor, id: string): Promise<AttemptView[]> {
  await assertVisible(desk, actor, id)
  const rows = await desk.db.all<AttemptView>(
    `SELECT t.id, t.number, t.agentId, a.name AS agentName, t.outcome, t.result, t.error, t.question, t.answer,
       t.feedback, t.usage, t.startedAt, t.endedAt, t.leaseExpiresAt
     FROM attempts t JOIN agents a ON a.id = t.agentId WHERE t.jobId = ? ORDER BY t.number DESC LIMIT 200`,
    [id],
  )
  return rows.reverse()
}

const attemptColumns = [
  ...([
    'id',
    'number',
    'agentId',
    'agentName',
    'outcome',
    'error',
    'question',
    'answer',
    'feedback',
  ] as const),
  ...(['usage', 'startedAt', 'endedAt', 'leaseExpiresAt'] as const),
] satisfies (keyof AttemptSummary)[]

const turnColumns = [
  ...(['number', 'kind', 'status', 'actorKind', 'actorName', 'agentId', 'attempt', 'message'] as const),
  'createdAt',
] satisfies (keyof TurnView)[]

/** What changed a job `j`, newest first. */
const turnsOf = `SELECT l.number, l.kind, l.status, l.actorKind, coalesce(u.name, a.name) AS actorName, l.agentId,
    l.attempt, substr(l.message, 1, 160) AS message, l.createdAt
  FROM job_logs l
  LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
  LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
  WHERE l.jobId = j.id AND ${turnsOnly('l')} ORDER BY l.number DESC LIMIT ${mostTurns}`

const newestErrorOf = `(SELECT e.number FROM job_logs e
  WHERE e.jobId = j.id AND ${turnsOnly('e')} AND e.kind IN ('fail', 'expire') ORDER BY e.number DESC LIMIT 1)`

/** The attempts of a job `j`, newest first, without the long texts: results may be megabytes, and a page reads this often. */
const attemptsOf = `SELECT t.id, t.number, t.agentId, a.name AS agentName, t.outcome,
    iif(t.number = j.attemptCount, t.error, substr(t.error, 1, 500)) AS error,
    iif(t.number = j.attemptCount, t.question, substr(t.question, 1, 300)) AS question,
    substr(t.answer, 1, 300) AS answer, substr(t.feedback, 1, 300) AS feedback,
    t.usage, t.startedAt, t.endedAt, t.leaseExpiresAt
  FROM attempts t JOIN agents a ON a.id = t.agentId
  WHERE t.jobId = j.id ORDER BY t.number DESC LIMIT 200`

async function assertVisible(desk: Desk, actor: UserActor, id: string) {
  await assertJobsVisible(desk, actor, [id])
}

/** @throws {NotFound} where the actor may not see one of the jobs */
export async function assertJobsVisible(desk: Desk, actor: UserActor, ids: string[]): Promise<void> {
  const seen = await visibleJobs(desk, actor, ids)
  if (ids.some((id) => seen.every((job) => job.id !== id))) throw new NotFound('This job')
}

/** Those of the jobs that are there and that the actor may see, and whose each of them is. */
export async function visibleJobs(
  { db }: Desk,
  actor: UserActor,
  ids: string[],
): Promise<{ id: string; userId: string }[]> {
  if (ids.length === 0) return []
  const jobs = await db.all<{ id: string; userId: string }>(
    'SELECT j.id, j.userId FROM json_each(?) e CROSS JOIN jobs j ON j.id = e.value',
    [JSON.stringify(ids)],
  )
  return jobs.filter((job) => maySee(actor, job))
}
