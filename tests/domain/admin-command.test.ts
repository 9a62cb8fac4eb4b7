import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { disableUser } from '~/domain/accounts/disable.server'
import { signIn } from '~/domain/accounts/sign-in.server'
import { listAudit } from '~/domain/audit-queries.server'
import type { Desk } from '~/domain/desk'
import { system } from '~/domain/policy'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { adminCommand } from '../../scripts/admin-command'
import { addAgent, addUser, handIn } from '../support/cast'
import { collectGarbage, letGo } from '../support/let-go'

const client = { address: '192.0.2.9', userAgent: null }
let folder: string
let email: string

const open = async (): Promise<Desk> => {
  const db = await openDatabase({ url: url() })
  await migrate(db)
  return { db, now: Date.now }
}
const url = () => `file:${join(folder, 'docket.db')}`

async function run(...args: string[]) {
  const lines: string[] = []
  const print = (line: string) => void lines.push(line)
  const code = await adminCommand(args, { DATABASE_URL: url() }, { out: print, err: print })
  collectGarbage()
  return { code, said: lines.join('\n') }
}

async function onDesk<T>(act: (desk: Desk) => Promise<T>): Promise<T> {
  const desk = await open()
  try {
    return await act(desk)
  } finally {
    letGo(desk.db)
  }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'docket-admin-'))
  email = await onDesk(async (desk) => `${(await addUser(desk, 'Ada')).id}@example.com`)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('says how it is used', async () => {
  expect(await run('help')).toMatchObject({ code: 0, said: expect.stringContaining('reset-password EMAIL') })
  for (const args of [
    [],
    ['make-admin'],
    ['drop', 'x'],
    ['backup', 'a', 'b'],
    ['check', 'x'],
    ['toString', 'x'],
  ]) {
    expect(await run(...args)).toMatchObject({ code: 2, said: expect.stringContaining('restore FILE') })
  }
})

test('sets a temporary password', async () => {
  const { code, said } = await run('reset-password', email)
  expect(code).toBe(0)
  const [, password = ''] = /^ {2}(\S{20})$/m.exec(said) ?? []
  await onDesk((desk) => signIn(desk, { email, password }, client))
})

test('turns off two-factor authentication, without the secret of the server', async () => {
  await onDesk(async ({ db }) => {
    await db.client.batch(
      [
        "UPDATE users SET totpSecret = 'sealed', totpEnabledAt = 1, totpLastStep = 1",
        "INSERT INTO recovery_codes SELECT id, 'hash' FROM users",
      ],
      'write',
    )
  })
  const said = `${email} signs in with the password alone, and can set up two-factor authentication again.`
  for (let n = 0; n < 2; n++) expect(await run('reset-2fa', email)).toEqual({ code: 0, said })
  expect((await run('reset-2fa', 'x@example.com')).said).toBe('There is no account x@example.com.')
  await onDesk(async (desk) => {
    expect(await desk.db.all('SELECT totpSecret, totpEnabledAt, totpLastStep FROM users')).toEqual([
      { totpSecret: null, totpEnabledAt: null, totpLastStep: null },
    ])
    expect(await desk.db.all('SELECT * FROM recovery_codes')).toEqual([])
    const { rows } = await listAudit(desk, system)
    expect(rows.map(({ actorKind, action }) => [actorKind, action])).toEqual([['system', 'two-factor.reset']])
  })
})

test('makes an admin', async () => {
  expect(await run('make-admin', email)).toEqual({ code: 0, said: `${email} is an admin.` })
  await onDesk(async (desk) =>
    expect(await desk.db.all('SELECT role FROM users')).toEqual([{ role: 'ADMIN' }]),
  )
})

test('lets a disabled account sign in again', async () => {
  await onDesk((desk) => disableUser(desk, system, email))
  expect(await run('enable', email)).toEqual({ code: 0, said: `${email} can sign in.` })
  await onDesk(async (desk) =>
    expect(await desk.db.all('SELECT disabledAt FROM users')).toEqual([{ disabledAt: null }]),
  )
})

