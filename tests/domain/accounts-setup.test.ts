import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeAdmin } from '~/domain/accounts/admins.server'
import { findResetLink, passwordResetLink, resetPassword } from '~/domain/accounts/reset-password.server'
import { findSession } from '~/domain/accounts/sessions.server'
import { assertSetupToken, completeSetup, ensureAdmin, setupLink } from '~/domain/accounts/setup.server'
import { signIn } from '~/domain/accounts/sign-in.server'
import { listUsers } from '~/domain/accounts/users.server'
import { listAgents } from '~/domain/agents/queries.server'
import type { Desk } from '~/domain/desk'
import { Forbidden, Invalid, NotFound } from '~/domain/errors'
import { listJobs } from '~/domain/jobs/queries.server'
import { system, type UserActor } from '~/domain/policy'
import { CannotStart } from '~db/errors'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const origin = 'https://docket.example.com'
const password = 'seven green bottles'
const client = { address: '192.0.2.7', userAgent: null }
const admin = { name: 'Ada', email: 'ada@example.com', password }

let desk: Desk
let stage: TestDesk

const tokenIn = (link: string | null) => new URL(link ?? 'about:blank').searchParams.get('token') ?? ''

async function signedInAdmin(examples = false): Promise<UserActor> {
  const { token } = await completeSetup(
    desk,
    tokenIn(await setupLink(desk, origin)),
    { ...admin, examples },
    client,
  )
  const found = await findSession(desk, token)
  if (!found) throw new Error('no session')
  return { kind: 'user', ...found.user, confirmedBy: 'password' }
}

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
  })
  afterEach(() => stage.close())

  test('the setup link makes the first admin, with agents and jobs that run at once', async () => {
    const link = await setupLink(desk, origin)
    expect(link).toMatch(/^https:\/\/docket\.example\.com\/setup\?token=[\w-]{43}$/)
    const started = await completeSetup(desk, tokenIn(link), { ...admin, examples: true }, client)
    const found = await findSession(desk, started.token)
    expect(found?.user).toMatchObject({ name: 'Ada', role: 'ADMIN' })
    const agents = await listAgents(desk)
    expect(
      agents.map(({ name, kind, concurrency, takesUnassigned }) => [
        name,
        kind,
        concurrency,
        takesUnassigned,
      ]),
    ).toEqual([
      ['Local command', 'command', 1, false],
      ['Toolbox', 'toolbox', 4, true],
    ])
    const { rows } = await listJobs(desk, { kind: 'user', ...found!.user }, { scope: 'own' })
    expect(rows.map(({ status, agentName }) => [status, agentName])).toEqual(
      Array(3).fill(['ASSIGNED', 'Toolbox']),
    )
  })

  test('without the examples there is only the admin', async () => {
    await signedInAdmin()
    expect(await listAgents(desk)).toEqual([])
  })

  test('a link works once, a newer one voids it, it ends after 7 days, and no admin may be there', async () => {
    const first = tokenIn(await setupLink(desk, origin))
    const second = tokenIn(await setupLink(desk, origin))
    await expect(assertSetupToken(desk, first)).rejects.toBeInstanceOf(NotFound)
    await assertSetupToken(desk, second)
    stage.advance(7 * 24 * 3_600_000)
    await expect(assertSetupToken(desk, second)).rejects.toBeInstanceOf(NotFound)

    const third = tokenIn(await setupLink(desk, origin))
    await expect(completeSetup(desk, '', { ...admin, examples: false }, client)).rejects.toBeInstanceOf(
      NotFound,
    )
    await expect(
      completeSetup(desk, third, { ...admin, password: 'password1', examples: false }, client),
    ).rejects.toBeInstanceOf(Invalid)
    const both = await Promise.allSettled(
      ['one@example.com', 'two@example.com'].map((email) =>
        completeSetup(desk, third, { ...admin, email, examples: true }, client),
      ),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await desk.db.all("SELECT 1 FROM users WHERE role = 'ADMIN'")).toHaveLength(1)
    expect(await setupLink(desk, origin)).toBeNull()
  })

  test('ADMIN_EMAIL makes the first admin and the agents, once', async () => {
    await setupLink(desk, origin)
    await ensureAdmin(desk, { email: 'Root@Example.com', password })
    await ensureAdmin(desk, { email: 'other@example.com', password })
    const { token } = await signIn(desk, { email: 'root@example.com', password }, client)
    expect((await findSession(desk, token))?.user).toMatchObject({ role: 'ADMIN' })
    expect((await listAgents(desk)).map(({ name }) => name)).toEqual(['Local command', 'Toolbox'])
    expect(await desk.db.all('SELECT 1 FROM users')).toHaveLength(1)
    expect(await desk.db.all('SELECT 1 FROM jobs')).toEqual([])
    expect(await desk.db.all('SELECT 1 FROM one_time_links')).toEqual([])
    expect(await setupLink(desk, origin)).toBeNull()
  })

  test('ADMIN_PASSWORD is not easy to guess, and only looked at in the first set-up', async () => {
    await expect(ensureAdmin(desk, { email: 'a@example.com', password: 'password1' })).rejects.toBeInstanceOf(
      CannotStart,
    )
    await ensureAdmin(desk, { email: 'a@example.com', password })
    await ensureAdmin(desk, { email: 'a@example.com', password: 'password1' })
  })

  test('ADMIN_EMAIL takes over an ordinary account, whose sessions end', async () => {
    const eve = await addUser(desk, 'Eve')
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE users SET email = 'root@example.com'", args: [] }],
    })
    await ensureAdmin(desk, { email: 'root@example.com', password })
    const { token } = await signIn(desk, { email: 'root@example.com', password }, client)
    expect((await findSession(desk, token))?.user).toMatchObject({ id: eve.id, role: 'ADMIN' })
  })

  test('an admin makes an admin', async () => {
    const actor = await signedInAdmin()
    const bob = await addUser(desk, 'Bob')
    const email = `${bob.id}@example.com`
    await expect(makeAdmin(desk, bob, email)).rejects.toBeInstanceOf(Forbidden)
    await expect(makeAdmin(desk, actor, 'nobody@example.com')).rejects.toBeInstanceOf(NotFound)
    expect(await makeAdmin(desk, actor, email.toUpperCase())).toMatchObject({ id: bob.id, role: 'ADMIN' })
    await makeAdmin(desk, actor, email)
    expect(await desk.db.all("SELECT 1 FROM audit WHERE action = 'make-admin'")).toHaveLength(1)
  })

  test('a reset link sets a password once and ends the sessions', async () => {
    const actor = await signedInAdmin()
    const session = await signIn(desk, admin, client)
    const voided = tokenIn((await passwordResetLink(desk, actor, admin.email, origin)).link)
    const token = tokenIn((await passwordResetLink(desk, system, admin.email, origin)).link)
    await expect(findResetLink(desk, voided)).rejects.toBeInstanceOf(NotFound)
    expect(await findResetLink(desk, token)).toMatchObject({ email: admin.email })
    await expect(resetPassword(desk, token, { password: 'password1' })).rejects.toBeInstanceOf(Invalid)
    const passwords = ['eight blue bottles', 'nine red bottles']
    const twice = await Promise.allSettled(
      passwords.map((each) => resetPassword(desk, token, { password: each })),
    )
    expect(twice.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await findSession(desk, session.token)).toBeNull()
    const winner = passwords[twice.findIndex(({ status }) => status === 'fulfilled')] ?? ''
    await signIn(desk, { ...admin, password: winner }, client)
  })

  test('a reset link ends after a day, is for admins to give, and and is for an account', async () => {
    const actor = await signedInAdmin()
    const bob = await addUser(desk, 'Bob')
    await expect(passwordResetLink(desk, bob, admin.email, origin)).rejects.toBeInstanceOf(Forbidden)
    await expect(passwordResetLink(desk, actor, 'nobody@example.com', origin)).rejects.toBeInstanceOf(
      NotFound,
    )
    const token = tokenIn((await passwordResetLink(desk, actor, admin.email, origin)).link)
    stage.advance(24 * 3_600_000)
    await expect(resetPassword(desk, token, { password })).rejects.toBeInstanceOf(NotFound)
  })

  test('users are listed in pages, both ways', async () => {
    const actor = await signedInAdmin()
    for (let n = 0; n < 4; n++) await addUser(desk, `User ${n}`)
    const first = await listUsers(desk, actor, { limit: 2 })
    const second = await listUsers(desk, actor, { limit: 2, cursor: first.nextCursor })
    const back = await listUsers(desk, actor, { limit: 2, cursor: second.prevCursor })
    expect(back.rows).toEqual(first.rows)
    expect(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size).toBe(4)
    await expect(listUsers(desk, { ...actor, role: 'USER' })).rejects.toBeInstanceOf(Forbidden)
  })
})
