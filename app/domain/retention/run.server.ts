import { setTimeout as pause } from 'node:timers/promises'
import { readFresh } from '~db/fresh.server'
import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { archiveMove } from '../jobs/archive.server'
import { finishPurgesOf, purgeArgs } from '../jobs/purge.server'
import { decidePurge, removePurged } from '../jobs/purge-statements'
import { mergeTextIndex } from '../jobs/text-index.server'
import { transition } from '../jobs/transition.server'
import { lapsedAt, leaseClockOf } from '../lease-clock'
import { system } from '../policy'
import { sizeAfter } from '../slice-size'
import { type Args, statement } from '../sql'
import { beforeOf, dueJobs, isDue, type Walked } from './due.server'
import { readStored, type StoredRetention, storedRetention } from './settings.server'
import { dayMs, type RetentionCounts, type RetentionVerb } from './view'

export interface RetentionWorker {
  /** Of this process alone. */
  id: string
  /** Whether this process alone owns the database: then whoever else holds the run is dead. */
  alone: boolean
}

/** Who runs it holds it for so long after each slice; then another process may go on with it. */
const leaseMs = 30_000
/** How many jobs one read looks at. */
const looked = 500
/** Words of purged jobs are removed from the text index this long after the last time, in milliseconds. */
const betweenMergesMs = dayMs / 2

/**
 * Archives and purges what is due: once a day, and again after the settings have changed. It works in slices, one process at
 * a time; what a killed process left is gone on with. One audit row for each run that did something.
 *
 * @param goOn asked before each slice
 * @returns what it did since it began; null if it was not due, another process has it, or it was told to stop
 */
export async function runRetention(
  desk: Desk,
  worker: RetentionWorker,
  goOn: () => boolean = () => true,
): Promise<RetentionCounts | null> {
  const settings = await readStored(desk)
  if (!isRunDue(settings, desk.now())) return null
  const run = { ...worker, version: settings.version, now: settings.startedAt ?? desk.now() }
  if (!(await hold(desk, run))) return null
  // what is purged need not be archived before
  const isOver =
    (await work(desk, run, 'purge', settings.purgeAfterDays, goOn)) &&
    (await work(desk, run, 'archive', settings.archiveAfterDays, goOn))
  return isOver ? end(desk, worker, settings) : null
}

/** Removes words of purged jobs from the text index, at most twice a day. @returns whether it did */
export async function forgetWords(desk: Desk, goOn: () => boolean = () => true): Promise<boolean> {
  const began = desk.now()
  const { wordsLeftAt, wordsMergedAt } = await readStored(desk)
  if (wordsLeftAt === null || (wordsMergedAt !== null && wordsLeftAt < wordsMergedAt)) return false
  if (wordsMergedAt !== null && began - wordsMergedAt < betweenMergesMs) return false
  if (!(await mergeTextIndex(desk, goOn))) return false
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: 'UPDATE retention SET wordsMergedAt = ? WHERE id = 1', args: [began] }],
  })
  return true
}

/** Lets another process go on at once. */
export async function letRetentionGo(desk: Desk, { id }: RetentionWorker): Promise<void> {
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: 'UPDATE retention SET workerId = NULL, leaseExpiresAt = NULL WHERE id = 1 AND workerId = ?',
        args: [id],
      },
    ],
  })
}

function isRunDue(settings: StoredRetention, now: number): boolean {
  const { archiveAfterDays, purgeAfterDays, startedAt, endedAt, updatedAt } = settings
  if (startedAt !== null) return true
  if (archiveAfterDays === null && purgeAfterDays === null) return false
  return endedAt === null || now - endedAt >= dayMs || (updatedAt ?? 0) > endedAt
}

const workerArgs = (desk: Desk, { id, alone }: RetentionWorker): Args => ({
  ...{ workerId: id, alone: Number(alone), startedAt: desk.now() },
  ...leaseClockOf(desk).args(),
})

type Run = RetentionWorker & Pick<StoredRetention, 'version'> & { now: number }