test('copies the database and puts the copy back', async () => {
  const copy = join(folder, 'copy.db')
  expect(await run('backup', copy)).toMatchObject({ code: 0 })
  expect(await run('backup', copy)).toMatchObject({
    code: 1,
    said: expect.stringContaining('exists already'),
  })
  await run('make-admin', email)
  await onDesk(async (desk) =>
    expect(
      (await listAudit(desk, system)).rows.map(({ action, subjectName }) => [action, subjectName]),
    ).toEqual([
      ['make-admin', 'Ada'],
      ['backup', null],
    ]),
  )
  const { code, said } = await run('restore', copy)
  expect(code).toBe(0)
  expect(existsSync(/kept as (.+)\.$/m.exec(said)?.[1] ?? '')).toBe(true)
  await onDesk(async (desk) => {
    expect(await desk.db.all('SELECT role FROM users')).toEqual([{ role: 'USER' }])
    // the copy was taken before its own row, and knows of the restore that put it here
    expect(await desk.db.all('SELECT actorKind, action, subjectId FROM audit')).toEqual([
      { actorKind: 'system', action: 'restore', subjectId: 'copy.db' },
    ])
  })
})

test('refuses with a sentence while the server runs', async () => {
  const copy = join(folder, 'copy.db')
  await run('backup', copy)
  await onDesk(async () => {
    for (const args of [
      ['make-admin', email],
      ['backup', join(folder, 'b')],
      ['restore', copy],
    ]) {
      expect(await run(...args)).toMatchObject({ code: 1, said: expect.stringContaining('Stop it first') })
    }
  })
})

test('refuses with a sentence what is not there', async () => {
  expect(await run('make-admin', 'x@example.com')).toEqual({
    code: 1,
    said: 'There is no account x@example.com.',
  })
  expect(await run('restore', join(folder, 'none'))).toMatchObject({
    code: 1,
    said: expect.stringContaining('no file'),
  })
  const itself = await run('restore', join(folder, 'docket.db'))
  expect(itself).toMatchObject({ code: 1, said: expect.stringContaining('the database itself') })
  rmSync(join(folder, 'docket.db'))
  expect(await run('make-admin', email)).toMatchObject({
    code: 1,
    said: expect.stringContaining('There is no database'),
  })
  const said: string[] = []
  const err = (line: string) => void said.push(line)
  expect(
    await adminCommand(['backup', 'x'], { DATABASE_URL: 'http://127.0.0.1:65534' }, { out: err, err }),
  ).toBe(1)
  expect(
    await adminCommand(['make-admin', 'x'], { DATABASE_URL: 'http://127.0.0.1:65534' }, { out: err, err }),
  ).toBe(1)
  expect(said).toEqual([
    'The database is on a libSQL server: back it up and restore it there.',
    expect.stringContaining('Nothing listens at 127.0.0.1:65534.'),
  ])
})

test('checks the whole database, and lists what is wrong', async () => {
  expect(await run('check')).toEqual({
    code: 0,
    said: `${join(folder, 'docket.db')} was read as a whole, and nothing is wrong with it.`,
  })
  const ids = await onDesk(async (desk) => {
    const owner = await addUser(desk, 'Olive')
    const jobs = [await handIn(desk, owner), await handIn(desk, owner)]
    await desk.db.client.execute(
      "UPDATE jobs SET status = 'IN_PROGRESS' WHERE id = (SELECT min(id) FROM jobs)",
    )
    await desk.db.client.execute('UPDATE jobs SET attemptCount = 3 WHERE id = (SELECT max(id) FROM jobs)')
    await desk.db.client.execute('PRAGMA foreign_keys = OFF')
    await addAgent(desk, 'Agent')
    await desk.db.client.execute("UPDATE agents SET successorId = 'nobody'")
    return jobs.sort()
  })
  const { code, said } = await run('check')
  expect(code).toBe(1)
  expect(said.split('\n')).toEqual([
    'Row 1 of agents refers to a row of agents that does not exist.',
    `${ids[0]} does not have exactly the one running attempt that its status asks for.`,
    `${ids[1]} has another number of attempts than it counts.`,
    `${ids[0]} is not in the state that its log ends with.`,
  ])
})

test('makes a new database where there has been another one', async () => {
  const path = join(folder, 'docket.db')
  expect(await run('new-database')).toMatchObject({ code: 1, said: expect.stringContaining('already') })
  rmSync(path)
  writeFileSync(`${path}-wal`, 'what is left of the other one')
  await expect(open()).rejects.toThrow(
    `There is no database ${path}, but there has been one: its folder holds docket.db-wal.`,
  )
  expect(await run('new-database')).toEqual({ code: 0, said: `${path} is a new, empty database.` })
  await onDesk(async ({ db }) => expect(await db.all('SELECT * FROM users')).toEqual([]))
})
