import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hashOf } from '~/domain/accounts/secret.server'
import { findSession } from '~/domain/accounts/sessions.server'
import type { Claim } from '~/domain/attempts/brief'
import { drainAttempt } from '~/domain/attempts/interrupt.server'
import type { Desk } from '~/domain/desk'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { CannotStart, type Database, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { exceptOnServer } from '../support/except-on-server'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { databaseProcess } from '../support/spawn-database-process'
import { until } from '../support/until'

let folder: string
let server: HranaServer | undefined
const opened: Database[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docket-migrate-'))
})
afterEach(async () => {
  for (const db of opened.splice(0)) db.close()
  await server?.close()
  server = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function open(on: 'file' | 'server'): Promise<Database> {
  const file = join(folder, 'docket.db')
  if (on === 'server') server ??= await startHranaServer({ file })
  const db = await openDatabase({ url: server?.url ?? `file:${file}` })
  opened.push(db)
  return db
}

const real = JSON.parse(readFileSync('db/migrations/meta/_journal.json', 'utf8')) as { entries: Entry[] }
interface Entry {
  idx: number
  tag: string
}

/** These of Docket's own migrations in a folder. */
function migrationsIn(entries: Entry[]): string {
  const to = join(folder, 'migrations')
  cpSync('db/migrations', to, { recursive: true })
  writeFileSync(join(to, 'meta', '_journal.json'), JSON.stringify({ entries }))
  return to
}

/** Docket's own migrations and one more, in a folder of their own. */
function withOneMore(sql: string): string {
  const idx = real.entries.length
  const tag = `000${idx}_next`
  const to = migrationsIn([...real.entries, { idx, tag }])
  writeFileSync(join(to, `${tag}.sql`), sql)
  return to
}

/** No other process is to notice it. */
const atOnce = { noticeMs: 0 }
/** As a process leaves it that dies in the middle. */
const begin = (db: Database) =>
  db.client.batch(
    [
      {
        sql: 'INSERT INTO migrations (idx, tag, appliedAt) VALUES (?, ?, 0)',
        args: [real.entries.length, 'next'],
      },
    ],
    'write',
  )

const tables = async (db: Database) =>
  (await db.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).map(
    ({ name }) => name,
  )
/** @returns what ends it */
async function addLiveAttempt(db: Database) {
  const desk: Desk = { db, now: Date.now }
  const owner = await addUser(desk, 'Olive')
  const agent = await addAgent(desk, 'Painter')
  await handIn(desk, owner)
  const [held] = await claim(desk, agent)
  return () => drainAttempt(desk, (held as Claim).lease)
}

const applied = (db: Database) => db.all<Entry>('SELECT idx, tag FROM migrations ORDER BY idx')
const copies = () => readdirSync(folder).filter((name) => name.includes('.before-'))

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  test('a new database gets every migration, in order, and a second run changes nothing', async () => {
    const db = await open(on)
    await migrate(db)
    expect(await applied(db)).toEqual(real.entries.map(({ idx, tag }) => ({ idx, tag })))
    expect(await tables(db)).toEqual(expect.arrayContaining(['jobs', 'job_logs', 'attempts', 'users']))
    const before = await db.all('SELECT * FROM migrations')
    await migrate(db)
    expect(await db.all('SELECT * FROM migrations')).toEqual(before)
    expect(copies()).toEqual([])
  })

  test('a database from a newer version is refused and stays as it is', async () => {
    const db = await open(on)
    await migrate(db, { ...atOnce, folder: withOneMore('CREATE TABLE later (id INTEGER)') })
    const refused = await migrate(db).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(CannotStart)
    expect((refused as Error).message).toContain(
      `made by a newer version of Docket (migration ${real.entries.length})`,
    )
    expect(await tables(db)).toContain('later')
  })

  test('a migration that fails leaves nothing of itself, and what came before it stays', async () => {
    const db = await open(on)
    const broken = withOneMore(
      'CREATE TABLE half (id INTEGER);\n--> statement-breakpoint\nINSERT INTO probes (id, at) VALUES (7, 7);\n--> statement-breakpoint\nINSERT INTO half SELECT missing FROM jobs',
    )
    await expect(migrate(db, { ...atOnce, folder: broken })).rejects.toThrow('missing')
    expect(await tables(db)).not.toContain('half')
    expect(await db.all('SELECT * FROM probes WHERE id = 7')).toEqual([])
    expect(await applied(db)).toHaveLength(real.entries.length)
    // the version before may start again
    await migrate(db)
    // and the mended one goes through
    await migrate(db, { ...atOnce, folder: withOneMore('CREATE TABLE half (id INTEGER)') })
    expect(await tables(db)).toContain('half')
  })

  test('it says that it begins before it changes anything; older versions do not start meanwhile', async () => {
    const db = await open(on)
    await migrate(db)
    await begin(db)
    const refused = await migrate(db).catch((error: unknown) => error)
    expect((refused as Error).message).toContain('made by a newer version')
    expect(await db.version.look()).toBe(true)
  })

  test('what died in the middle of its migrations is gone on with by the next start', async () => {
    const db = await open(on)
    await migrate(db)
    await begin(db)
    const waits: string[] = []
    const folder = withOneMore('CREATE TABLE later (id INTEGER)')
    await migrate(db, { ...atOnce, folder, patienceMs: 0, onWait: (sentence) => waits.push(sentence) })
    expect(await tables(db)).toContain('later')
    expect(waits).toHaveLength(on === 'server' ? 1 : 0)
    expect(await db.all('SELECT idx FROM migrations WHERE appliedAt = 0')).toEqual([])
    await migrate(db, { folder })
  })
})

