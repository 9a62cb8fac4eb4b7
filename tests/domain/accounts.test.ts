import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { makeAdmin } from '~/domain/accounts/admins.server'
import { changePassword } from '~/domain/accounts/change-password.server'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import { disableUser, enableUser } from '~/domain/accounts/disable.server'
import { signInInput } from '~/domain/accounts/input'
import { invite } from '~/domain/accounts/invite.server'
import { passwordProblem } from '~/domain/accounts/password.server'
import { passwordResetLink, resetPassword } from '~/domain/accounts/reset-password.server'
import { endOtherSessions, endSession, findSession, listSessions } from '~/domain/accounts/sessions.server'
import { defaultSettings } from '~/domain/accounts/settings'
import { signIn } from '~/domain/accounts/sign-in.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import { networkOf } from '~/domain/accounts/throttle.server'
import { createToken, findToken } from '~/domain/accounts/tokens.server'
import { downloadBackup, stageRestore } from '~/domain/backups.server'
import type { Desk } from '~/domain/desk'
import { Forbidden, Invalid, Throttled } from '~/domain/errors'
import { system, type UserActor } from '~/domain/policy'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { until } from '../support/until'

const password = 'seven green bottles'
let desk: Desk
let stage: TestDesk
let hosts = 0
/** Limits are counted by address for as long as the process lives: each test comes from its own. */
let client: { address: string; userAgent: string }

beforeEach(() => {
  client = { address: `10.0.0.${++hosts}`, userAgent: 'vitest' }
})

async function newUser(name = 'Ada', email = `${name.toLowerCase()}-${hosts}@example.com`) {
  const input = { name, email, password, passwordConfirm: password }
  const session = await signUp(desk, 'open', input, client)
  const found = await findSession(desk, session.token)
  if (!found) throw new Error('no session')
  const actor: UserActor = { kind: 'user', id: found.user.id, name, role: 'USER', address: client.address }
  return { ...session, actor, email }
}

const confirmed = (actor: UserActor) => confirmPassword(desk, actor, password)

