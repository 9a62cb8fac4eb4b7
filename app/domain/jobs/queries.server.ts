import type { Job } from '~db/schema'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { decodeCursor, encodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { labelsOf, namesJoined, type StoredRow, stored, summaryColumns } from './stored.server'
import type { AttemptSummary, AttemptView, JobSummary, JobView, LogView, Page, StatusCounts } from './view'
import { type Stored, untouched, withWaitingFor } from './waiting.server'

export { type JobListQuery, listJobs, matchingIds } from './list.server'
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

/** @throws {NotFound} where it does not exist or the actor may not see it */
export async function findJob(desk: Desk, actor: UserActor, id: string): Promise<JobView> {
  const row = await desk.db.first<StoredRow<JobView>>(
    `SELECT ${summaryColumns}, j.description, j.acceptanceCriteria, j.result, j.timeoutSeconds, j.review
     FROM jobs j ${namesJoined} WHERE j.id = ?`,
    [id],
  )
  if (!row || (row.userId !== actor.id && actor.role !== 'ADMIN')) throw new NotFound('This job')
  return viewOf(desk, stored(row))
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

export interface LogQuery {
  cursor?: string | null
  limit?: number
  /** `oldest` first, as it happened; `newest` first for the tail. */
  order?: 'oldest' | 'newest'
}

/** A job's log, by keyset on its number. Names come with it; payloads are JSON text. @throws {NotFound} */
export async function jobLogs(
  desk: Desk,
  actor: UserActor,
  id: string,
  query: LogQuery,
): Promise<Page<LogView>> {
  await assertVisible(desk, actor, id)
  const limit = query.limit ?? 50
  const list = query.order === 'newest' ? 'log-newest' : 'log'
  const cursor = decodeCursor(list, query.cursor, ['number'])
  const ascending = (query.order !== 'newest') === (cursor?.direction !== 'prev')
  const rows = await desk.db.all<LogView>(
    `SELECT l.seq, l.id, l.number, l.kind, l.status, l.message, l.requestPayload, l.responsePayload, l.actorKind,
       l.actorId, coalesce(u.name, a.name) AS actorName, l.agentId, l.attempt, l.version, l.createdAt
     FROM job_logs l
     LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
     LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
     WHERE l.jobId = ? ${cursor ? `AND l.number ${ascending ? '>' : '<'} ?` : ''}
     ORDER BY l.number ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
    [id, ...(cursor?.key ?? []), limit + 1],
  )
  return pageOf(list, rows, limit, cursor, (log) => [log.number])
}

/** Where a job's log, oldest first, is read on from to get this row first. */
export const cursorBefore = (log: { number: number }) =>
  encodeCursor('log', { key: [log.number - 1], direction: 'next' })

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

/** The same attempts without the long texts: results may be megabytes, and a page reads this often. @throws {NotFound} */
export async function attemptSummaries(desk: Desk, actor: UserActor, id: string): Promise<AttemptSummary[]> {
  await assertVisible(desk, actor, id)
  const rows = await desk.db.all<AttemptSummary>(
    `SELECT t.id, t.number, t.agentId, a.name AS agentName, t.outcome,
       iif(t.number = j.attemptCount, t.error, substr(t.error, 1, 500)) AS error,
       iif(t.number = j.attemptCount, t.question, substr(t.question, 1, 300)) AS question,
       substr(t.answer, 1, 300) AS answer, substr(t.feedback, 1, 300) AS feedback,
       t.usage, t.startedAt, t.endedAt, t.leaseExpiresAt
     FROM attempts t JOIN jobs j ON j.id = t.jobId JOIN agents a ON a.id = t.agentId
     WHERE t.jobId = ? ORDER BY t.number DESC LIMIT 200`,
    [id],
  )
  return rows.reverse()
}

async function assertVisible(desk: Desk, actor: UserActor, id: string) {
  const job = await desk.db.first<{ userId: string }>('SELECT userId FROM jobs WHERE id = ?', [id])
  if (!job || (job.userId !== actor.id && actor.role !== 'ADMIN')) throw new NotFound('This job')
}
