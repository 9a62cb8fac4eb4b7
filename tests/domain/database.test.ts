/** @about-file one process owns a file */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createClient } from '@libsql/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CannotStart, type Database, openDatabase } from '~db/client.server'
import { ChildFailed, checkFile } from '~db/database-child.server'
import type { DatabaseLost } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { collectGarbage } from '../support/let-go'
import { type DatabaseProcess, databaseProcess } from '../support/spawn-database-process'
import { until } from '../support/until'

let folder: string
let file: string
let url: string
const opened: Database[] = []
let other: DatabaseProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docket-db-'))
  file = join(folder, 'docket.db')
  url = `file:${file}`
})
afterEach(async () => {
  for (const db of opened.splice(0)) db.close()
  await other?.kill()
  other = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function open(options: { ownerWaitMs?: number } = {}): Promise<Database> {
  const db = await openDatabase({ url, ...options })
  opened.push(db)
  return db
}

test('a file that another process owns is refused, by the name of the owner', async () => {
  other = await databaseProcess('hold', url)
  const startedAt = performance.now()
  const refused = await open({ ownerWaitMs: 300 }).catch((error: unknown) => error)
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(300)
  expect(refused).toBeInstanceOf(CannotStart)
  expect((refused as Error).message).toContain(`${file} is in use by process ${other.pid} (since 20`)
  expect((refused as Error).message).toContain('Stop it first, or set DATABASE_URL to another file.')
})

test('whoever waits takes over when the owner leaves in time', async () => {
  other = await databaseProcess('hold', url)
  const waiting = open({ ownerWaitMs: 10_000 })
  await other.goOn()
  expect((await (await waiting).all('PRAGMA foreign_keys'))[0]).toEqual({ foreign_keys: 1 })
  expect(JSON.parse(readFileSync(`${file}.owner`, 'utf8'))).toMatchObject({ pid: process.pid })
})

test('a killed owner leaves the file free at once', async () => {
  other = await databaseProcess('hold', url)
  await other.kill()
  await open({ ownerWaitMs: 0 })
})

test('the note of the owner goes with it', async () => {
  const db = await open()
  expect(existsSync(`${file}.owner`)).toBe(true)
  db.close()
  expect(existsSync(`${file}.owner`)).toBe(false)
})

const names = ['journal_mode', 'locking_mode', 'synchronous', 'foreign_keys', 'busy_timeout']
const pragmas = async (db: Database) => {
  const rows = await Promise.all(names.map((name) => db.first<Record<string, unknown>>(`PRAGMA ${name}`)))
  return Object.assign({}, ...rows) as Record<string, unknown>
}
const full = 2
const wanted = {
  journal_mode: 'wal',
  locking_mode: 'exclusive',
  synchronous: full,
  foreign_keys: 1,
  timeout: 5000,
}

test('the connection carries its pragmas, also after failures', async () => {
  const db = await open()
  expect(await pragmas(db)).toEqual(wanted)
  const failures = [
    { sql: 'INSERT INTO nowhere VALUES (1)', args: [] },
    { sql: 'INSERT INTO migrations (idx, tag, appliedAt) VALUES (1, NULL, 1)', args: [] },
    { sql: "SELECT json('broken')", args: [] },
  ]
  for (const failing of failures) {
    await expect(db.write({ repeatable: true, statements: [failing] })).rejects.toThrow()
    await expect(db.client.batch([failing], 'write')).rejects.toThrow()
    await expect(db.client.execute(failing)).rejects.toThrow()
    expect(await pragmas(db)).toEqual(wanted)
  }
  // still ours, and no transaction was left open
  await db.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
  })
  await expect(openDatabase({ url, ownerWaitMs: 0 })).rejects.toThrow('is in use')
})

test('foreign keys are enforced', async () => {
  const db = await open()
  await db.client.batch(
    ['CREATE TABLE a (id INTEGER PRIMARY KEY)', 'CREATE TABLE b (a INTEGER REFERENCES a(id))'],
    'write',
  )
  const orphan = { sql: 'INSERT INTO b VALUES (1)', args: [] }
  await expect(db.write({ repeatable: true, statements: [orphan] })).rejects.toThrow('FOREIGN KEY')
})

test('what is no database, or no place for one, is refused with a sentence', async () => {
  writeFileSync(file, 'Dear diary, today I met a database. '.repeat(100))
  const refused = await open().catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CannotStart)
  expect((refused as Error).message).toBe(
    `The file ${file} is not a database of Docket. Nothing was written to it. Set DATABASE_URL to another file.`,
  )

  const below = await openDatabase({ url: `file:${file}/docket.db` }).catch((error: unknown) => error)
  expect(below).toBeInstanceOf(CannotStart)
  expect((below as Error).message).toMatch(/^The database .* can't be opened \(E\w+\)\.$/)

  const aFolder = await openDatabase({ url: `file:${folder}` }).catch((error: unknown) => error)
  expect(aFolder).toBeInstanceOf(CannotStart)
  expect((aFolder as Error).message).toContain(`The database ${folder} can't be opened`)
})