const auditOf = async (actorId: string) =>
  (
    await desk.db.all<{ action: string }>('SELECT action FROM audit WHERE actorId = ? ORDER BY id', [actorId])
  ).map(({ action }) => action)

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
  })
  afterEach(() => stage.close())

  test('sign-up makes an account that is signed in, and is on the record', async () => {
    const { actor, token, sessionId, email } = await newUser()
    expect(await findSession(desk, token)).toEqual({
      user: { id: actor.id, name: 'Ada', email, role: 'USER' },
      settings: defaultSettings,
      sessionId,
      hasTwoFactor: false,
    })
    expect(await auditOf(actor.id)).toEqual(['sign-up', 'sign-in'])
    const stored = JSON.stringify([
      await desk.db.all('SELECT * FROM users'),
      await desk.db.all('SELECT * FROM sessions'),
      await desk.db.all('SELECT * FROM audit'),
    ])
    expect(stored).not.toContain(password)
    expect(stored).not.toContain(token)
    expect(stored).toContain('$argon2id$v=19$m=19456,t=2,p=1$')
  })

  test('an email address has one account, and a second sign-up says so', async () => {
    await newUser()
    await expect(newUser()).rejects.toMatchObject({ fields: { email: [expect.stringContaining('already')] } })
    expect(await desk.db.all('SELECT 1 FROM users')).toHaveLength(1)
  })

  test('two sign-ups with one address at the same moment make one account', async () => {
    const both = await Promise.allSettled([newUser('Eve'), newUser('Eve')])
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  test('sign-in starts a session and ends the one this browser had', async () => {
    const { email, token, sessionId } = await newUser()
    const next = await signIn(desk, { email, password }, { ...client, replaces: sessionId })
    expect(await findSession(desk, token)).toBeNull()
    expect(await findSession(desk, next.token)).toMatchObject({ user: { email } })
  })

  test('a wrong password and an unknown address are refused alike', async () => {
    const { email } = await newUser()
    const wrong = await signIn(desk, { email, password: 'wrong' }, client).catch((error: unknown) => error)
    const unknown = await signIn(desk, { email: 'x@example.com', password }, client).catch(
      (error: unknown) => error,
    )
    expect(wrong).toBeInstanceOf(Invalid)
    expect(unknown).toEqual(wrong)
  })

  test('a session ends by sign-out, by its user, and after 30 days', async () => {
    const { actor, token, sessionId, email } = await newUser()
    const stranger = await newUser('Bob')
    expect(await endSession(desk, stranger.actor, sessionId)).toBe(false)
    expect(await findSession(desk, token)).not.toBeNull()
    expect(await endSession(desk, actor, sessionId, 'sign-out')).toBe(true)
    expect(await endSession(desk, actor, sessionId)).toBe(false)
    expect(await findSession(desk, token)).toBeNull()
    expect(await auditOf(actor.id)).toEqual(['sign-up', 'sign-in', 'sign-out'])

    const other = await signIn(desk, { email, password }, client)
    const kept = await signIn(desk, { email, password }, client)
    await endOtherSessions(desk, actor, kept.sessionId)
    expect(await findSession(desk, other.token)).toBeNull()
    expect((await listSessions(desk, actor)).map(({ id }) => id)).toEqual([kept.sessionId])
    expect(await findSession(desk, stranger.token)).not.toBeNull()

    stage.advance(30 * 24 * 3_600_000 - 1)
    expect(await findSession(desk, kept.token)).not.toBeNull()
    stage.advance(1)
    expect(await findSession(desk, kept.token)).toBeNull()
    expect(await listSessions(desk, actor)).toEqual([])
  })

  test('when a session was last seen is kept to five minutes', async () => {
    const { actor, token } = await newUser()
    const began = desk.now()
    const lastSeen = async () => (await listSessions(desk, actor))[0]?.lastSeenAt
    stage.advance(5 * 60_000 - 1)
    await findSession(desk, token)
    expect(await lastSeen()).toBe(began)
    stage.advance(1)
    await findSession(desk, token)
    await until(async () => (await lastSeen()) === began + 5 * 60_000)
  })

  test('a disabled user is out at once', async () => {
    const { actor, token, email } = await newUser()
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE users SET disabledAt = 1 WHERE id = ?', args: [actor.id] }],
    })
    expect(await findSession(desk, token)).toBeNull()
    await expect(signIn(desk, { email, password }, client)).rejects.toBeInstanceOf(Invalid)
  })

  test('a new password ends the other sessions, and the old one is of no use', async () => {
    const { actor, email, token } = await newUser()
    const here = await signIn(desk, { email, password }, client)
    const change = (currentPassword: string, password: string) =>
      changePassword(desk, actor, { currentPassword, password, passwordConfirm: password }, here.sessionId)
    await expect(change('wrong', 'eight blue bottles')).rejects.toMatchObject({
      fields: { currentPassword: [expect.any(String)] },
    })
    await expect(change(password, 'password1')).rejects.toMatchObject({
      fields: { password: [expect.any(String)] },
    })
    const script = await createToken(desk, await confirmed(actor), { name: 'script', expiresInDays: 7 })
    await change(password, 'eight blue bottles')
    expect(await findToken(desk, script.token, client.address)).not.toBeNull()
    expect(await findSession(desk, token)).toBeNull()
    expect(await findSession(desk, here.token)).not.toBeNull()
    await expect(signIn(desk, { email, password }, client)).rejects.toBeInstanceOf(Invalid)
    await signIn(desk, { email, password: 'eight blue bottles' }, client)
    expect(await auditOf(actor.id)).toContain('password.change')
  })

  test('API tokens end with a password if their owner wants that, and always with a reset', async () => {
    const { actor, email, sessionId } = await newUser()
    const script = () =>
      createToken(desk, { ...actor, confirmedBy: 'password' }, { name: 'script', expiresInDays: 7 })
    const first = await script()
    const input = { currentPassword: password, password: 'eight blue bottles', passwordConfirm: '' }
    await changePassword(desk, actor, { ...input, revokeTokens: true }, sessionId)
    expect(await findToken(desk, first.token, client.address)).toBeNull()
    const second = await script()
    const root = await addUser(desk, 'Root', 'ADMIN')
    const { link } = await passwordResetLink(desk, root, email, 'https://docket.example.com')
    await resetPassword(desk, new URL(link).searchParams.get('token') as string, { password })
    expect(await findToken(desk, second.token, client.address)).toBeNull()
  })

  test('a session alone gives nobody lasting access: each verb that does asks for the password', async () => {
    const { actor } = await newUser()
    const { email } = await newUser('Bob')
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE users SET role = 'ADMIN' WHERE id = ?", args: [actor.id] }],
    })
    const ada: UserActor = { ...actor, role: 'ADMIN' }
    const origin = 'https://docket.example.com'
    const verbs = {
      'token.create': (by: UserActor) => createToken(desk, by, { name: 'x', expiresInDays: 7 }),
      'make-admin': (by: UserActor) => makeAdmin(desk, by, email),
      'user.enable': (by: UserActor) => enableUser(desk, by, email),
      'password.reset-link': (by: UserActor) => passwordResetLink(desk, by, email, origin),
      'invite.create': (by: UserActor) =>
        invite(desk, by, { email: 'new@example.com', role: 'ADMIN' }, origin),
    }
    const rows = () =>
      desk.db.all<{ action: string; detail: string }>(
        'SELECT action, detail FROM audit WHERE actorId = ? ORDER BY id',
        [ada.id],
      )
    const before = await rows()
    const missing = { fields: { currentPassword: ['Enter your current password.'] } }
    const files = [downloadBackup, stageRestore].map((verb) => (by: UserActor) => verb(desk, by, 'x.db'))
    for (const verb of [...Object.values(verbs), ...files]) {
      await expect<unknown>(verb(ada)).rejects.toMatchObject(missing)
    }
    for (const none of [undefined, '']) {
      await expect(confirmPassword(desk, ada, none)).rejects.toMatchObject(missing)
    }
    expect(await rows()).toEqual(before)
    // a script has its token, and the record says so
    for (const by of [await confirmed(ada), { ...ada, confirmedBy: 'token' as const }]) {
      for (const [action, verb] of Object.entries(verbs)) {
        stage.advance(1000)
        await desk.db.write({
          repeatable: true,
          statements: [{ sql: "UPDATE users SET role = 'USER' WHERE email = ?", args: [email] }],
        })
        if (action === 'user.enable') await disableUser(desk, system, email)
        await verb(by)
        const last = (await rows()).at(-1)
        expect([last?.action, JSON.parse(last?.detail ?? '{}').confirmedBy]).toEqual([action, by.confirmedBy])
      }
    }
  })
})

