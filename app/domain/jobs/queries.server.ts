import type { Job } from '~db/schema'
import { type JobStatus, jobStatuses } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { sizeOf, withLongColumns } from '../long-columns.server'
import type { UserActor } from '../policy'
import { jsonRows, statement } from '../sql'
import {
  attemptColumns,
  attemptPage,
  attemptsOf,
  mostAttempts,
  readAttempts,
  triedBy,
} from './attempts.server'
import { type BegunRow, type LogQuery, logBeginnings, logColumns, logPage, readBegun } from './log.server'
import type { LogFilter } from './log-filter'
import { type Progress, progressOf } from './progress'
import { inlineResult, shownResult } from './results.server'
import { labelsOf, namesJoined, type StoredRow, stored, summaryColumns } from './stored.server'
import {
  lifeOf,
  newestErrorOf,
  progressOfLive,
  readLife,
  readTurns,
  turnColumns,
  turnsOf,
} from './turns.server'
import type {
  AttemptSummary,
  AttemptView,
  JobOrigin,
  JobSummary,
  JobView,
  LifeTurn,
  LogPage,
  LogView,
  Page,
  PayloadBeginning,
  StatusCounts,
  TurnView,
} from './view'
import { assertVisible, visible } from './visible.server'
import { type Stored, untouched, withWaitingFor } from './waiting.server'

export { jobAttempts } from './attempts.server'
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

const viewColumns = (
  result: string,
) => `${summaryColumns}, j.description, j.acceptanceCriteria, ${result}, j.timeoutSeconds, j.review,
  j.templateId, j.scheduleId`

/** A job, with its result where that is short. @throws {NotFound} where it does not exist or the actor may not see it */
export async function findJob(desk: Desk, actor: UserActor, id: string): Promise<JobView> {
  const sql = `SELECT ${viewColumns(inlineResult('j'))} FROM jobs j ${namesJoined} WHERE j.id = ?`
  return viewOf(desk, stored(visible(actor, await desk.db.first<StoredRow<JobView>>(sql, [id]))))
}

/** As JSON text. */
interface Recorded {
  attempts: string
  asked: string | null
  agents: string
  log: string
  lookedTo: number | null
  turns: string
  life: string
  newestError: number | null
  progress: string | null
  resultTail: string | null
}

const originColumns = `(SELECT t.name FROM templates t WHERE t.id = j.templateId AND t.deletedAt IS NULL
      AND (t.shared = 1 OR t.ownerId = j.userId)) AS templateName,
    (SELECT s.name FROM schedules s WHERE s.id = j.scheduleId AND s.deletedAt IS NULL) AS scheduleName`

/** All that pages about one job show. */
export interface JobRecord {
  /** Of a long result it has the beginning. */
  job: JobView
  /** The end of a long result. */
  resultTail: string | null
  origin: JobOrigin
  /** Oldest first, at most the newest 20. */
  attempts: AttemptSummary[]
  /** The page of them that is asked for, newest first. */
  attemptPage: Page<AttemptSummary>
  /** Who tried it: names by id. */
  agents: Record<string, string>
  /** A page of it, newest first. Of payloads it has the beginnings. */
  log: LogPage<LogView<PayloadBeginning>>
  /** What changed it, oldest first, at most the newest 50; the texts are cut. */
  turns: TurnView[]
  /** The same in few words, at most the newest 5,000. */
  life: LifeTurn[]
  /** The number of the newest row that says what went wrong. */
  newestError: number | null
  /** How far its agent says it is; null where none is at it or says so. */
  progress: Progress | null
}

/** Where a job's log and attempts are read from, else from their ends, and what the log is narrowed to. */
export interface LogAsked {
  cursor: string | null
  filter: LogFilter
  /** A cursor of the attempts, newest first. */
  attempts?: string | null
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
  const { cursor, filter } = asked
  const log = logPage({ order: 'newest', cursor, filter })
  const tries = attemptPage({ order: 'newest', cursor: asked.attempts, limit: mostAttempts })
  const newest = `ORDER BY t.number DESC LIMIT ${mostAttempts + 1}`
  const tried = (which: string) => jsonRows(attemptColumns, attemptsOf(which))
  const sql = `SELECT ${viewColumns(shownResult)}, ${originColumns}, ${tried(newest)} AS attempts,
      ${asked.attempts ? tried(tries.sql) : 'NULL'} AS asked, ${triedBy} AS agents,
      ${logBeginnings(log.sql)} AS log, ${log.lookedTo} AS lookedTo, ${jsonRows(turnColumns, turnsOf)} AS turns,
      ${lifeOf} AS life, ${newestErrorOf} AS newestError, ${progressOfLive} AS progress
    FROM jobs j ${namesJoined} WHERE j.id = :id`
  const found = await desk.db.first<StoredRow<JobView> & JobOrigin & Recorded>(sql, {
    ...log.args,
    ...(asked.attempts && tries.args),
    id,
  })
  const { templateName, scheduleName, newestError, resultTail, ...read } = visible(actor, found)
  const { attempts, asked: older, agents, log: rows, lookedTo, turns, life, progress, ...row } = read
  const newestAttempts = readAttempts(attempts, row.attemptCount)
  const said = JSON.parse(progress ?? 'null') as Parameters<typeof progressOf>[0] | null
  return {
    job: await viewOf(desk, stored(row)),
    resultTail,
    origin: { templateName, scheduleName },
    attempts: newestAttempts.slice(0, mostAttempts).reverse(),
    attemptPage: tries.pageOf(older ? readAttempts(older, row.attemptCount) : newestAttempts),
    agents: JSON.parse(agents) as Record<string, string>,
    log: log.pageOf((JSON.parse(rows) as BegunRow[]).map(readBegun), lookedTo),
    turns: readTurns(turns),
    life: readLife(life),
    newestError,
    progress: said && progressOf(said),
  }
}

/** A job that is about to be handed in, as its owner will see it. */
export function viewOfNewJob(
  desk: Desk,
  job: Omit<Job, 'no' | 'writeId'>,
  names: { ownerName: string; agentName: string | null },
): Promise<JobView> {
  return viewOf(desk, {
    ...{ ...job, ...labelsOf(job), ...names, ...untouched },
    ...{ lastAgentName: null, resultBytes: null },
  })
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
  const rows = await desk.db.all<Omit<LogView, keyof LongColumns> & { number: number; bytes: number }>(
    `SELECT ${logColumns.filter((name) => !isLong(name)).join(', ')}, ${sizeOf(...longColumns)} AS bytes FROM (${sql})`,
    { ...args, id },
  )
  const isBounded = args.most !== undefined && rows.length <= (query.limit ?? 50)
  const { sql: bound, args: boundArgs } = statement(`SELECT ${lookedTo} AS lookedTo`, { ...args, id })
  const looked = isBounded ? await desk.db.first<{ lookedTo: number | null }>(bound, boundArgs) : undefined
  const page = pageOf(rows, looked?.lookedTo ?? null)
  const whole = await withLongColumns<LongColumns, (typeof rows)[number], 'number'>(
    desk,
    page.rows,
    'number',
    `SELECT number, ${longColumns.join(', ')} FROM job_logs
     WHERE jobId = :id AND number IN (SELECT value FROM json_each(:keys))`,
    { id },
  )
  return { ...page, rows: whole }
}

const longColumns = ['message', 'requestPayload', 'responsePayload'] as const
type LongColumns = Pick<LogView, 'number' | (typeof longColumns)[number]>
const isLong = (column: string) => longColumns.some((each) => each === column)

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
