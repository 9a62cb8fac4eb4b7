import type { InValue } from '@libsql/client'
import type { ListScope } from '~db/vocabulary'
import { type Cursor, decodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { Page } from '../jobs/view'
import { sizeOf, withLongColumns } from '../long-columns.server'
import type { UserActor } from '../policy'
import { dueAfter } from './cron'
import { cronWords } from './cron-words'
import { failureColumn, isFailing, readFailure } from './failing.server'
import { valuesById } from './run.server'
import { type RunView, type ScheduleDetailView, type ScheduleView, shownNextRuns } from './view'
import { type ZonedTime, zonedTime } from './zoned'

const runColumns = `'dueAt', r.dueAt, 'outcome', r.outcome, 'note', r.note, 'at', r.at,
  'job', json(CASE WHEN j.id IS NOT NULL THEN json_object('id', j.id, 'name', j.name, 'status', j.status) END)`
const lastRun = `(SELECT json_object(${runColumns}) FROM schedule_runs r LEFT JOIN jobs j ON j.id = r.jobId
  WHERE r.scheduleId = s.id ORDER BY r.dueAt DESC LIMIT 1) AS lastRun`
const columns = `s.id, s.ownerId, u.name AS ownerName, s.name, s.templateId, t.name AS templateName,
  s.cron, s.timeZone, s.catchUp, s.state, s.nextAt, s.lastAt, s.problem, ${failureColumn} AS failure, ${lastRun}, s.version, s.createdAt, s.updatedAt`
/** What a template of somebody else's is called is nobody's business once it is no longer shared. */
const joins = `JOIN users u ON u.id = s.ownerId
  LEFT JOIN templates t ON t.id = s.templateId AND t.deletedAt IS NULL 
    AND (t.shared = 1 OR t.ownerId = s.ownerId OR u.role = 'ADMIN')`

type Stored = Omit<ScheduleView, 'values' | 'words' | 'failure' | 'lastRun'> & {
  values: string
  failure: string | null
  lastRun: string | null
}

type Long = Pick<Stored, 'id' | 'values'>
type Light = Omit<Stored, 'values'> & { bytes: number }

const viewOf = ({ values, failure, lastRun, ...row }: Stored): ScheduleView => ({
  ...row,
  values: JSON.parse(values) as Record<string, string>,
  words: cronWords(row.cron),
  failure: readFailure(failure),
  lastRun: lastRun === null ? null : (JSON.parse(lastRun) as RunView),
})

export interface SchedulesQuery {
  /** `all`: everyone's, for admins. */
  scope?: ListScope
  /** Only those that are failing. */
  failing?: boolean
  cursor?: string | null
  /** 1 to 100; 25 unless given. */
  limit?: number
}

const lists = {
  own: {
    every: { list: 'schedules', index: 'schedules_owner' },
    failing: { list: 'failing-schedules', index: 'schedules_failing_owner' },
  },
  all: {
    every: { list: 'all-schedules', index: 'schedules_all' },
    failing: { list: 'all-failing-schedules', index: 'schedules_failing' },
  },
} as const

/** Newest first, by keyset. @throws {NotFound} for everyone's but to admins, {Invalid} on a foreign cursor */
export async function listSchedules(
  desk: Desk,
  actor: UserActor,
  { scope = 'own', failing = false, limit = 25, ...query }: SchedulesQuery = {},
): Promise<Page<ScheduleView>> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound('This list')
  const { list, index } = lists[scope][failing ? 'failing' : 'every']
  const cursor = decodeCursor(list, query.cursor, ['number', 'string'])
  const { where, args } = keysetOf(cursor)
  const order = cursor?.direction === 'prev' ? 'ASC' : 'DESC'
  const read = await desk.db.all<Light>(
    `SELECT ${columns}, ${sizeOf('s."values"')} AS bytes FROM schedules s INDEXED BY ${index} ${joins}
     WHERE ${failing ? isFailing('s') : 's.deletedAt IS NULL'}${scope === 'own' ? ' AND s.ownerId = ?' : ''}${where}
     ORDER BY s.createdAt ${order}, s.id ${order} LIMIT ?`,
    [...(scope === 'own' ? [actor.id] : []), ...args, limit + 1],
  )
  const page = pageOf(list, read, limit, cursor, (row) => [row.createdAt, row.id])
  const rows = await withLongColumns<Long, Light, 'id'>(desk, page.rows, 'id', valuesById)
  return { ...page, rows: rows.map(viewOf) }
}

function keysetOf(cursor: Cursor | null): { where: string; args: InValue[] } {
  if (!cursor) return { where: '', args: [] }
  const than = cursor.direction === 'prev' ? '>' : '<'
  return { where: ` AND (s.createdAt, s.id) ${than} (?, ?)`, args: cursor.key }
}

/** One's own; an admin's are all. @throws {NotFound} */
export async function findSchedule(desk: Desk, actor: UserActor, id: string): Promise<ScheduleView> {
  const row = await desk.db.first<Stored>(
    `SELECT ${columns}, s."values" FROM schedules s ${joins} WHERE s.id = ? AND s.deletedAt IS NULL`,
    [id],
  )
  if (!row || (row.ownerId !== actor.id && actor.role !== 'ADMIN')) throw new NotFound('This schedule')
  return viewOf(row)
}

/** With its next runs and its last ones. @throws {NotFound} */
export async function findScheduleDetail(
  desk: Desk,
  actor: UserActor,
  id: string,
): Promise<ScheduleDetailView> {
  const [schedule, runs] = await Promise.all([findSchedule(desk, actor, id), runsOf(desk, id)])
  return {
    ...schedule,
    nextRuns: schedule.nextAt === null ? [] : nextRuns(schedule, schedule.nextAt - 1),
    runs: runs.map((run) => ({ ...run, due: zonedTime(run.dueAt, schedule.timeZone) })),
  }
}

async function runsOf(desk: Desk, id: string): Promise<RunView[]> {
  const rows = await desk.db.all<{ run: string }>(
    `SELECT json_object(${runColumns}) AS run FROM schedule_runs r LEFT JOIN jobs j ON j.id = r.jobId
     WHERE r.scheduleId = ? ORDER BY r.dueAt DESC LIMIT 20`,
    [id],
  )
  return rows.map(({ run }) => JSON.parse(run) as RunView)
}

/** The next five due times after a moment. @throws {Error} where the expression or the zone is none */
export const nextRuns = (timing: { cron: string; timeZone: string }, after: number): ZonedTime[] =>
  dueAfter(timing.cron, timing.timeZone, after, shownNextRuns).map((at) => zonedTime(at, timing.timeZone))

/** The zone of somebody's newest schedule, to begin the next one with; null if there is none. */
export async function lastTimeZone(desk: Desk, actor: UserActor): Promise<string | null> {
  const row = await desk.db.first<{ timeZone: string }>(
    `SELECT timeZone FROM schedules INDEXED BY schedules_owner WHERE ownerId = ? AND deletedAt IS NULL
     ORDER BY createdAt DESC, id DESC LIMIT 1`,
    [actor.id],
  )
  return row?.timeZone ?? null
}
