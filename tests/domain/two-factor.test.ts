import { TOTP } from 'otpauth'
import decodeQR from 'qr/decode.js'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { changePassword } from '~/domain/accounts/change-password.server'
import { confirmPassword } from '~/domain/accounts/confirm-password.server'
import {
  passwordResetLink,
  resetPassword,
  setTemporaryPassword,
} from '~/domain/accounts/reset-password.server'
import { findSession, startSession } from '~/domain/accounts/sessions.server'
import {
  CodeRequired,
  checkCredentials,
  consumeSignInCode,
  finishSignIn,
  signIn,
} from '~/domain/accounts/sign-in.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import { createToken, findToken } from '~/domain/accounts/tokens.server'
import { listAudit } from '~/domain/audit-queries.server'
import type { Desk } from '~/domain/desk'
import { Invalid, NotFound, Throttled } from '~/domain/errors'
import { system, type UserActor } from '~/domain/policy'
import { disableTwoFactor, resetTwoFactor } from '~/domain/two-factor/disable.server'
import { enableTwoFactor, replaceRecoveryCodes, setUpOf, startSetUp } from '~/domain/two-factor/enable.server'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { openSecret, otpauthUri, sealSecret, stepOf } from '~/domain/two-factor/totp.server'
import { type House, openHouse } from '~/http/desk.server'
import { pendingSetUpCookie, qrCode, readPendingSetUp } from '~/http/two-factor.server'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const password = 'seven green bottles'
const stepMs = 30_000
let desk: Desk
let stage: TestDesk
let hosts = 0
/** Limits are counted by address for as long as the process lives: each test comes from its own. */
let client: { address: string; userAgent: string }

beforeEach(async () => {
  client = { address: `10.14.0.${++hosts}`, userAgent: 'vitest' }
})
afterEach(() => stage.close())

async function open(on: 'file' | 'server' = 'file') {
  stage = await testDesk(on)
  desk = stage.desk
}

/** An account that is signed in, with two-factor authentication. */
async function person(name = 'Ada') {
  const email = `${name.toLowerCase()}-${hosts}@example.com`
  const session = await signUp(desk, 'open', { name, email, password, passwordConfirm: password }, client)
  const actor: UserActor = {
    ...{ kind: 'user', id: session.userId, name, role: 'USER', address: client.address },
    confirmedBy: 'password',
  }
  const sealed = startSetUp(desk, actor)
  const secret = setUpOf(desk, actor, sealed, 'Docket', email)?.secret as string
  const codeNow = (steps = 0) => new TOTP({ secret }).generate({ timestamp: desk.now() + steps * stepMs })
  const recovery = await enableTwoFactor(desk, actor, {
    ...{ sealed, code: codeNow(), keepSessionId: session.sessionId },
  })
  const signInWith = async (code: string, from = client) => {
    const needed = await signIn(desk, { email, password }, from).catch((error: unknown) => error)
    if (!(needed instanceof CodeRequired)) throw needed
    return finishSignIn(desk, needed.pending, code, from)
  }
  return { ...session, email, actor, secret, codeNow, recovery, signInWith }
}

const refusalOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'let in',
    (error: unknown) => error,
  )
const wrongCode = { fields: { code: [expect.stringContaining('wrong, or was already used')] } }
const actionsOf = async ({ id }: UserActor) =>
  (await listAudit(desk, system, { subject: id, limit: 50 })).rows.map(({ action }) => action).reverse()