/** Takes or keeps the run. @returns whether this process has it, under the settings that it knows */
async function hold(desk: Desk, run: Run): Promise<boolean> {
  const free = `(workerId IS NULL OR workerId = :workerId OR :alone
    OR ${lapsedAt('leaseExpiresAt', leaseClockOf(desk).sql, leaseMs)})`
  const args = { ...workerArgs(desk, run), settingsVersion: run.version }
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [
      statement(
        `UPDATE retention SET workerId = :workerId, leaseExpiresAt = ${leaseClockOf(desk).sql} + ${leaseMs},
           startedAt = coalesce(startedAt, :startedAt) WHERE id = 1 AND ${free}`,
        args,
      ),
    ],
    result: statement(`SELECT id FROM retention WHERE ${held}`, args),
  })
  return rows.length > 0
}

const held = 'id = 1 AND workerId = :workerId AND version = :settingsVersion'

/** All that is due of one verb. @returns whether it came to the end */
async function work(
  desk: Desk,
  run: Run,
  verb: RetentionVerb,
  days: number | null,
  goOn: () => boolean,
): Promise<boolean> {
  if (days === null) return true
  const before = beforeOf(run.now, days)
  let after: Walked | null = null
  let size = 10
  do {
    const found: Awaited<ReturnType<typeof dueJobs>> = await dueJobs(desk, verb, {
      before,
      after,
      most: looked,
    })
    while (found.ids.length > 0) {
      if (!goOn() || !(await hold(desk, run))) return false
      const ids = found.ids.splice(0, size)
      const began = performance.now()
      await slices[verb](desk, run, { ids, before, days })
      const took = performance.now() - began
      size = ids.length < size ? size : sizeAfter(desk, size, took)
      // as long as it held others up, it lets them go first
      await pause(took)
    }
    after = found.after
  } while (after !== null)
  return true
}

interface Slice {
  ids: string[]
  before: number
  days: number
}

const sliceArgs = (run: Run, { before, days }: Slice): Args => ({
  ...{ before, days, workerId: run.id, settingsVersion: run.version },
})
const isHeld = `EXISTS (SELECT 1 FROM retention WHERE ${held})`

const slices: Record<RetentionVerb, (desk: Desk, run: Run, slice: Slice) => Promise<void>> = {
  async archive(desk, run, slice) {
    await transition(desk, {
      ...archiveMove(
        `'Archived by the retention setting, ' || CAST(:days AS INTEGER) || ' days after it closed.'`,
      ),
      ids: slice.ids,
      actor: system,
      guard: `${isDue('archive', 'jobs')} AND ${isHeld}`,
      args: sliceArgs(run, slice),
      afterwards: (changed) => [
        `UPDATE retention SET archived = archived + (SELECT count(*) FROM (${changed})) WHERE id = 1`,
      ],
    })
  },
  async purge(desk, run, slice) {
    const args = { ...sliceArgs(run, slice), ...purgeArgs(slice.ids, desk.now()) }
    const [decide, note] = decidePurge(`${isDue('purge', 'j')} AND ${isHeld}`)
    const sqls = [
      decide,
      'UPDATE retention SET purged = purged + changes() WHERE id = 1',
      note,
      ...removePurged,
    ]
    await desk.db.write({ repeatable: true, statements: sqls.map((sql) => statement(sql, args)) })
    await finishPurgesOf(desk, slice.ids)
  },
}

/** The run is over: what it did is counted, and on the record if it is anything. */
async function end(
  desk: Desk,
  worker: RetentionWorker,
  { archiveAfterDays, purgeAfterDays }: StoredRetention,
): Promise<RetentionCounts> {
  const [row] = await readFresh<StoredRetention>(desk.db, storedRetention)
  const { archived = 0, purged = 0 } = row ?? {}
  const change = `UPDATE retention SET endedAt = :at, lastArchived = archived, lastPurged = purged, archived = 0, purged = 0,
    startedAt = NULL, workerId = NULL, leaseExpiresAt = NULL
    WHERE id = 1 AND workerId = :workerId AND startedAt IS NOT NULL`
  const args = { workerId: worker.id }
  if (archived + purged > 0) {
    const detail = { archived, purged, archiveAfterDays, purgeAfterDays }
    await recorded(desk, { actor: system, action: 'retention.run', detail, change, args })
  } else {
    const statements = [statement(change, { ...args, at: desk.now() })]
    await desk.db.write({ repeatable: true, statements })
  }
  return { archived, purged }
}
