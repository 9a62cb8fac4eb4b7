import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from '~db/client.server'
import { checkedCopy, hasRoomFor } from '~db/crash-check.server'
import { ChildFailed, checkFile } from '~db/database-child.server'
import { CannotStart } from '~db/errors'
import { removeCopy } from '~db/live-copy.server'
import { assertConfirmed, confirmation } from './accounts/confirm-password.server'
import { assertAdmin } from './admin-only'
import { record } from './audit.server'
import { replaceDatabase } from './backup-file.server'
import {
  type BackupKind,
  type BackupView,
  backupFile,
  backupFolder,
  backupName,
  readBackup,
  readBackups,
  removeBackup,
} from './backup-files.server'
import type { Desk } from './desk'
import { Conflict, DomainError, Invalid, NotFound } from './errors'
import { type Actor, system } from './policy'

const markOf = (path: string) => `${path}.restore`

/** The path of the database file. @throws {Invalid} on a server */
function fileOf(desk: Desk): string {
  if (desk.db.path) return desk.db.path
  const say = 'The database is on a libSQL server: back it up and restore it there.'
  throw new Invalid({ database: [say] }, say)
}

/** Whether backups are taken here, and not on a libSQL server. */
export const backsUpHere = (desk: Desk): boolean => desk.db.path !== null

export interface BackupState {
  /** The one that is being taken. */
  running: { name: string; startedAt: number } | null
  /** Why the last one was not taken; null after one that was, and after a restart. */
  failure: { at: number; reason: string } | null
}

const states = new WeakMap<Database, BackupState>()

export const backupState = (desk: Desk): BackupState =>
  states.get(desk.db) ?? { running: null, failure: null }

/**
 * Copies the whole database into `backups/` beside it, while requests go on. It takes about 15 s for each gigabyte.
 *
 * @throws {Invalid} on a server
 * @throws {Conflict} `backup_running`, `backup_failed`, `no_room`
 */
export async function takeBackup(desk: Desk, actor: Actor, kind: BackupKind = 'manual'): Promise<BackupView> {
  assertAdmin(actor)
  const folder = backupFolder(fileOf(desk))
  if (backupState(desk).running) throw alreadyRuns()
  assertNoneRuns(desk)
  const takenAt = desk.now()
  const name = backupName(takenAt, kind)
  states.set(desk.db, { running: { name, startedAt: takenAt }, failure: null })
  let failure: BackupState['failure'] = null
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    await writeBackup(desk, join(folder, name))
    const { size } = await stat(join(folder, name))
    await recordBackup(desk, actor, name, { size })
    return { name, kind, size, takenAt }
  } catch (error) {
    failure = { at: desk.now(), reason: error instanceof DomainError ? error.message : 'The backup failed.' }
    throw error
  } finally {
    states.set(desk.db, { running: null, failure })
  }
}

/**
 * Begins a backup, and waits for it for a while.
 *
 * @param withinMs how long to wait
 * @param onFailure told of a failure that comes later
 * @returns the backup; null if it is still being taken
 * @throws as {@link takeBackup}
 */
export async function beginBackup(
  desk: Desk,
  actor: Actor,
  withinMs: number,
  onFailure: (error: unknown) => void,
): Promise<BackupView | null> {
  const taking = takeBackup(desk, actor)
  const taken = await Promise.race([taking, wait(withinMs, null, { ref: false })])
  if (!taken) taking.catch(onFailure)
  return taken
}

/** What a crash left of a backup or a check: at a start, before there is another. @param path of the database file */
export function removeUnfinished(path: string): void {
  const folder = backupFolder(path)
  const partial = existsSync(folder) ? readdirSync(folder).filter((name) => name.includes('.partial')) : []
  for (const name of partial) rmSync(join(folder, name), { force: true })
  removeCopy(checkedCopy(path))
}

function assertNoneRuns(desk: Desk) {
  if (desk.db.isCopying) throw alreadyRuns()
}

const alreadyRuns = () => new Conflict('A backup or a check is running already.', 'backup_running')

/** @param name of the file @param detail its size in bytes, or where else it is */
export const recordBackup = (desk: Desk, actor: Actor, name: string, detail: Record<string, unknown>) =>
  record(desk, { actor, action: 'backup', subject: { kind: 'backup', id: name }, detail })

/** In the database that took the place: what was done since the backup is in the replaced one. */
export const recordRestore = (desk: Desk, restored: string, replaced: string | null) =>
  record(desk, {
    actor: system,
    action: 'restore',
    subject: { kind: 'backup', id: restored },
    detail: { replaced: replaced && basename(replaced) },
  })

/** It appears under its name when it is whole and on disk. @throws {Conflict} where the file exists */
export async function writeBackup(desk: Desk, to: string): Promise<void> {
  fileOf(desk)
  if (existsSync(to)) throw new Conflict(`${to} exists already.`, 'exists')
  const partial = `${resolve(to)}.partial`
  await assertRoom(desk, dirname(partial))
  assertNoneRuns(desk)
  removeCopy(partial)
  const { problem } = await desk.db.copy(partial, { depth: 'full' }).catch(explainFailure)
  if (problem) {
    removeCopy(partial)
    throw new Conflict(`The copy did not pass its check. ${problem}`, 'backup_failed')
  }
  await rename(partial, to)
}

