import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Client } from '@libsql/client'
import { CannotStart, DatabaseLost } from './errors'

/** Device and inode of the file at a path, by `stat` alone; null if there is none. */
export function fileIdentity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true })
    return `${dev}:${ino}`
  } catch {
    return null
  }
}

/**
 * Refuses to put an empty database where another one has been: it was moved, removed, or its disk is not mounted.
 *
 * @throws {CannotStart} with the ways out
 */
export function assertNotLost(path: string): void {
  if (existsSync(path)) return
  const found = tracesOf(path)
  if (found.length === 0) return
  throw new CannotStart(
    `There is no database ${path}, but there has been one: its folder holds ${found.join(', ')}. If it was moved, put it back or set DATABASE_URL. To restore a copy, run: npm run admin -- restore FILE. To begin with an empty database, run: npm run admin -- new-database`,
  )
}

function tracesOf(path: string): string[] {
  const folder = dirname(path)
  const name = basename(path)
  const isTrace = (each: string) =>
    each === 'session-secret' ||
    (each === 'backups' && readdirSync(join(folder, each)).length > 0) ||
    (each === `${name}-wal` && statSync(join(folder, each)).size > 0) ||
    each.startsWith(`${name}.before-`) ||
    each.startsWith(`${name}.replaced-`) ||
    /^rescued-.*\.db$/.test(each)
  const isFolder = statSync(folder, { throwIfNoEntry: false })?.isDirectory()
  return isFolder ? readdirSync(folder).filter(isTrace) : []
}

/** Puts the log of a database that is gone out of the way of a new one, which would take it for its own. */
export function setLogAside(path: string): void {
  const log = `${path}-wal`
  if (existsSync(log)) renameSync(log, `${log}.of-lost-${new Date().toISOString().replace(/[:.]/g, '-')}`)
}

/**
 * Saves what an open connection holds after its file was removed, replaced or moved: the operating system keeps the
 * file until it is closed. Blocks the event loop, about 10 s for each gigabyte.
 */
export async function rescue(client: Client, path: string): Promise<DatabaseLost> {
  // A moved file is then whole without its log, and a file put in its place can't take up the log.
  await client.execute('PRAGMA wal_checkpoint(TRUNCATE)').catch(() => undefined)
  const name = `rescued-${new Date().toISOString().replace(/[:.]/g, '-')}.db`
  for (const folder of [dirname(path), process.cwd(), tmpdir()]) {
    const file = join(folder, name)
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      // VACUUM INTO accepts an empty file, and keeps its permissions.
      closeSync(openSync(file, 'wx', 0o600))
    } catch {
      continue
    }
    try {
      await client.execute({ sql: 'VACUUM INTO ?', args: [file] })
      syncToDisk(file)
      return new DatabaseLost(path, file)
    } catch {
      rmSync(file, { force: true })
    }
  }
  return new DatabaseLost(path, null)
}

function syncToDisk(file: string) {
  const handle = openSync(file, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
