import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Client } from '@libsql/client'
import { DatabaseLost } from './errors'

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