/** Two copies: one is made, and the database grows meanwhile. */
async function assertRoom(desk: Desk, folder: string) {
  const path = fileOf(desk)
  if (await hasRoomFor(path, 2, folder)) return
  throw new Conflict(
    `The disk has too little room for a backup: it takes as much as two copies of the database, ${Math.ceil((2 * statSync(path).size) / 2 ** 20)} MB.`,
    'no_room',
  )
}

function explainFailure(error: unknown): never {
  if (!(error instanceof ChildFailed)) throw error
  const why = error.code === 'ENOSPC' ? 'the disk is full' : error.code
  throw new Conflict(`The backup could not be taken: ${why}. Nothing of it is left behind.`, 'backup_failed')
}

/** Newest first; none on a server. */
export const listBackups = async (desk: Desk): Promise<BackupView[]> =>
  desk.db.path ? readBackups(desk.db.path) : []

/** @throws {NotFound}, {Invalid} on a server */
export async function findBackup(desk: Desk, name: string): Promise<BackupView> {
  const found = (await readBackups(fileOf(desk))).find((each) => each.name === name)
  if (!found) throw new NotFound('This backup')
  return found
}

/** @throws {NotFound}, {Invalid} on a server */
export async function deleteBackup(desk: Desk, actor: Actor, name: string): Promise<void> {
  assertAdmin(actor)
  const path = fileOf(desk)
  if ((await stagedRestore(desk)) === name)
    throw new Conflict('This backup is to be restored at the next start. Call that off first.', 'staged')
  await removeBackup(path, name)
  await recordBackupRemoval(desk, actor, name)
}

export const recordBackupRemoval = (desk: Desk, actor: Actor, name: string) =>
  record(desk, { actor, action: 'backup.delete', subject: { kind: 'backup', id: name } })

/**
 * What a download sends; on the record before it begins.
 * @throws {NotFound}; {Invalid} on a server, and on `currentPassword` as `assertConfirmed`
 */
export async function downloadBackup(desk: Desk, actor: Actor, name: string) {
  assertAdmin(actor)
  assertConfirmed(actor)
  const backup = readBackup(fileOf(desk), name)
  const subject = { kind: 'backup', id: name } as const
  await record(desk, { actor, action: 'backup.download', subject, detail: confirmation(actor) })
  return backup
}

/**
 * The backup takes the database's place at the next start, with its accounts, passwords and tokens.
 *
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`
 * @throws {NotFound} where there is no such backup
 * @throws {Invalid} where it is damaged or from a newer version, or the database is on a server
 */
export async function stageRestore(desk: Desk, actor: Actor, name: string): Promise<void> {
  assertAdmin(actor)
  assertConfirmed(actor)
  const path = fileOf(desk)
  const file = backupFile(path, name)
  const newest = await desk.db.first<{ last: number }>('SELECT max(idx) AS last FROM migrations')
  const problem = (await checkFile(file, { depth: 'full', newest: newest?.last }))?.problem
  if (problem) throw new Invalid({ name: [problem] }, problem)
  await writeFile(markOf(path), name)
  const subject = { kind: 'backup', id: name } as const
  await record(desk, { actor, action: 'restore.stage', subject, detail: confirmation(actor) })
}

/** The next start leaves the database as it is. */
export async function cancelRestore(desk: Desk, actor: Actor): Promise<void> {
  assertAdmin(actor)
  const staged = await stagedRestore(desk)
  await rm(markOf(fileOf(desk)), { force: true })
  if (staged) await record(desk, { actor, action: 'restore.cancel', subject: { kind: 'backup', id: staged } })
}

/** The name of the backup that the next start restores. */
export async function stagedRestore(desk: Desk): Promise<string | null> {
  return desk.db.path ? readMark(desk.db.path) : null
}

const readMark = (path: string) =>
  readFile(markOf(path), 'utf8').then(
    (text) => basename(text.trim()),
    () => null,
  )

/**
 * Before the database is opened: where a restore is staged, the backup takes its place.
 *
 * @param path of the database file
 * @returns what was restored and where the replaced database is now; null where nothing is staged
 * @throws {CannotStart} where the backup is gone or damaged, or another process owns the database
 */
export async function applyStagedRestore(
  path: string,
): Promise<{ restored: string; replaced: string | null } | null> {
  const name = await readMark(path)
  if (name === null) return null
  const file = join(backupFolder(path), name)
  if (!existsSync(file)) {
    throw new CannotStart(
      `The backup ${name}, which was to be restored, is gone. Remove ${markOf(path)} to start with the database as it is.`,
    )
  }
  const replaced = await replaceDatabase(path, file)
  await rm(markOf(path), { force: true })
  return { restored: name, replaced }
}

/** For the admin command on a stopped server. @returns where the replaced database is now @throws {CannotStart} */
export async function restoreFile(path: string, file: string): Promise<string | null> {
  if (!existsSync(file)) throw new CannotStart(`There is no file ${file}.`)
  if (resolve(file) === path) throw new CannotStart(`${file} is the database itself.`)
  return replaceDatabase(path, resolve(file), 500)
}
