import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acceptInvite, findInvitation } from '~/domain/accounts/accept-invite.server'
import { removeAdmin } from '~/domain/accounts/admins.server'
import { disableUser } from '~/domain/accounts/disable.server'
import { acceptInviteInput, inviteInput } from '~/domain/accounts/input'
import { invite, listInvitations, maxInvitations, withdrawInvitation } from '~/domain/accounts/invite.server'
import { findResetLink, passwordResetLink } from '~/domain/accounts/reset-password.server'
import { findSession } from '~/domain/accounts/sessions.server'
import { signIn } from '~/domain/accounts/sign-in.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import type { Desk } from '~/domain/desk'
import { Conflict, Forbidden, Invalid, NotFound, Throttled } from '~/domain/errors'
import { sweepExpired } from '~/domain/housekeeping.server'
import type { UserActor } from '~/domain/policy'
import type { Role } from '~db/vocabulary'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const origin = 'https://docket.example.com'
const email = 'bob@example.com'
const bob = { name: 'Bob', password: 'seven green bottles' }
const day = 24 * 3_600_000

let desk: Desk
let stage: TestDesk
let ada: UserActor
let hosts = 0
/** Limits are counted by address for as long as the process lives: each test comes from its own. */
let client: { address: string; userAgent: string }

const send = async (to = email, role: Role = 'USER', actor = ada) => {
  const { link, view } = await invite(desk, actor, { email: to, role }, origin)
  return { link, id: view.id, token: new URL(link).searchParams.get('token') ?? '' }
}

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    ada = await addUser(desk, 'Ada', 'ADMIN')
    client = { address: `10.7.${on === 'file' ? 0 : 1}.${++hosts}`, userAgent: 'vitest' }
  })
  afterEach(() => stage.close())

  test.each(['USER', 'ADMIN'] as const)('a link makes one account as %s, and signs it in', async (role) => {
    const { link, token } = await send(email, role)
    expect(link).toMatch(/^https:\/\/docket\.example\.com\/invite\?token=[\w-]{43}$/)
    expect(await findInvitation(desk, token)).toEqual({ email, role })
    const started = await acceptInvite(desk, token, bob, client)
    expect((await findSession(desk, started.token))?.user).toMatchObject({ name: 'Bob', email, role })
    await signIn(desk, { email, password: bob.password }, client)
    await expect(findInvitation(desk, token)).rejects.toBeInstanceOf(NotFound)
    await expect(acceptInvite(desk, token, bob, client)).rejects.toBeInstanceOf(NotFound)
    expect(await listInvitations(desk, ada)).toEqual([])
    const stored = JSON.stringify([
      await desk.db.all('SELECT * FROM one_time_links'),
      await desk.db.all('SELECT * FROM audit'),
    ])
    expect(stored).not.toContain(token)
    expect(stored).not.toContain(bob.password)
  })

  test('of two who use a link at the same moment one has the account', async () => {
    const { token } = await send()
    const both = await Promise.allSettled(
      ['One', 'Two'].map((name) => acceptInvite(desk, token, { ...bob, name }, client)),
    )
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(await desk.db.all('SELECT 1 FROM users WHERE email = ?', [email])).toHaveLength(1)
  })

  test('it ends after 7 days, when it is withdrawn, and when a newer one is made', async () => {
    const first = await send()
    const second = await send()
    await expect(findInvitation(desk, first.token)).rejects.toBeInstanceOf(NotFound)
    expect((await listInvitations(desk, ada)).map(({ id, byName }) => [id, byName])).toEqual([
      [second.id, 'Ada'],
    ])
    expect(await withdrawInvitation(desk, ada, second.id)).toMatchObject({ email })
    await expect(acceptInvite(desk, second.token, bob, client)).rejects.toBeInstanceOf(NotFound)
    await expect(withdrawInvitation(desk, ada, second.id)).rejects.toBeInstanceOf(NotFound)

    const third = await send()
    stage.advance(7 * day - 1)
    expect(await listInvitations(desk, ada)).toHaveLength(1)
    stage.advance(1)
    expect(await listInvitations(desk, ada)).toEqual([])
    await expect(acceptInvite(desk, third.token, bob, client)).rejects.toBeInstanceOf(NotFound)
    stage.advance(1)
    await sweepExpired(desk)
    expect(await desk.db.all('SELECT 1 FROM one_time_links')).toEqual([])
  })

  test('an address that has an account is not invited, and a sign-up voids its invitation', async () => {
    await expect(send(`${ada.id}@example.com`)).rejects.toMatchObject({
      fields: { email: [expect.stringContaining('already')] },
    })
    const { token } = await send()
    await signUp(desk, 'open', { ...bob, email, passwordConfirm: bob.password }, client)
    await expect(findInvitation(desk, token)).rejects.toBeInstanceOf(NotFound)
  })

  test('an account that is there in between is not taken over', async () => {
    const { token } = await send()
    const other = await addUser(desk, 'Other')
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE users SET email = ? WHERE id = ?', args: [email, other.id] }],
    })
    await expect(acceptInvite(desk, token, bob, client)).rejects.toBeInstanceOf(Conflict)
    expect(await desk.db.first('SELECT name FROM users WHERE email = ?', [email])).toEqual({ name: 'Other' })
    expect(await findInvitation(desk, token)).toMatchObject({ email })
  })

  test('only admins invite, list and withdraw', async () => {
    const eve = await addUser(desk, 'Eve')
    const { id } = await send()
    await expect(send('x@example.com', 'USER', eve)).rejects.toBeInstanceOf(Forbidden)
    await expect(listInvitations(desk, eve)).rejects.toBeInstanceOf(Forbidden)
    await expect(withdrawInvitation(desk, eve, id)).rejects.toBeInstanceOf(Forbidden)
  })

  test.each([
    ['disabled', disableUser],
    ['no admin any more', removeAdmin],
  ] as const)('what was handed out by an admin who is %s is void', async (_, end) => {
    const eve = await addUser(desk, 'Eve', 'ADMIN')
    const { token } = await send('backdoor@example.com', 'ADMIN', eve)
    const kept = await send('friend@example.com')
    const reset = await passwordResetLink(desk, eve, `${ada.id}@example.com`, origin)
    await end(desk, ada, `${eve.id}@example.com`)
    await expect(findInvitation(desk, token)).rejects.toBeInstanceOf(NotFound)
    await expect(
      findResetLink(desk, new URL(reset.link).searchParams.get('token') ?? ''),
    ).rejects.toBeInstanceOf(NotFound)
    expect(await findInvitation(desk, kept.token)).toMatchObject({ email: 'friend@example.com' })
  })

  test('a weak password is refused, and costs no invitation', async () => {
    const { token } = await send()
    await expect(acceptInvite(desk, token, { ...bob, password: 'password1' }, client)).rejects.toBeInstanceOf(
      Invalid,
    )
    await acceptInvite(desk, token, bob, client)
  })
})

