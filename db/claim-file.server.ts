import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Client } from '@libsql/client'
import { CannotStart } from './errors'

/** @param url of a file: `file:./data/docket.db` @returns its absolute path */
export function pathOf(url: string): string {
  return url.startsWith('file://')
    ? fileURLToPath(url)
    : resolve(url.slice('file:'.length).split('?')[0] ?? '')
}

/**
 * EXCLUSIVE before WAL: then no other process can even read the file, and the lock goes with this process.
 *
 * @throws {CannotStart} if it is another application's, before anything is written to it
 */
export async function claimFile(client: Client, path: string) {
  await client.execute('PRAGMA locking_mode = EXCLUSIVE')
  if (!(await isDocketOrEmpty(client))) throw new CannotStart(notDocket(path))
  await client.execute('PRAGMA journal_mode = WAL')
  await client.execute('PRAGMA synchronous = FULL')
  await client.execute('PRAGMA foreign_keys = ON')
  // the lock is taken by the first write
  await client.batch(
    [
      'CREATE TABLE IF NOT EXISTS migrations (idx INTEGER PRIMARY KEY, tag TEXT NOT NULL, appliedAt INTEGER NOT NULL)',
    ],
    'write',
  )
}

/** Docket's databases have no `application_id`: they are known by their table of migrations. */
async function isDocketOrEmpty(client: Client): Promise<boolean> {
  const { rows } = await client.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
  if (rows.length === 0) return true
  const { rows: columns } = await client.execute("SELECT name FROM pragma_table_info('migrations')")
  return columns.map(({ name }) => name).join() === 'idx,tag,appliedAt'
}

export const notDocket = (path: string) =>
  `The file ${path} is not a database of Docket. Nothing was written to it. Set DATABASE_URL to another file.`

export const ownedBy = (path: string) => `${inUse(path)} Stop it first, or set DATABASE_URL to another file.`

export function inUse(path: string): string {
  try {
    const owner = JSON.parse(readFileSync(`${path}.owner`, 'utf8')) as { pid: number; since: string }
    return `The database ${path} is in use by process ${owner.pid} (since ${owner.since}).`
  } catch {
    return `The database ${path} is in use by another process.`
  }
}

/** Brings all of the database into the one file and lets other processes at it. */
export async function releaseFile(client: Client): Promise<void> {
  // in this order: SQLite does not leave EXCLUSIVE while in WAL, and drops the lock with the next read
  for (const sql of [
    'PRAGMA journal_mode = DELETE',
    'PRAGMA locking_mode = NORMAL',
    'SELECT count(*) FROM migrations',
  ]) {
    await client.execute(sql)
  }
}
