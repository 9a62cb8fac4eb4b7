import { lstatSync, statSync } from 'node:fs'
import { type FileHandle, open, readdir, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileIdentity } from '~db/lost-file.server'
import { NotFound } from './errors'

export type BackupKind = 'manual' | 'daily'

export interface BackupView {
  /** Of the file in `backups/`. */
  name: string
  kind: BackupKind
  /** In bytes. */
  size: number
  /** Milliseconds since 1970 UTC: by its name, or else when the file was last changed. */
  takenAt: number
}

const ourName = /^docket-(daily-)?(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z\.db$/

export function backupName(at: number, kind: BackupKind): string {
  const time = new Date(at).toISOString().replace(/[:.]/g, '-')
  return `docket-${kind === 'daily' ? 'daily-' : ''}${time}.db`
}

/** @param path of the database file */
export const backupFolder = (path: string) => join(dirname(path), 'backups')

/**
 * Those in `backups/`, newest first, whatever their names are: also copies that somebody put there.
 *
 * @param path of the database file
 */
export async function readBackups(path: string): Promise<BackupView[]> {
  const names = await readdir(backupFolder(path)).catch(() => [])
  const views = names
    .filter((name) => isBackup(path, name))
    .map(async (name): Promise<BackupView> => {
      const { size, mtimeMs } = await stat(join(backupFolder(path), name))
      const [, daily, date, hour, minute, second, ms] = ourName.exec(name) ?? []
      const takenAt = date ? Date.parse(`${date}T${hour}:${minute}:${second}.${ms}Z`) : Math.round(mtimeMs)
      return { name, kind: daily ? 'daily' : 'manual', size, takenAt }
    })
  return (await Promise.all(views)).sort((one, other) => other.takenAt - one.takenAt)
}

/** What is unfinished is none, and neither is a link: opening one to the database would end this process's lock on it. */
function isBackup(path: string, name: string): boolean {
  if (basename(name) !== name || name.startsWith('.') || /\.partial|-(wal|shm|journal)$/.test(name))
    return false
  const file = join(backupFolder(path), name)
  if (!lstatSync(file, { throwIfNoEntry: false })?.isFile()) return false
  const own = [path, `${path}-wal`].map(fileIdentity)
  return !own.includes(fileIdentity(file))
}

/**
 * The path of a backup.
 *
 * @param path of the database file
 * @throws {NotFound}
 */
export function backupFile(path: string, name: string): string {
  if (!isBackup(path, name)) throw new NotFound('This backup')
  return join(backupFolder(path), name)
}

/** @throws {NotFound} */
export const removeBackup = (path: string, name: string) => rm(backupFile(path, name))

/**
 * The bytes of a backup, a mebibyte at a time.
 *
 * @returns its size, and its pieces: the file is closed when they end or are given up
 * @throws {NotFound}
 */
export function readBackup(
  path: string,
  name: string,
): { size: number; pieces: AsyncGenerator<Uint8Array, void> } {
  const file = backupFile(path, name)
  return { size: statSync(file).size, pieces: piecesOf(file) }
}

async function* piecesOf(path: string): AsyncGenerator<Uint8Array, void> {
  let file: FileHandle | undefined
  try {
    file = await open(path)
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(2 ** 20))
      if (bytesRead === 0) return
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await file?.close()
  }
}