const allRows = async () =>
  JSON.stringify(
    await Promise.all(
      ['users', 'recovery_codes', 'audit', 'sessions'].map((table) => desk.db.all(`SELECT * FROM ${table}`)),
    ),
  )

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(() => open(on))

  test('a sign-in needs the password and a code, and both stay out of the database', async () => {
    const { email, actor, secret, recovery, codeNow, signInWith, token } = await person()
    expect(await findSession(desk, token)).toMatchObject({ hasTwoFactor: true })
    await expect(signIn(desk, { email, password: 'wrong' }, client)).rejects.toMatchObject({
      fields: { password: [expect.any(String)] },
    })
    stage.advance(stepMs)
    const session = await signInWith(codeNow())
    expect(await findSession(desk, session?.token ?? '')).toMatchObject({ user: { email } })
    expect(await actionsOf(actor)).toEqual([
      'sign-up',
      'two-factor.enable',
      'sign-in.failed',
      'two-factor.code',
    ])
    const stored = await allRows()
    for (const clear of [secret, ...recovery, ...recovery.map((code) => code.replaceAll('-', ''))]) {
      expect(stored).not.toContain(clear)
    }
    expect(recovery).toHaveLength(10)
    expect(recovery.every((code) => /^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/.test(code))).toBe(
      true,
    )
  })

  test('a code works once, also if it comes twice at the same moment, and so does a recovery code', async () => {
    const { actor, recovery, codeNow, signInWith } = await person()
    // the code of the set-up is used up as well
    await expect(signInWith(codeNow())).rejects.toMatchObject(wrongCode)
    stage.advance(stepMs)
    for (const code of [codeNow(), recovery[3] as string]) {
      const both = await Promise.allSettled([signInWith(code), signInWith(code)])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    }
    expect(await twoFactorState(desk, actor)).toMatchObject({ codesLeft: 9 })
  })

  test('two processes let in one of two requests with the same code', async () => {
    const { actor, codeNow, recovery, signInWith } = await person()
    stage.advance(stepMs)
    // each process has limits and queues of its own: without them only the guard in SQL is left
    vi.resetModules()
    const other = await import('~/domain/two-factor/consume-code.server')
    const consume = (code: string) =>
      other.consumeCode(desk, actor, code, { actor, action: 'two-factor.failed' })
    for (const code of [codeNow(), recovery[0] as string]) {
      const both = await Promise.allSettled([signInWith(code), consume(code)])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    }
  })
})

describe('codes', () => {
  beforeEach(() => open())

  test('are those of RFC 6238, for the step before, this one and the next', () => {
    const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
    expect(stepOf(secret, '287082', 59_000)).toBe(1)
    expect(stepOf(secret, '081804', 1_111_111_109_000)).toBe(37_037_036)
    const at = 37_037_036 * stepMs
    for (const [late, step] of [
      [-stepMs - 1, null],
      [-stepMs, 37_037_036],
      [2 * stepMs - 1, 37_037_036],
      [2 * stepMs, null],
    ] as const) {
      expect(stepOf(secret, '081804', at + late), String(late)).toBe(step)
    }
  })

  test('of an earlier step are refused once a later one was used', async () => {
    const { codeNow, signInWith } = await person()
    stage.advance(5 * stepMs)
    await signInWith(codeNow(1))
    await expect(signInWith(codeNow())).rejects.toMatchObject(wrongCode)
    await expect(signInWith(codeNow(-1))).rejects.toMatchObject(wrongCode)
    stage.advance(2 * stepMs)
    await signInWith(codeNow())
  })

  test('may be typed as they are shown: with spaces, in capitals, with letters for digits', async () => {
    const { codeNow, recovery, signInWith } = await person()
    stage.advance(stepMs)
    const code = codeNow()
    await signInWith(` ${code.slice(0, 3)} ${code.slice(3)} `)
    const [first, second] = recovery as [string, string]
    await signInWith(first.toUpperCase().replaceAll('-', ' '))
    await signInWith(second.replaceAll('0', 'o').replaceAll('1', 'L').replaceAll('-', ''))
    await expect(signInWith('')).rejects.toMatchObject(wrongCode)
  })

  test('wrong ones: 5 in 15 minutes for those who have the password; a right one forgets none', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    try {
      const { actor, email, codeNow, recovery, signInWith } = await person()
      stage.advance(stepMs)
      // who does not have the password can use up nothing
      for (let n = 0; n < 8; n++) {
        const from = { ...client, address: `10.15.${hosts}.${n}` }
        await refusalOf(checkCredentials(desk, { email, password: 'wrong' }, from))
      }
      for (let n = 0; n < 3; n++) await expect(signInWith('000000')).rejects.toMatchObject(wrongCode)
      await signInWith(codeNow())
      for (let n = 0; n < 2; n++) {
        const from = { ...client, address: `10.16.${hosts}.${n}` }
        await expect(signInWith('aaaa-bbbb-cccc-dddd', from)).rejects.toMatchObject(wrongCode)
      }
      stage.advance(stepMs)
      for (const code of [codeNow(), recovery[0] as string]) {
        const refused = await refusalOf(signInWith(code))
        expect(refused).toBeInstanceOf(Throttled)
        expect((refused as Throttled).message).toBe(
          'Too many wrong codes for this account. Try again in 15 minutes.',
        )
        expect((refused as Throttled).retryAfter).toBeGreaterThan(890)
      }
      // by the same count
      const { user } = await checkCredentials(desk, { email, password }, client)
      const byHeader = consumeSignInCode(desk, user, codeNow(), client.address)
      expect(await refusalOf(byHeader)).toBeInstanceOf(Throttled)
      expect(await refusalOf(disableTwoFactor(desk, actor, codeNow()))).toBeInstanceOf(Throttled)
      expect((await actionsOf(actor)).filter((action) => action === 'sign-in.failed')).toHaveLength(13)
      vi.setSystemTime(Date.now() + 15 * 60_000 + 1000)
      expect(await signInWith(codeNow())).toMatchObject({ userId: actor.id })
    } finally {
      vi.useRealTimers()
    }
  })
})