test('while others still run on a server, a migration waits until they have given back what they run', async () => {
  const db = await open('server')
  await migrate(db)
  const lapses = await addLiveAttempt(db)
  let isThrough = false
  const folder = withOneMore('CREATE TABLE later (id INTEGER)')
  const migrated = migrate(db, { ...atOnce, folder }).then(() => {
    isThrough = true
  })
  await until(async () => db.first('SELECT 1 FROM migrations WHERE appliedAt = 0'))
  expect(await tables(db)).not.toContain('later')
  expect(isThrough).toBe(false)
  await lapses()
  await migrated
  expect(await tables(db)).toContain('later')
})

test('before it changes a database that was in use, a file is copied', async () => {
  const db = await open('file')
  await migrate(db)
  await db.write({
    repeatable: true,
    statements: [{ sql: 'INSERT INTO probes (id, at) VALUES (7, 7)', args: [] }],
  })
  await migrate(db, { ...atOnce, folder: withOneMore('DROP TABLE probes') })
  expect(await tables(db)).not.toContain('probes')
  expect(copies()).toHaveLength(1)
  const copy = await openDatabase({ url: `file:${join(folder, copies()[0] ?? '')}` })
  opened.push(copy)
  expect(await copy.all('SELECT id FROM probes')).toEqual([{ id: 7 }])
  expect(await applied(copy)).toHaveLength(real.entries.length)
})

test('a table that others refer to can be rebuilt', async () => {
  const db = await open('file')
  await migrate(db)
  await db.client.batch(
    [
      "INSERT INTO users (id, email, name, passwordHash, createdAt, updatedAt) VALUES ('u', 'e', 'n', 'h', 1, 1)",
      "INSERT INTO sessions (id, tokenHash, userId, createdAt, lastSeenAt, expiresAt) VALUES ('s', 'h', 'u', 1, 1, 1)",
    ],
    'write',
  )
  const kept = 'id, email, name, passwordHash, role, disabledAt, createdAt, updatedAt'
  const rebuild = [
    'CREATE TABLE new_users AS SELECT * FROM users',
    'DROP TABLE users',
    'CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, name TEXT, passwordHash TEXT, role TEXT, disabledAt INTEGER, createdAt INTEGER, updatedAt INTEGER)',
    `INSERT INTO users (${kept}) SELECT ${kept} FROM new_users`,
    'DROP TABLE new_users',
  ]
  await migrate(db, { ...atOnce, folder: withOneMore(rebuild.join(';\n--> statement-breakpoint\n')) })
  expect(await db.all('SELECT s.id, u.email FROM sessions s JOIN users u ON u.id = s.userId')).toEqual([
    { id: 's', email: 'e' },
  ])
})

test('an account from before the second factor has none, and stays signed in', async () => {
  const db = await open('file')
  const at = real.entries.findIndex(({ tag }) => tag.endsWith('_second_factor'))
  await migrate(db, { folder: migrationsIn(real.entries.slice(0, at)) })
  await db.client.batch(
    [
      "INSERT INTO users (id, email, name, passwordHash, createdAt, updatedAt) VALUES ('u', 'e', 'n', 'h', 1, 1)",
      {
        sql: "INSERT INTO sessions (id, tokenHash, userId, createdAt, lastSeenAt, expiresAt) VALUES ('s', ?, 'u', 1, 1, 9)",
        args: [hashOf('cookie')],
      },
    ],
    'write',
  )
  await migrate(db)
  expect(await findSession({ db, now: () => 1 }, 'cookie')).toMatchObject({
    ...{ sessionId: 's', user: { id: 'u', role: 'USER' }, hasTwoFactor: false },
  })
  expect(await twoFactorState({ db, now: () => 1 }, { id: 'u' })).toEqual({
    ...{ enabledAt: null, codesLeft: 0, isReadable: true },
  })
})

exceptOnServer('takes a read replica')(
  'on a read replica, which shows the tables a moment later, the start waits until it does',
  async () => {
    const db = await open('server')
    server?.behind(200)
    await migrate(db)
    expect(await db.all('SELECT id FROM jobs')).toEqual([])
    expect(await db.all('SELECT idx FROM migrations WHERE appliedAt > 0')).toHaveLength(real.entries.length)
  },
)

test('several processes that start on one server at once all get through, and each migration is made once', async () => {
  server = await startHranaServer({ file: join(folder, 'docket.db') })
  const { url } = server
  const processes = await Promise.all([1, 2, 3].map(() => databaseProcess('migrate', url)))
  const here = await Promise.all([open('server'), open('server')])
  await Promise.all([...processes.map((each) => each.goOn()), ...here.map((db) => migrate(db))])
  expect(await applied(here[0] as Database)).toEqual(real.entries.map(({ idx, tag }) => ({ idx, tag })))
})
