import { existsSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Database } from './client.server'
import { type Checked, ChildFailed, checkFile } from './database-child.server'
import { CannotStart } from './errors'
import { removeCopy } from './live-copy.server'

const beforeStartMs = 5_000

/** The copy that is checked. @param path of the database file */
export const checkedCopy = (path: string) => `${path}.checking`

/** Whether the last process that owned the file ended without letting go of it, by a crash or a power cut. */
function wasLeftOpen(path: string): boolean {
  const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
  return existsSync(path) && (existsSync(`${path}.owner`) || (log?.size ?? 0) > 0)
}

/**
 * Before the file is opened, after an unclean stop: reads all of it in a child process.
 *
 * @returns `unfinished` if that takes longer than 5 s: then {@link checkInBackground} has to do it
 * @throws {CannotStart} if the file is damaged
 */
export async function checkAfterCrash(
  path: string,
  withinMs = beforeStartMs,
): Promise<'done' | 'unfinished'> {
  if (!wasLeftOpen(path)) return 'done'
  try {
    const checked = await checkFile(path, { depth: 'quick' }, withinMs)
    if (checked?.problem) throw new CannotStart(damaged(path, checked.problem))
    return checked ? 'done' : 'unfinished'
  } catch (error) {
    // why the file can't be read is said by the one who opens it
    if (error instanceof ChildFailed) return 'done'
    throw error
  }
}

/**
 * Checks a copy of the file, since no other process can read the file itself while this one owns it.
 *
 * @returns what was found; null if the disk has no room for a copy
 * @throws {ChildFailed}
 */
export async function checkInBackground(db: Database): Promise<Checked | null> {
  if (!db.path || !(await hasRoomFor(db.path, 1))) return null
  const copy = checkedCopy(db.path)
  try {
    return await db.copy(copy, { depth: 'quick' })
  } finally {
    removeCopy(copy)
  }
}

/** Whether the disk of a folder has room for so many copies of a database file, and a tenth more. */
export async function hasRoomFor(path: string, copies: number, folder = dirname(path)): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize > statSync(path).size * copies * 1.1
}

export const damaged = (path: string, problem: string) =>
  `The database ${path} can't be used. ${problem} For a full list, run: npm run admin -- check. To go back to a backup, run: npm run admin -- restore FILE`
