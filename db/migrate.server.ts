import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from './client.server'
import { CannotStart, isStatementError } from './errors'

interface Migration {
  idx: number
  tag: string
}

export interface MigrateOptions {
  /** Where the migrations are. */
  folder?: string
  /** How long other processes have to notice that a migration has begun, in milliseconds: they look every second. */
  noticeMs?: number
  /** After that: how long to wait until they have given back what they run. */
  giveBackMs?: number
  /** How long another process that is migrating may go without finishing a migration before this one tries. */
  patienceMs?: number
  /** Told once, with a sentence, when it begins to wait. */
  onWait?(sentence: string): void
}

/**
 * Brings the database up to this version: each migration once, in order, whole or not at all, after a copy of a file.
 *
 * A row for the last migration, with `appliedAt` 0, says first that they begin: older processes on the same server stop
 * when they find it (`SchemaVersion`), so that nothing of theirs waits while an index is built. Whoever starts after the
 * process that wrote the row has died goes on. Of several that migrate at once one does the work.
 *
 * @throws {CannotStart} where the database comes from a newer version
 */
export async function migrate(db: Database, options: MigrateOptions = {}): Promise<void> {
  const { folder = join(process.cwd(), 'db', 'migrations') } = options
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: Migration[]
  }
  const target = journal.entries.at(-1) ?? { idx: -1, tag: '' }
  await bringUp(db, folder, journal.entries, target, options)
  if (!db.path) await untilShown(db, target, options)
}

async function bringUp(
  db: Database,
  folder: string,
  migrations: Migration[],
  target: Migration,
  options: MigrateOptions,
): Promise<void> {
  const { newest, applied } = await stateNow(db)
  if (newest > target.idx) {
    throw new CannotStart(
      `The database was made by a newer version of Docket (migration ${newest}). Start that version, or restore an older backup.`,
    )
  }
  db.version.known = target.idx
  const todo = migrations.filter(({ idx }) => idx > applied)
  if (todo.length === 0) return
  if (applied >= 0 && db.path) await copyBefore(todo[0]?.tag, db)
  const isFirst = await begin(db, target)
  if (!db.path && !isFirst && (await finishedByAnother(db, target, options))) return
  if (!db.path && applied >= 0) await untilOthersStopped(db, options)
  try {
    for (const migration of todo) await apply(db, folder, migration)
  } catch (error) {
    // nothing of it is there: the version before may start again
    if (isStatementError(error)) await takeBack(db, target)
    throw error
  }
}

async function copyBefore(tag: string | undefined, db: Database) {
  const copy = `${db.path}.before-${tag}-${Date.now()}`
  const problem = await db.copy(copy, { depth: 'quick' }).then(
    (checked) => checked.problem,
    (error: Error) => error.message,
  )
  if (problem) throw new CannotStart(`The database could not be copied before it is updated. ${problem}`)
}

/** The newest migration that has begun, and the newest that is through; -1 where there is none. */
interface State {
  newest: number
  applied: number
}
const none: State = { newest: -1, applied: -1 }
const theState = `SELECT coalesce(max(idx), -1) AS newest, coalesce(max(iif(appliedAt > 0, idx, NULL)), -1) AS applied
  FROM migrations`

/** On a read replica it may be from a moment ago, when there was no table yet. */
async function stateOf(db: Database): Promise<State> {
  try {
    return (await db.first<State>(theState)) ?? none
  } catch (error) {
    if (db.path || !isStatementError(error)) throw error
    return none
  }
}

/** From the primary, which answers a batch with a statement that writes. */
async function stateNow(db: Database): Promise<State> {
  if (db.path) return stateOf(db)
  const table =
    'CREATE TABLE IF NOT EXISTS migrations (idx INTEGER PRIMARY KEY, tag TEXT NOT NULL, appliedAt INTEGER NOT NULL)'
  const [, state] = await db.longClient.batch([table, theState], 'write')
  return (state?.rows[0] as unknown as State | undefined) ?? none
}

/** A read replica shows the tables a moment after the primary has them. */
async function untilShown(db: Database, target: Migration, { patienceMs = 30_000 }: MigrateOptions) {
  for (const since = performance.now(); performance.now() - since < patienceMs; await pause(lookMs)) {
    if ((await stateOf(db)).applied >= target.idx) return
  }
}

/** @returns whether nobody had begun before */
async function begin(db: Database, { idx, tag }: Migration): Promise<boolean> {
  const [begun] = await db.longClient.batch(
    [
      {
        sql: 'INSERT INTO migrations (idx, tag, appliedAt) VALUES (?, ?, 0) ON CONFLICT DO NOTHING RETURNING idx',
        args: [idx, tag],
      },
    ],
    'write',
  )
  return begun?.rows.length === 1
}

async function takeBack(db: Database, { idx }: Migration) {
  await db.longClient.batch([unbegun(idx)], 'write')
}

const unbegun = (idx: number) => ({
  sql: 'DELETE FROM migrations WHERE idx = ? AND appliedAt = 0',
  args: [idx],
})

const lookMs = 100

/** Waits while another process migrates. @returns false where it seems to have died in the middle */
async function finishedByAnother(
  db: Database,
  target: Migration,
  { patienceMs = 30_000, onWait }: MigrateOptions,
): Promise<boolean> {
  let seen = (await stateOf(db)).applied
  if (seen < target.idx)
    onWait?.(
      `Another process has begun to update the database, or was stopped in the middle. Waiting until it is done, and at most ${patienceMs / 1000} s for each migration.`,
    )
  for (let since = performance.now(); seen < target.idx; await pause(lookMs)) {
    if (performance.now() - since >= patienceMs) return false
    const { applied } = await stateOf(db)
    if (applied > seen) since = performance.now()
    seen = applied
  }
  return true
}

/** Older processes notice the row of `begin` and give back what they run; what they don't give back runs out. */
async function untilOthersStopped(
  db: Database,
  { noticeMs = 2_000, giveBackMs = 10_000 }: MigrateOptions,
): Promise<void> {
  await pause(noticeMs)
  for (const since = performance.now(); performance.now() - since < giveBackMs; await pause(lookMs)) {
    if (!(await db.first('SELECT 1 FROM attempts WHERE endedAt IS NULL LIMIT 1'))) return
  }
}

async function apply(db: Database, folder: string, { idx, tag }: Migration) {
  const statements = readFileSync(join(folder, `${tag}.sql`), 'utf8').split('--> statement-breakpoint')
  const mark = {
    sql: 'INSERT INTO migrations (idx, tag, appliedAt) VALUES (?, ?, ?)',
    args: [idx, tag, Date.now()],
  }
  try {
    // rebuilding a table (a server may refuse the pragma, and has its own way)
    const deferred = db.path ? ['PRAGMA defer_foreign_keys = ON'] : []
    await db.longClient.batch(
      [unbegun(idx), mark, ...deferred, ...statements.map((each) => each.trim()).filter(Boolean)],
      'write',
    )
  } catch (error) {
    if (!isStatementError(error)) throw error
    if ((await stateNow(db)).applied >= idx) return
    throw error
  }
}
