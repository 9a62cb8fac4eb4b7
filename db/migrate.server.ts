import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './client.server'
import { CannotStart, isStatementError } from './errors'

interface Migration {
  idx: number
  tag: string
}

/**
 * Brings the database up to this version: each migration once, in order, whole or not at all, after a copy.
 * Two processes on one server may both try: the loser's batch fails on the migration's own row and is looked up again.
 *
 * @throws {CannotStart} where the database comes from a newer version
 */
export async function migrate(db: Database, folder = join(process.cwd(), 'db', 'migrations')): Promise<void> {
  const journal = JSON.parse(readFileSync(join(folder, 'meta', '_journal.json'), 'utf8')) as {
    entries: Migration[]
  }
  if (!db.path)
    await db.client.execute(
      'CREATE TABLE IF NOT EXISTS migrations (idx INTEGER PRIMARY KEY, tag TEXT NOT NULL, appliedAt INTEGER NOT NULL)',
    )
  const last = await newest(db)
  if (last > (journal.entries.at(-1)?.idx ?? -1)) {
    throw new CannotStart(
      `The database was made by a newer version of Docket (migration ${last}). Start that version, or restore an older backup.`,
    )
  }
  const todo = journal.entries.filter(({ idx }) => idx > last)
  if (todo.length > 0 && last >= 0 && db.path) await copyBefore(todo[0]?.tag, db)
  for (const migration of todo) await apply(db, folder, migration)
}

async function copyBefore(tag: string | undefined, db: Database) {
  const copy = `${db.path}.before-${tag}-${Date.now()}`
  const problem = await db.copy(copy, { depth: 'quick' }).then(
    (checked) => checked.problem,
    (error: Error) => error.message,
  )
  if (problem) throw new CannotStart(`The database could not be copied before it is updated. ${problem}`)
}

async function newest(db: Database): Promise<number> {
  const row = await db.first<{ last: number | null }>('SELECT max(idx) AS last FROM migrations')
  return row?.last ?? -1
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
    await db.client.batch(
      [mark, ...deferred, ...statements.map((each) => each.trim()).filter(Boolean)],
      'write',
    )
  } catch (error) {
    const doneByAnother = isStatementError(error) && (await newest(db)) >= idx
    if (!doneByAnother) throw error
  }
}
