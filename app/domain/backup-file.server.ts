import { existsSync, linkSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { chmod, copyFile, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Database, openDatabase } from '~db/client.server'
import { checkFile } from '~db/database-child.server'
import { CannotStart } from '~db/errors'
import { setLogAside } from '~db/lost-file.server'

/**
 * Puts a copy of `file` in the place of the database at `path`, while holding the database, so that no process can
 * start on it meanwhile; at no moment is there no database.
 *
 * @returns where the replaced database is now, whole in one file; null where there was none
 * @throws {CannotStart} where another process owns the database, or `file` is no whole database
 */
export async function replaceDatabase(
  path: string,
  file: string,
  ownerWaitMs?: number,
): Promise<string | null> {
  mkdirSync(dirname(path), { recursive: true })
  const incoming = await copyOf(file, path)
  if (!existsSync(path)) {
    setLogAside(path)
    renameSync(incoming, path)
    return null
  }
  let owned: Database | undefined
  try {
    owned = await openDatabase({ url: `file:${path}`, ownerWaitMs })
    // all of it in one file, and no journal left that could be taken for the new one's
    await owned.client.execute('PRAGMA journal_mode = DELETE')
    rmSync(`${path}-journal`, { force: true })
    const replaced = `${path}.replaced-${new Date().toISOString().replace(/[:.]/g, '-')}`
    linkSync(path, replaced)
    renameSync(incoming, path)
    return replaced
  } finally {
    rmSync(incoming, { force: true })
    owned?.close()
  }
}

/** Checked, and on disk. */
async function copyOf(file: string, path: string): Promise<string> {
  const incoming = `${path}.incoming`
  const leftovers = ['', '-wal', '-shm', '-journal'].map((suffix) => incoming + suffix)
  for (const each of leftovers) rmSync(each, { force: true })
  await copyFile(file, incoming)
  if (existsSync(`${file}-wal`)) await copyFile(`${file}-wal`, `${incoming}-wal`)
  const problem = (await checkFile(incoming, { depth: 'full' }))?.problem
  if (problem) {
    for (const each of leftovers) rmSync(each, { force: true })
    throw new CannotStart(`${file} can't be restored. ${problem}`)
  }
  await chmod(incoming, 0o600)
  const handle = await open(incoming, 'r+')
  await handle.sync().finally(() => handle.close())
  return incoming
}
