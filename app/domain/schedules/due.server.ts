import type { Desk } from '../desk'
import { sizeOf, withLongColumns } from '../long-columns.server'
import { type Due, type DuePlan, planRuns } from './catch-up'
import { type Runnable, type RunOutcome, runnableColumns, runSchedule, valuesById } from './run.server'
import { zonedText } from './zoned'

type DueSchedule = Runnable & Due & { version: number }

/** So many at once: their units share batches, and a look stays short. */
const slice = 20

/** When the next one is due, milliseconds since 1970 UTC; null where none is. */
export async function nextDueAt(desk: Desk): Promise<number | null> {
  const row = await desk.db.first<{ nextAt: number }>(
    `SELECT nextAt FROM schedules WHERE state = 'ACTIVE' AND deletedAt IS NULL AND nextAt > 0
     ORDER BY nextAt, id LIMIT 1`,
  )
  return row?.nextAt ?? null
}

/**
 * Sees to schedules that are due, some at a time. Any number of processes may do this on one database: each due time is
 * one process's.
 *
 * @param onError told about a schedule that could not be seen to; it stays due
 * @returns the runs made, and how many schedules were due
 */
export async function runDueSchedules(
  desk: Desk,
  onError: (error: unknown) => void,
): Promise<{ runs: RunOutcome[]; due: number; failed: number }> {
  const read = await desk.db.all<Omit<DueSchedule, 'values'> & { bytes: number }>(
    `SELECT ${runnableColumns}, s.catchUp, s.nextAt, s.version, ${sizeOf('s."values"')} AS bytes FROM schedules s JOIN users u ON u.id = s.ownerId
     WHERE s.state = 'ACTIVE' AND s.deletedAt IS NULL AND s.nextAt > 0 AND s.nextAt <= ?
     ORDER BY s.nextAt, s.id LIMIT ?`,
    [desk.now(), slice],
  )
  const due = await withLongColumns<Pick<DueSchedule, 'id' | 'values'>, (typeof read)[number], 'id'>(
    desk,
    read,
    'id',
    valuesById,
  )
  let failed = 0
  const runs = await Promise.all(
    due.map((each) =>
      runDue(desk, each).catch((error: unknown) => {
        failed++
        onError(error)
        return []
      }),
    ),
  )
  return { runs: runs.flat(), due: due.length, failed }
}

function runDue(desk: Desk, schedule: DueSchedule): Promise<RunOutcome[]> {
  const { nextAt: seen, version } = schedule
  const plan = planOf(schedule, desk.now())
  if (!plan) return stopUnreadable(desk, schedule)
  const { make, skipped, last, next } = plan
  return runSchedule(desk, schedule, {
    making: make.map((dueAt) => ({ dueAt, words: wordsFor(schedule, dueAt) })),
    skipped,
    set: 'nextAt = :next, lastAt = :last',
    guard: `nextAt = :seen AND version = :version AND state = 'ACTIVE'`,
    // what is left is due at once
    args: (made) => ({
      ...{ seen, version, next: made < make.length ? (make[made] ?? null) : next },
      last: made < make.length ? (make[made - 1] ?? last) : last,
    }),
  })
}

const wordsFor = ({ name, timeZone }: Runnable, dueAt: number) =>
  ` by the schedule “${name}”, due ${zonedText(dueAt, timeZone)}`

/** Null where this Node no longer knows the zone, or reads the expression otherwise. */
function planOf(schedule: DueSchedule, now: number): DuePlan | null {
  try {
    return planRuns(schedule, now)
  } catch {
    return null
  }
}

/** It would be due for ever: it is due no more, and says why. */
async function stopUnreadable(desk: Desk, { id, nextAt, version }: DueSchedule): Promise<RunOutcome[]> {
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `UPDATE schedules SET nextAt = NULL, problem = 'Its time zone or expression is no longer known here. Choose another one.'
          WHERE id = ? AND nextAt = ? AND version = ?`,
        args: [id, nextAt, version],
      },
    ],
  })
  return []
}