test('what is released is whole in its one file, and free for another process at once', async () => {
  const db = await open()
  await db.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
  })
  await db.release()
  db.close()
  expect(readdirSync(folder)).toEqual(['docket.db'])
  const copy = join(folder, 'copy.db')
  copyFileSync(file, copy)
  other = await databaseProcess('hold', url)
  const read = await openDatabase({ url: `file:${copy}` })
  opened.push(read)
  expect(await read.all('SELECT tag FROM migrations')).toEqual([{ tag: 'x' }])
})

test('a backup is a whole database, and is not written over another', async () => {
  const db = await open()
  await db.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
  })
  const copy = join(folder, 'copies', 'copy.db')
  expect(await db.copy(copy, { depth: 'full' })).toEqual({ problem: null })
  await expect(db.copy(copy, { depth: 'full' })).rejects.toThrow('exists already')
  const read = await openDatabase({ url: `file:${copy}` })
  opened.push(read)
  expect(await read.all('SELECT tag FROM migrations')).toEqual([{ tag: 'x' }])
})

test.each([
  ['tables of its own', 'CREATE TABLE notes (body TEXT)'],
  ['a table of migrations of its own', 'CREATE TABLE migrations (id INTEGER PRIMARY KEY, name TEXT)'],
])("another application's database, with %s, is refused, and nothing is written to it", async (_, sql) => {
  const theirs = createClient({ url })
  await theirs.execute(sql)
  theirs.close()
  collectGarbage()
  const before = readFileSync(file)
  await expect(open()).rejects.toThrow(`The file ${file} is not a database of Docket.`)
  expect(readFileSync(file)).toEqual(before)
  expect(readdirSync(folder)).toEqual(['docket.db'])
})

test.each([
  ['a log', 'docket.db-wal'],
  ['a session secret', 'session-secret'],
  ['a backup', 'backups/one.db'],
  ['a copy from before an update', 'docket.db.before-0003_x-1'],
  ['a rescued copy', 'rescued-2026-01-01T00-00-00-000Z.db'],
])('no empty database is made beside %s of a lost one', async (_, trace) => {
  mkdirSync(dirname(join(folder, trace)), { recursive: true })
  writeFileSync(join(folder, trace), 'something')
  const refused = await open().catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(CannotStart)
  for (const way of [trace.split('/')[0], 'npm run admin -- restore FILE', 'npm run admin -- new-database']) {
    expect((refused as Error).message).toContain(way)
  }
  expect(existsSync(file)).toBe(false)
})

test('a copy that is made while rows are written is consistent, and the log stays short', async () => {
  const db = await open()
  await db.client.batch(
    [
      'CREATE TABLE a (n INTEGER PRIMARY KEY, x BLOB)',
      'CREATE TABLE b (n INTEGER)',
      "INSERT INTO migrations VALUES (0, 'x', 1)",
    ],
    'write',
  )
  const row = () =>
    db.write({
      repeatable: true,
      statements: [
        { sql: 'INSERT INTO a (x) VALUES (randomblob(100000))', args: [] },
        { sql: 'INSERT INTO b SELECT max(n) FROM a', args: [] },
      ],
    })
  for (let n = 0; n < 300; n++) await row()
  const emptied = vi.spyOn(db.client, 'execute')
  let longest = 0
  const copying = db.copy(join(folder, 'copy.db'), { depth: 'full' })
  expect(db.isCopying).toBe(true)
  await expect(db.copy(join(folder, 'second.db'), { depth: 'full' })).rejects.toThrow('one copy')
  let written = 300
  while (db.isCopying) {
    await row()
    written++
    longest = Math.max(longest, statSync(`${file}-wal`).size)
  }
  expect(await copying).toEqual({ problem: null })
  // emptied once before the copy began, and then whenever it was 4 MB long
  expect(
    emptied.mock.calls.filter(([sql]) => sql === 'PRAGMA wal_checkpoint(TRUNCATE)').length,
  ).toBeGreaterThan(1)
  expect(longest).toBeLessThan(6 * 2 ** 20)
  expect(await db.first('PRAGMA wal_autocheckpoint')).toEqual({ wal_autocheckpoint: 1000 })
  expect(readdirSync(folder).sort()).toEqual(['copy.db', 'docket.db', 'docket.db-wal', 'docket.db.owner'])

  const copy = createClient({ url: `file:${join(folder, 'copy.db')}` })
  const counts = 'SELECT count(*) AS rows, max(n) AS last FROM'
  const [a, b] = await Promise.all(
    ['a', 'b'].map(async (name) => (await copy.execute(`${counts} ${name}`)).rows[0]),
  )
  copy.close()
  expect(a).toEqual(b)
  expect(a?.rows).toBe(a?.last)
  expect(Number(a?.rows)).toBeGreaterThanOrEqual(300)
  expect(Number(a?.rows)).toBeLessThanOrEqual(written)
})

