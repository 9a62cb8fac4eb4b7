/** @about-file backups are copies of a file */
import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { takeDailyBackup } from '~/domain/backup-daily.server'
import {
  applyStagedRestore,
  backsUpHere,
  backupState,
  cancelRestore,
  deleteBackup,
  downloadBackup,
  listBackups,
  removeUnfinished,
  restoreFile,
  stagedRestore,
  stageRestore,
  takeBackup,
} from '~/domain/backups.server'
import type { Desk } from '~/domain/desk'
import { Forbidden, Invalid, NotFound } from '~/domain/errors'
import { system } from '~/domain/policy'
import { type Database, openDatabase } from '~db/client.server'
import { CannotStart } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { addUser } from '../support/cast'
import { testDesk } from '../support/desk'
import { letGo } from '../support/let-go'
import { until } from '../support/until'

/** Bytes that the disk says are free; null for what it really says. */
const disk = vi.hoisted(() => ({ free: null as number | null }))
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const statfs = async (of: string) =>
    disk.free === null ? real.statfs(of) : { bavail: disk.free, bsize: 1 }
  return { ...real, statfs }
})

let folder: string
let path: string
let open: Database[]

/** A start of the server, as far as the database goes. */
async function start(): Promise<Desk> {
  await applyStagedRestore(path)
  const db = await openDatabase({ url: `file:${path}` })
  open.push(db)
  await migrate(db)
  let now = Date.UTC(2026, 0, 1)
  return { db, now: () => ++now }
}

const stop = (desk: Desk) => letGo(desk.db)
const names = async (desk: Desk) =>
  (await desk.db.all<{ name: string }>('SELECT name FROM users ORDER BY id')).map(({ name }) => name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docket-backups-'))
  path = join(folder, 'docket.db')
  open = []
})

afterEach(() => {
  for (const db of open) db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a backup is listed, restored at the next start, and the replaced database is kept', async () => {
  const desk = await start()
  await addUser(desk, 'Ada')
  const backup = await takeBackup(desk, system)
  expect(backup.name).toMatch(/^docket-2026-01-01T00-00-00-\d{3}Z\.db$/)
  expect(await listBackups(desk)).toEqual([backup])
  await addUser(desk, 'Bob')
  await stageRestore(desk, system, backup.name)
  expect(await stagedRestore(desk)).toBe(backup.name)
  stop(desk)

  const again = await start()
  expect(await names(again)).toEqual(['Ada'])
  expect(await stagedRestore(again)).toBeNull()
  expect(await listBackups(again)).toEqual([backup])
  await addUser(again, 'Eve')
  stop(again)

  const replaced = readdirSync(folder).find((name) => name.includes('.replaced-'))
  expect(replaced).toBeDefined()
  await restoreFile(path, join(folder, replaced ?? ''))
  const third = await start()
  expect(await names(third)).toEqual(['Ada', 'Bob'])
  expect(readdirSync(folder).filter((name) => /incoming|partial/.test(name))).toEqual([])
})

test('a backup can be taken again, and newest comes first', async () => {
  const desk = await start()
  const first = await takeBackup(desk, system)
  const second = await takeBackup(desk, system)
  expect((await listBackups(desk)).map(({ name }) => name)).toEqual([second.name, first.name])
  const rows = await desk.db.all("SELECT subjectId FROM audit WHERE action = 'backup' ORDER BY id")
  expect(rows).toEqual([{ subjectId: first.name }, { subjectId: second.name }])
})

test('a staged restore can be taken back', async () => {
  const desk = await start()
  const { name } = await takeBackup(desk, system)
  await addUser(desk, 'Ada')
  await stageRestore(desk, system, name)
  await cancelRestore(desk, system)
  stop(desk)
  expect(await names(await start())).toEqual(['Ada'])
})

test('only a whole backup of this version can be staged, and only by name', async () => {
  const desk = await start()
  const user = await addUser(desk, 'Ada')
  await expect(takeBackup(desk, user)).rejects.toBeInstanceOf(Forbidden)
  for (const name of ['../docket.db', 'docket-2026-01-01T00-00-00-009Z.db', '']) {
    await expect(stageRestore(desk, system, name)).rejects.toBeInstanceOf(NotFound)
  }
  const { name } = await takeBackup(desk, system)
  writeFileSync(join(folder, 'backups', name), 'not a database')
  await expect(stageRestore(desk, system, name)).rejects.toBeInstanceOf(Invalid)

  await desk.db.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO migrations VALUES (9999, 'later', 1)", args: [] }],
  })
  const later = await takeBackup(desk, system)
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: 'DELETE FROM migrations WHERE idx = 9999', args: [] }],
  })
  await expect(stageRestore(desk, system, later.name)).rejects.toThrow(/newer version/)
  expect(await stagedRestore(desk)).toBeNull()
})

test('a staged backup that has gone is said, and nothing is touched', async () => {
  const desk = await start()
  await addUser(desk, 'Ada')
  const { name } = await takeBackup(desk, system)
  await stageRestore(desk, system, name)
  stop(desk)
  rmSync(join(folder, 'backups', name))
  await expect(start()).rejects.toThrow(/is gone\. Remove .*\.restore/)
  rmSync(`${path}.restore`)
  expect(await names(await start())).toEqual(['Ada'])
})