describe('limits', () => {
  beforeEach(async () => {
    stage = await testDesk()
    desk = stage.desk
    ada = await addUser(desk, 'Ada', 'ADMIN')
    client = { address: `10.7.2.${++hosts}`, userAgent: 'vitest' }
  })
  afterEach(() => stage.close())

  test('tries are as sign-ups: 20 an hour from an address', async () => {
    for (let n = 0; n < 20; n++) {
      await expect(acceptInvite(desk, `guess ${n}`, bob, client)).rejects.toBeInstanceOf(NotFound)
    }
    const { token } = await send()
    await expect(acceptInvite(desk, token, bob, client)).rejects.toBeInstanceOf(Throttled)
    await acceptInvite(desk, token, bob, { ...client, address: `10.7.3.${hosts}` })
  })

  test('so many are open at a time, and one of them can still be made anew', async () => {
    for (let n = 0; n < maxInvitations; n++) await send(`guest-${n}@example.com`)
    await expect(send()).rejects.toMatchObject({ reason: 'too_many_invitations' })
    const { id } = await send('guest-7@example.com')
    expect(await listInvitations(desk, ada)).toHaveLength(maxInvitations)
    await withdrawInvitation(desk, ada, id)
    await send()
  }, 30_000)

  test('what is sent is checked', () => {
    expect(inviteInput.parse({ email: ' Bob@Example.com ' })).toEqual({ email, role: 'USER' })
    expect(inviteInput.safeParse({ email: 'bob' }).success).toBe(false)
    expect(inviteInput.safeParse({ email, role: 'ROOT' }).success).toBe(false)
    const accepted = { token: 't', ...bob, passwordConfirm: bob.password }
    expect(acceptInviteInput.safeParse(accepted).success).toBe(true)
    expect(acceptInviteInput.safeParse({ ...accepted, passwordConfirm: 'another one' }).success).toBe(false)
    expect(acceptInviteInput.safeParse({ ...accepted, name: ' ' }).success).toBe(false)
  })
})