test('no other process can open the file after a copy, a look at its identity and a probe', async () => {
  const db = await open()
  await migrate(db)
  await db.copy(join(folder, 'copy.db'), { depth: 'quick' })
  expect([db.lost(), await db.probe()]).toEqual([null, true])
  expect(await checkFile(file, { depth: 'quick' })).toEqual({ problem: null, busy: true })
})

test('a copy that fails leaves nothing behind, and the database goes on', async () => {
  const db = await open()
  const copying = db.copy(join(folder, 'copy.db'), { depth: 'full' })
  copying.catch(() => undefined)
  await until(() => existsSync(join(folder, 'copy.db')))
  db.abortCopy()
  await expect(copying).rejects.toBeInstanceOf(ChildFailed)
  expect(readdirSync(folder).sort()).toEqual(['docket.db', 'docket.db-wal', 'docket.db.owner'])
  await db.write({
    repeatable: true,
    statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
  })
})

describe('a file that is gone from its path while it is open', () => {
  const note = (at: number) => ({
    repeatable: true as const,
    statements: [{ sql: 'INSERT INTO probes (id, at) VALUES (?, 1)', args: [at] }],
  })
  const ways: [string, () => void][] = [
    ['removed', () => rmSync(file)],
    ['replaced', () => renameSync(join(folder, 'other.db'), file)],
    ['in a folder that was renamed', () => renameSync(folder, `${folder}-moved`)],
  ]
  afterEach(() => rmSync(`${folder}-moved`, { recursive: true, force: true }))

  test.each(ways)('%s: nothing more is answered as written, and every row is saved', async (_, lose) => {
    const db = await open()
    const told: DatabaseLost[] = []
    db.onLost((lost) => void told.push(lost))
    await db.client.execute('CREATE TABLE probes (id INTEGER PRIMARY KEY, at INTEGER)')
    await db.write(note(1))
    writeFileSync(join(folder, 'other.db'), 'another file')
    lose()
    const first = await Promise.allSettled([db.write(note(2)), db.write(note(3))])
    const later = await Promise.allSettled([db.write(note(4)), db.all('SELECT * FROM probes')])
    const answers = [...first, ...later]
    const [lost] = told
    expect(told).toHaveLength(1)
    expect(answers.map((each) => each.status === 'rejected' && each.reason === lost)).toEqual(
      Array(4).fill(true),
    )
    expect(lost?.message).toBe(
      `The database file ${file} was removed, replaced or moved while Docket was running. Everything in it was saved to ${lost?.rescued}. To go on with that, run: npm run admin -- restore ${lost?.rescued}`,
    )
    expect(await db.probe()).toBe(false)
    expect(db.healthy).toBe(false)
    expect(dirname(lost?.rescued ?? '')).toBe(folder)
    expect(statSync(lost?.rescued ?? '').mode & 0o777).toBe(0o600)

    const rescued = await openDatabase({ url: `file:${lost?.rescued}` })
    opened.push(rescued)
    expect((await rescued.all<{ id: number }>('SELECT id FROM probes')).map(({ id }) => id)).toEqual([1])
  })

  test('a write that was committed when the file went is refused, and saved', async () => {
    const db = await open()
    const batch = db.client.batch.bind(db.client)
    vi.spyOn(db.client, 'batch').mockImplementationOnce(async (...asked) => {
      const done = await batch(...asked)
      rmSync(file)
      return done
    })
    const write = db.write({
      repeatable: true,
      statements: [{ sql: "INSERT INTO migrations VALUES (7, 'x', 1)", args: [] }],
    })
    const lost = await write.then(
      () => null,
      (error: DatabaseLost) => error,
    )
    const rescued = await openDatabase({ url: `file:${lost?.rescued}` })
    opened.push(rescued)
    expect(await rescued.all('SELECT idx FROM migrations')).toEqual([{ idx: 7 }])
  })

  test('a moved file is whole without its log', async () => {
    const db = await open()
    await db.write({
      repeatable: true,
      statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
    })
    renameSync(file, join(folder, 'moved.db'))
    await db.lost()
    expect(statSync(`${file}-wal`).size).toBe(0)
    copyFileSync(join(folder, 'moved.db'), join(folder, 'copy.db'))
    const moved = createClient({ url: `file:${join(folder, 'copy.db')}` })
    expect((await moved.execute('SELECT tag FROM migrations')).rows).toMatchObject([{ tag: 'x' }])
    moved.close()
  })

  test('without a folder to write to, it is saved elsewhere', async () => {
    const db = await open()
    renameSync(folder, `${folder}-moved`)
    writeFileSync(folder, 'a file in its place')
    const lost = await db.lost()
    expect(dirname(lost?.rescued ?? '')).toBe(process.cwd())
    rmSync(lost?.rescued ?? '')
  })

  test('one that is still there is found by no look', async () => {
    const db = await open()
    expect(db.lost()).toBeNull()
    await db.write({
      repeatable: true,
      statements: [{ sql: "INSERT INTO migrations VALUES (0, 'x', 1)", args: [] }],
    })
    expect(db.lost()).toBeNull()
  })
})