describe('a sign-in between its steps', () => {
  beforeEach(() => open())

  test('waits ten minutes, and for the same password', async () => {
    const { actor, email, codeNow, sessionId } = await person()
    const begin = async () => {
      const needed = await refusalOf(signIn(desk, { email, password }, client))
      return (needed as CodeRequired).pending
    }
    const first = await begin()
    stage.advance(10 * 60_000)
    expect(await finishSignIn(desk, first, codeNow(), client)).toBeNull()
    const second = await begin()
    const other = 'eight blue bottles'
    const input = { currentPassword: password, password: other, passwordConfirm: other }
    await changePassword(desk, actor, input, sessionId)
    expect(await finishSignIn(desk, second, codeNow(), client)).toBeNull()
    // neither has used up the code
    const third = await refusalOf(signIn(desk, { email, password: other }, client))
    expect(await finishSignIn(desk, (third as CodeRequired).pending, codeNow(), client)).not.toBeNull()
  })

  test('is void once an admin has reset the second factor or disabled the account', async () => {
    const { email, codeNow } = await person()
    const { pending } = (await refusalOf(signIn(desk, { email, password }, client))) as CodeRequired
    await resetTwoFactor(desk, system, email)
    expect(await finishSignIn(desk, pending, codeNow(), client)).toBeNull()
  })
})