test('a database that is in use is not replaced', async () => {
  const desk = await start()
  await addUser(desk, 'Ada')
  const { name } = await takeBackup(desk, system)
  await addUser(desk, 'Bob')
  await expect(restoreFile(path, join(folder, 'backups', name))).rejects.toThrow(/is in use by process/)
  expect(await names(desk)).toEqual(['Ada', 'Bob'])
})

test('what is no database is not restored', async () => {
  stop(await start())
  const file = join(folder, 'x.txt')
  writeFileSync(file, 'hello')
  await expect(restoreFile(path, file)).rejects.toBeInstanceOf(CannotStart)
  await expect(restoreFile(path, join(folder, 'nothing'))).rejects.toThrow(/no file/)
  expect(await names(await start())).toEqual([])
})

test('a backup is restored where there is no database yet', async () => {
  const desk = await start()
  await addUser(desk, 'Ada')
  const { name } = await takeBackup(desk, system)
  stop(desk)
  const elsewhere = join(folder, 'elsewhere', 'docket.db')
  expect(await restoreFile(elsewhere, join(folder, 'backups', name))).toBeNull()
  expect(existsSync(elsewhere)).toBe(true)
})

test('files of any name are listed and restored; links and unfinished ones are not', async () => {
  const desk = await start()
  const { name } = await takeBackup(desk, system)
  const backups = join(folder, 'backups')
  copyFileSync(join(backups, name), join(backups, 'before the move.db'))
  symlinkSync(path, join(backups, 'link.db'))
  linkSync(path, join(backups, 'hard-link.db'))
  writeFileSync(join(backups, 'other.db.partial'), '')
  mkdirSync(join(backups, 'folder'))
  expect((await listBackups(desk)).map((each) => [each.name, each.kind]).sort()).toEqual([
    ['before the move.db', 'manual'],
    [name, 'manual'],
  ])
  for (const link of ['link.db', 'hard-link.db', '../docket.db']) {
    await expect(stageRestore(desk, system, link)).rejects.toBeInstanceOf(NotFound)
    await expect(deleteBackup(desk, system, link)).rejects.toBeInstanceOf(NotFound)
    await expect(downloadBackup(desk, system, link)).rejects.toBeInstanceOf(NotFound)
  }
  await stageRestore(desk, system, 'before the move.db')
  stop(desk)
  await start()
})

test('a backup is deleted, unless it is to be restored', async () => {
  const desk = await start()
  const { name } = await takeBackup(desk, system)
  await stageRestore(desk, system, name)
  await expect(deleteBackup(desk, system, name)).rejects.toThrow('is to be restored')
  await cancelRestore(desk, system)
  await deleteBackup(desk, system, name)
  expect(await listBackups(desk)).toEqual([])
  await expect(deleteBackup(desk, system, name)).rejects.toBeInstanceOf(NotFound)
})

test('a daily backup is taken when the last is a day old, and the newest are kept', async () => {
  const started = await start()
  let now = Date.UTC(2026, 0, 1)
  const desk = { ...started, now: () => now }
  const manual = await takeBackup(desk, system)
  const taken: (string | undefined)[] = []
  for (let day = 1; day <= 4; day++) {
    now = Date.UTC(2026, 0, day, 1)
    taken.push((await takeDailyBackup(desk, 2))?.name)
    now += 23 * 3_600_000
    expect(await takeDailyBackup(desk, 2)).toBeNull()
  }
  expect((await listBackups(desk)).map(({ name }) => name)).toEqual([taken[3], taken[2], manual.name])
  expect(taken[3]).toBe('docket-daily-2026-01-04T01-00-00-000Z.db')
})

test('without room for two copies none is taken, and nothing is left of one that fails', async () => {
  const desk = await start()
  disk.free = 2 * statSync(path).size
  await expect(takeBackup(desk, system)).rejects.toMatchObject({ reason: 'no_room' })
  disk.free = null
  const taking = takeBackup(desk, system)
  taking.catch(() => undefined)
  await until(() => desk.db.isCopying)
  expect(backupState(desk).running).toMatchObject({ name: expect.stringMatching(/^docket-2026/) })
  await expect(takeBackup(desk, system)).rejects.toMatchObject({ reason: 'backup_running' })
  desk.db.abortCopy()
  await expect(taking).rejects.toMatchObject({ reason: 'backup_failed' })
  expect(readdirSync(join(folder, 'backups'))).toEqual([])
  expect(backupState(desk)).toMatchObject({
    running: null,
    failure: { reason: expect.stringContaining('stopped') },
  })
  await takeBackup(desk, system)
  expect(backupState(desk)).toEqual({ running: null, failure: null })
})

test('what a crash left of a backup is removed', async () => {
  const backups = join(folder, 'backups')
  mkdirSync(backups)
  for (const name of ['one.db.partial', 'one.db.partial.log-1', 'one.db'])
    writeFileSync(join(backups, name), '')
  writeFileSync(`${path}.checking-wal`, '')
  removeUnfinished(path)
  expect([readdirSync(backups), readdirSync(folder)]).toEqual([['one.db'], ['backups']])
})

test('a libSQL server has its own backups', async () => {
  const { desk, close } = await testDesk('server')
  try {
    expect(backsUpHere(desk)).toBe(false)
    expect(await listBackups(desk)).toEqual([])
    await expect(takeBackup(desk, system)).rejects.toBeInstanceOf(Invalid)
    await expect(stageRestore(desk, system, 'x')).rejects.toBeInstanceOf(Invalid)
  } finally {
    await close()
  }
})