describe('limits', () => {
  beforeEach(async () => {
    stage = await testDesk()
    desk = stage.desk
  })
  afterEach(async () => {
    vi.useRealTimers()
    await stage.close()
  })

  const failing = (email: string, address = client.address) =>
    signIn(desk, { email, password: 'wrong' }, { ...client, address }).catch((error: unknown) => error)

  test('the sixth try at an account from an address waits for the quarter of an hour, even with the password', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { email } = await newUser()
    for (let n = 0; n < 5; n++) expect(await failing(email)).toBeInstanceOf(Invalid)
    const refused = await signIn(desk, { email, password }, client).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Throttled)
    expect((refused as Throttled).message).toBe(
      'Too many failed sign-ins for this account. Try again in 15 minutes.',
    )
    expect((refused as Throttled).retryAfter).toBeGreaterThan(890)
    await signIn(desk, { email, password }, { ...client, address: '10.1.0.1' })
    vi.setSystemTime(Date.now() + 15 * 60_000 + 1000)
    await signIn(desk, { email, password }, client)
  })

  test('after 20 failures from anywhere only known browsers may try, for an hour', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { email, actor } = await newUser()
    for (let n = 0; n < 20; n++) expect(await failing(email, `10.2.0.${n}`)).toBeInstanceOf(Invalid)
    const elsewhere = { ...client, address: '10.2.1.1' }
    const right = (from: typeof elsewhere & { knownUserIds?: string[] }) =>
      signIn(desk, { email, password }, from)
    await expect(right(elsewhere)).rejects.toMatchObject({
      message:
        'Too many failed sign-ins for this account. Use a browser that has signed in to it before, or try again in 60 minutes.',
    })
    await expect(right({ ...elsewhere, knownUserIds: ['somebody else'] })).rejects.toBeInstanceOf(Throttled)
    await right({ ...elsewhere, knownUserIds: [actor.id] })
    await expect(right(elsewhere)).rejects.toBeInstanceOf(Throttled)
    vi.setSystemTime(Date.now() + 60 * 60_000 + 1000)
    await right(elsewhere)
  })

  test('guessing the current password is guessing it at sign-in; a browser that is signed in is a known one', async () => {
    const { email, actor } = await newUser()
    const guess = () => confirmPassword(desk, actor, 'wrong').catch((error: unknown) => error)
    for (let n = 0; n < 4; n++) {
      expect(await guess()).toMatchObject({
        fields: { currentPassword: ['This is not your current password.'] },
      })
    }
    expect((await auditOf(actor.id)).slice(-4)).toEqual(Array(4).fill('password.confirm-failed'))
    expect(await failing(email)).toBeInstanceOf(Invalid)
    expect(await guess()).toBeInstanceOf(Throttled)
    await expect(confirmed(actor)).rejects.toBeInstanceOf(Throttled)
    for (let n = 0; n < 20; n++) await failing(email, `10.3.0.${n}`)
    expect(await confirmed({ ...actor, address: '10.3.1.1' })).toMatchObject({ confirmedBy: 'password' })
  })

  test('20 wrong current passwords in an hour, from wherever, and none is looked at: a right one forgets none', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const { email, actor } = await newUser()
    const at = (n: number): UserActor => ({ ...actor, address: `10.4.0.${n}` })
    for (let n = 0; n < 20; n++) {
      await expect(confirmPassword(desk, at(n), 'wrong')).rejects.toBeInstanceOf(Invalid)
      if (n === 10) await confirmed(at(n))
    }
    await expect(confirmed(at(20))).rejects.toMatchObject({
      message: 'Too many wrong passwords for this account. Try again in 60 minutes.',
    })
    // it is no limit of sign-in
    await signIn(desk, { email, password }, { ...client, knownUserIds: [actor.id] })
    vi.setSystemTime(Date.now() + 60 * 60_000 + 1000)
    expect(await confirmed(at(20))).toMatchObject({ confirmedBy: 'password' })
  })

  test('tries that come at once count too', async () => {
    const { email } = await newUser()
    const answers = await Promise.all(Array.from({ length: 8 }, () => failing(email)))
    expect(answers.filter((answer) => answer instanceof Throttled)).toHaveLength(3)
  })

  test('right passwords that come at once are all let in, and cost nothing', async () => {
    const { email } = await newUser()
    const sixtyAtOnce = Array.from({ length: 60 }, () => signIn(desk, { email, password }, client))
    await Promise.all(sixtyAtOnce)
    expect(await failing(email)).toBeInstanceOf(Invalid)
  })

  test('a wrong password among right ones that come at once counts once', async () => {
    const { email } = await newUser()
    for (let n = 0; n < 3; n++) await failing(email)
    const answers = await Promise.all([
      failing(email),
      ...Array.from({ length: 8 }, () => signIn(desk, { email, password }, client)),
    ])
    expect(answers[0]).toBeInstanceOf(Invalid)
  })

  test('what the account refuses does not use up the address', async () => {
    const { email } = await newUser()
    for (let n = 0; n < 5; n++) await failing('somebody@example.com')
    for (let n = 0; n < 60; n++) expect(await failing('somebody@example.com')).toBeInstanceOf(Throttled)
    await signIn(desk, { email, password }, client)
  })

  test('guesses at many accounts that come at once are 50, too', async () => {
    const guesses = Array.from({ length: 60 }, (_, n) => failing(`at-once-${n}@example.com`))
    const answers = await Promise.all(guesses)
    expect(answers.filter((answer) => answer instanceof Throttled)).toHaveLength(10)
  }, 20_000)

  test('no account has an address that long: it is refused, and not kept', async () => {
    for (let n = 0; n < 6; n++) {
      expect(await failing(`${'x'.repeat(300)}@example.com`)).toBeInstanceOf(Invalid)
    }
    expect(signInInput.safeParse({ email: 'x'.repeat(255), password }).success).toBe(false)
  })

  test('a right password clears the failures before it', async () => {
    const { email } = await newUser()
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 4; n++) expect(await failing(email)).toBeInstanceOf(Invalid)
      await signIn(desk, { email, password }, client)
    }
  })

  test('an address has 50 failures, whatever the account', async () => {
    const answers = []
    for (let n = 0; n < 51; n++) answers.push(await failing(`nobody-${n}@example.com`))
    expect(answers.slice(0, 50).every((answer) => answer instanceof Invalid)).toBe(true)
    expect(answers[50]).toBeInstanceOf(Throttled)
  }, 20_000)

  test('an address makes 20 accounts an hour', async () => {
    for (let n = 0; n < 20; n++) await newUser(`Guest${n}`)
    await expect(newUser('Guest20')).rejects.toBeInstanceOf(Throttled)
  }, 20_000)

  test('an IPv6 subscriber counts as one', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe(networkOf('2001:db8:1:2::1'))
    expect(networkOf('2001:db8:1:3::1')).not.toBe(networkOf('2001:db8:1:2::1'))
    expect(networkOf('::ffff:10.0.0.1')).toBe('10.0.0.1')
  })

  test.each([
    ['Password1', 'a common one'],
    ['P4ssw0rd1!', 'a common one in disguise'],
    ['qwertyuiop12', 'a row of keys'],
    ['aaaaaaaaaaaaaaaa', 'a repetition'],
    ['1a'.repeat(100), 'a repetition of any length'],
    ['lovelace1', 'the name of its owner'],
    ['Ada Lovelace', 'the whole name of its owner'],
    ['ada@analytical.example', 'the email address of its owner'],
    ['2026-12-01', 'a date'],
  ])('%s is too easy to guess: %s', async (guessable) => {
    expect(await passwordProblem(guessable, ['Ada Lovelace', 'ada@analytical.example'])).toContain(
      'easy to guess',
    )
  })

  test.each([
    'seven green bottles',
    'plough-otter-73-lamp',
    'xK9#vQ2mZ7',
    'パスワードですよね長い',
    `${'x1'.repeat(7)}Quagga!vent`,
  ])('%s is a good password', async (good) => {
    expect(await passwordProblem(good, ['Ada Lovelace', 'ada@analytical.example'])).toBeNull()
  })

  test('weak passwords and closed sign-up are refused', async () => {
    const input = {
      name: 'Ada',
      email: 'ada@example.com',
      password: 'Password1',
      passwordConfirm: 'Password1',
    }
    await expect(signUp(desk, 'open', input, client)).rejects.toMatchObject({
      fields: { password: [expect.any(String)] },
    })
    await expect(signUp(desk, 'closed', { ...input, password }, client)).rejects.toBeInstanceOf(Forbidden)
  })
})
