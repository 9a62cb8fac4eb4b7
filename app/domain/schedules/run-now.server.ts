import type { Desk } from '../desk'
import { Conflict, NotFound } from '../errors'
import type { UserActor } from '../policy'
import { findSchedule } from './queries.server'
import { assertOwn } from './refusals'
import { type Runnable, runnableColumns, runSchedule } from './run.server'

/**
 * Makes a job at once, also while it is paused; when it is due next stays as it is.
 *
 * @param seen.lastAt must be the schedule's where given: a second click makes no second job
 * @returns the job's id
 * @throws {Conflict} with the reason where no job could be made, {NotFound}, {Forbidden} but for the owner
 */
export async function runScheduleNow(
  desk: Desk,
  actor: UserActor,
  id: string,
  { lastAt }: { lastAt?: number | null } = {},
): Promise<string> {
  assertOwn(actor, await findSchedule(desk, actor, id), 'run')
  const schedule = await desk.db.first<Runnable>(
    `SELECT ${runnableColumns}, s."values" FROM schedules s JOIN users u ON u.id = s.ownerId
     WHERE s.id = ? AND s.deletedAt IS NULL`,
    [id],
  )
  if (!schedule) throw new NotFound('This schedule')
  const now = desk.now()
  const [run] = await runSchedule(desk, schedule, {
    making: [{ dueAt: now, words: ` by the schedule “${schedule.name}”, run by hand` }],
    set: 'lastAt = :now',
    guard: '(NOT :isSeen OR lastAt IS :lastAt)',
    args: () => ({ now, lastAt: lastAt ?? null, isSeen: lastAt === undefined ? 0 : 1 }),
  })
  if (run?.jobId) return run.jobId
  throw run?.note
    ? new Conflict(run.note, 'run_failed')
    : new Conflict('It was run a moment ago: its newest job is below.', 'lost_race')
}