describe('turning it on and off', () => {
  beforeEach(() => open())

  test('needs the password, and a right code of the new secret', async () => {
    const { actor: withIt, recovery } = await person()
    const actor: UserActor = { ...(await addUser(desk, 'Bob')), confirmedBy: 'password' }
    const sealed = startSetUp(desk, actor)
    const { secret } = setUpOf(desk, actor, sealed, 'Docket', 'bob@example.com') as { secret: string }
    const code = new TOTP({ secret }).generate({ timestamp: desk.now() })
    const enable = (by: UserActor, input: { sealed: string | null; code: string }) =>
      refusalOf(enableTwoFactor(desk, by, { ...input, keepSessionId: '' }))
    const { confirmedBy: _, ...unconfirmed } = actor
    const missing = { fields: { currentPassword: ['Enter your current password.'] } }
    expect(await enable(unconfirmed, { sealed, code })).toMatchObject(missing)
    expect(await enable(actor, { sealed, code: '12' })).toBeInstanceOf(Invalid)
    for (const other of [null, 'v1.', 'x', startSetUp(desk, withIt)]) {
      expect(await enable(actor, { sealed: other, code })).toMatchObject({ reason: 'set_up_expired' })
    }
    expect(await twoFactorState(desk, actor)).toEqual({ enabledAt: null, codesLeft: 0, isReadable: true })
    expect(await enable(actor, { sealed, code })).toBe('let in')
    expect(await enable(actor, { sealed, code })).toMatchObject({ reason: 'already_on' })

    const { confirmedBy: __, ...notConfirmed } = withIt
    await expect(replaceRecoveryCodes(desk, notConfirmed, recovery[0] as string)).rejects.toMatchObject(
      missing,
    )
    await expect(disableTwoFactor(desk, notConfirmed, recovery[0] as string)).rejects.toMatchObject(missing)
  })

  test('off leaves sessions and tokens, and means that the password is enough again', async () => {
    const { actor, email, token, recovery, codeNow, signInWith } = await person()
    const other = await signInWith(recovery[0] as string)
    const script = await createToken(desk, actor, { name: 'script', expiresInDays: 7 })
    await expect(disableTwoFactor(desk, actor, '000000')).rejects.toMatchObject(wrongCode)
    stage.advance(stepMs)
    await disableTwoFactor(desk, actor, codeNow())
    expect(await twoFactorState(desk, actor)).toEqual({ enabledAt: null, codesLeft: 0, isReadable: true })
    for (const each of [token, other?.token ?? '']) {
      expect(await findSession(desk, each)).toMatchObject({ hasTwoFactor: false })
    }
    expect(await findToken(desk, script.token, client.address)).toMatchObject({ hasTwoFactor: false })
    await signIn(desk, { email, password }, client)
    expect(await actionsOf(actor)).toEqual([
      ...['sign-up', 'two-factor.enable', 'two-factor.recovery-code'],
      ...['two-factor.failed', 'two-factor.code', 'two-factor.disable'],
    ])
  })

  test('new recovery codes replace the former ones', async () => {
    const { actor, recovery, codeNow, signInWith } = await person()
    await expect(replaceRecoveryCodes(desk, actor, codeNow())).rejects.toMatchObject(wrongCode)
    expect(await twoFactorState(desk, actor)).toMatchObject({ codesLeft: 10 })
    const codes = await replaceRecoveryCodes(desk, actor, recovery[1] as string)
    expect(new Set([...codes, ...recovery]).size).toBe(20)
    await expect(signInWith(recovery[0] as string)).rejects.toMatchObject(wrongCode)
    await signInWith(codes[0] as string)
    expect(await twoFactorState(desk, actor)).toMatchObject({ codesLeft: 9 })
    stage.advance(stepMs)
    expect(await replaceRecoveryCodes(desk, actor, codeNow())).toHaveLength(10)
  })

  test('on ends the other sessions, which had no code, and keeps this one and the tokens', async () => {
    const email = `eve-${hosts}@example.com`
    const input = { name: 'Eve', email, password, passwordConfirm: password }
    const here = await signUp(desk, 'open', input, client)
    const other = await signIn(desk, { email, password }, client)
    const bystander = await person('Bob')
    const actor: UserActor = {
      ...{ kind: 'user', id: here.userId, name: 'Eve', role: 'USER', confirmedBy: 'password' },
    }
    const script = await createToken(desk, actor, { name: 'script', expiresInDays: 7 })
    const sealed = startSetUp(desk, actor)
    const secret = setUpOf(desk, actor, sealed, 'Docket', email)?.secret as string
    const enable = (code: string) =>
      enableTwoFactor(desk, actor, { sealed, code, keepSessionId: here.sessionId })
    const code = new TOTP({ secret }).generate({ timestamp: desk.now() })
    await expect(enable('12')).rejects.toBeInstanceOf(Invalid)
    expect(await findSession(desk, other.token)).not.toBeNull()
    await enable(code)
    expect(await findSession(desk, other.token)).toBeNull()
    for (const { token } of [here, bystander]) {
      expect(await findSession(desk, token)).toMatchObject({ hasTwoFactor: true })
    }
    expect(await findToken(desk, script.token, client.address)).not.toBeNull()
  })

  test('a sign-in that began before it was turned on or off starts no session', async () => {
    const { actor, email } = await person()
    const start = (hasTwoFactor: boolean) => startSession(desk, actor.id, { ...client, hasTwoFactor })
    await expect(start(false)).rejects.toBeInstanceOf(NotFound)
    expect(await start(true)).toMatchObject({ userId: actor.id })
    await resetTwoFactor(desk, system, email)
    await expect(start(true)).rejects.toBeInstanceOf(NotFound)
    expect(await start(false)).toMatchObject({ userId: actor.id })
  })

  test('where it is off, turning it off and new codes are refused, and no wrong code counts', async () => {
    const { actor, recovery } = await person()
    await disableTwoFactor(desk, actor, recovery[0] as string)
    const before = await actionsOf(actor)
    for (let n = 0; n < 6; n++) {
      for (const verb of [disableTwoFactor, replaceRecoveryCodes]) {
        await expect<unknown>(verb(desk, actor, '000000')).rejects.toMatchObject({ reason: 'not_on' })
      }
    }
    expect(await actionsOf(actor)).toEqual(before)
  })

  test('is on the record with how it was confirmed', async () => {
    const { actor, recovery } = await person()
    const [code = ''] = await replaceRecoveryCodes(desk, actor, recovery[0] as string)
    await disableTwoFactor(desk, actor, code)
    const { rows } = await listAudit(desk, system, { subject: actor.id, limit: 50 })
    for (const action of ['two-factor.enable', 'two-factor.new-codes', 'two-factor.disable']) {
      const row = rows.find((each) => each.action === action)
      expect(row?.detail, action).toEqual({ confirmedBy: 'password' })
    }
  })

  test('a new password leaves it on, however it was set', async () => {
    const { actor, email, recovery } = await person()
    const root = { ...(await addUser(desk, 'Root', 'ADMIN')), confirmedBy: 'password' as const }
    const { link } = await passwordResetLink(desk, root, email, 'https://docket.example.com')
    const fresh = 'eight blue bottles'
    await resetPassword(desk, new URL(link).searchParams.get('token') as string, { password: fresh })
    await expect(signIn(desk, { email, password: fresh }, client)).rejects.toBeInstanceOf(CodeRequired)
    const temporary = await setTemporaryPassword(desk, email)
    const asked = { email, password: temporary }
    const { user, hasTwoFactor } = await checkCredentials(desk, asked, client)
    expect([user.id, hasTwoFactor]).toEqual([actor.id, true])
    await consumeSignInCode(desk, user, recovery[0] as string, client.address)
  })

  test('an admin resets that of others, with their password, and never their own', async () => {
    const { actor, email } = await person()
    const stranger = await addUser(desk, 'Bob')
    const root = { ...(await addUser(desk, 'Root', 'ADMIN')), confirmedBy: 'password' as const }
    await expect(resetTwoFactor(desk, { ...root, confirmedBy: undefined }, email)).rejects.toBeInstanceOf(
      Invalid,
    )
    await expect(resetTwoFactor(desk, stranger, email)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(resetTwoFactor(desk, root, `${root.id}@example.com`)).rejects.toMatchObject({
      reason: 'own_account',
    })
    expect(await resetTwoFactor(desk, root, email)).toMatchObject({ email, twoFactorAt: null })
    // twice is no error and one row
    await resetTwoFactor(desk, root, email)
    expect(await actionsOf(actor)).toEqual(['sign-up', 'two-factor.enable', 'two-factor.reset'])
    expect(await desk.db.all('SELECT * FROM recovery_codes')).toEqual([])
    await signIn(desk, { email, password }, client)
  })
})

describe('the secret', () => {
  beforeEach(() => open())

  test('is sealed for one user, and read with the same SESSION_SECRET only', () => {
    const sealed = sealSecret(desk, 'ada', 'GEZDGNBVGY3TQOJQ')
    expect(sealed).toMatch(/^v1\.[\w-]+$/)
    expect(sealed).not.toBe(sealSecret(desk, 'ada', 'GEZDGNBVGY3TQOJQ'))
    expect(openSecret(desk, 'ada', sealed)).toBe('GEZDGNBVGY3TQOJQ')
    expect(openSecret(desk, 'bob', sealed)).toBeNull()
    expect(openSecret({ ...desk, secret: 'another secret, as long as that one' }, 'ada', sealed)).toBeNull()
    const at = sealed.length - 6
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    for (const broken of ['', 'v1.', 'v2.x', changed, sealed.slice(0, 20)]) {
      expect(openSecret(desk, 'ada', broken), broken).toBeNull()
    }
  })

  test('that can no longer be read is said so, counts as no wrong code, and recovery codes still work', async () => {
    const { actor, codeNow, recovery, signInWith } = await person()
    desk.secret = 'another secret, as long as that one'
    expect(await twoFactorState(desk, actor)).toMatchObject({ codesLeft: 10, isReadable: false })
    stage.advance(stepMs)
    for (let n = 0; n < 6; n++) {
      await expect(signInWith(codeNow())).rejects.toMatchObject({
        fields: { code: [expect.stringContaining('SESSION_SECRET was changed')] },
      })
    }
    await signInWith(recovery[0] as string)
    const confirmed = await confirmPassword(desk, actor, password)
    await disableTwoFactor(desk, confirmed, recovery[1] as string)
    const sealed = startSetUp(desk, actor)
    const secret = setUpOf(desk, actor, sealed, 'Docket', 'x')?.secret as string
    const code = new TOTP({ secret }).generate({ timestamp: desk.now() })
    expect(await enableTwoFactor(desk, confirmed, { sealed, code, keepSessionId: '' })).toHaveLength(10)
  })

  test('waits in the cookie for half an hour, however long the browser keeps it', async () => {
    const environment = { APP_ORIGIN: 'http://localhost:3000' }
    openHouse({ desk, environment, sessionSecret: desk.secret } as House)
    const [cookie = ''] = (await pendingSetUpCookie('v1.sealed')).split(';')
    const read = () => readPendingSetUp(new Request('http://localhost:3000', { headers: { cookie } }))
    stage.advance(30 * 60_000 - 1)
    expect(await read()).toBe('v1.sealed')
    stage.advance(1)
    expect(await read()).toBeNull()
  })

  test('comes as a QR code that readers understand', () => {
    const uri = otpauthUri(
      'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      'Docket (docket.example.com)',
      'ada@example.com',
    )
    const address = new URL(uri)
    expect([address.protocol, address.host]).toEqual(['otpauth:', 'totp'])
    expect(decodeURIComponent(address.pathname)).toBe('/Docket (docket.example.com):ada@example.com')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      ...{ issuer: 'Docket (docket.example.com)', secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' },
      ...{ algorithm: 'SHA1', digits: '6', period: '30' },
    })
    expect(decodeQR(drawn(qrCode(uri)))).toBe(uri)
  })
})

/** The SVG path as pixels, four a module. */
function drawn({ size, path }: ReturnType<typeof qrCode>) {
  const scale = 4
  const side = size * scale
  const data = new Uint8Array(side * side * 3).fill(255)
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row++) {
      const at = (Number(y) * scale + row) * side + Number(x) * scale
      data.fill(0, at * 3, (at + scale) * 3)
    }
  }
  return { width: side, height: side, data }
}
