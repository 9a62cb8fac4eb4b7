import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeAdmin, removeAdmin } from '~/domain/accounts/admins.server'
import { disableUser, enableUser } from '~/domain/accounts/disable.server'
import { findResetLink, passwordResetLink, resetPassword } from '~/domain/accounts/reset-password.server'
import { findSession, startSession } from '~/domain/accounts/sessions.server'
import { signIn } from '~/domain/accounts/sign-in.server'
import { signUp } from '~/domain/accounts/sign-up.server'
import { createToken, findToken } from '~/domain/accounts/tokens.server'
import { findUser, listUsers } from '~/domain/accounts/users.server'
import type { Person } from '~/domain/accounts/view'
import type { Desk } from '~/domain/desk'
import { Forbidden, type Invalid, NotFound } from '~/domain/errors'
import { system, type UserActor } from '~/domain/policy'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const client = { address: '192.0.2.31', userAgent: null }
const password = 'seven green bottles'
let desk: Desk
let stage: TestDesk
let ada: UserActor

const emailOf = ({ id }: Pick<Person, 'id'>) => `${id}@example.com`
const actionsOn = async ({ id }: Pick<Person, 'id'>) =>
  (
    await desk.db.all<{ action: string }>('SELECT action FROM audit WHERE subjectId = ? ORDER BY at, id', [
      id,
    ])
  ).map(({ action }) => action)
const admins = async () =>
  (await desk.db.all<{ id: string }>("SELECT id FROM users WHERE role = 'ADMIN' AND disabledAt IS NULL")).map(
    ({ id }) => id,
  )

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    ada = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterEach(() => stage.close())

  test('made an admin, and an ordinary user again; twice is no error and one row', async () => {
    const bob = await addUser(desk, 'Bob')
    for (let n = 0; n < 2; n++)
      expect(await makeAdmin(desk, ada, emailOf(bob))).toMatchObject({ role: 'ADMIN' })
    for (let n = 0; n < 2; n++)
      expect(await removeAdmin(desk, ada, emailOf(bob))).toMatchObject({ role: 'USER' })
    expect(await actionsOn(bob)).toEqual(['make-admin', 'remove-admin'])
  })

  test('a disabled account is out at once: sessions, tokens, links; and says so only to who knows the password', async () => {
    const email = 'bob@example.com'
    const { token: cookie } = await signUp(
      desk,
      'open',
      { name: 'Bob', email, password, passwordConfirm: password },
      { ...client, address: `10.8.0.${on.length}` },
    )
    const bob = (await findSession(desk, cookie))?.user as Person
    const actor: UserActor = { kind: 'user', ...bob, confirmedBy: 'password' }
    const { token } = await createToken(desk, actor, { name: 'script', expiresInDays: 7 })
    const { link } = await passwordResetLink(desk, ada, email, 'https://docket.example.com')
    const linkToken = new URL(link).searchParams.get('token') ?? ''

    stage.advance(1000)
    for (let n = 0; n < 2; n++) expect((await disableUser(desk, ada, email)).disabledAt).toBe(desk.now())
    expect(await findSession(desk, cookie)).toBeNull()
    expect(await findToken(desk, token, client.address)).toBeNull()
    const disabled = {
      reason: 'account_disabled',
      message: expect.stringMatching(/^This account is disabled\. /),
    }
    await expect(findResetLink(desk, linkToken)).rejects.toMatchObject(disabled)
    await expect(resetPassword(desk, linkToken, { password: 'nine red bottles' })).rejects.toMatchObject(
      disabled,
    )
    await expect(passwordResetLink(desk, ada, email, 'https://x.example')).rejects.toMatchObject(disabled)
    await expect(passwordResetLink(desk, ada, 'no@example.com', 'https://x.example')).rejects.toBeInstanceOf(
      NotFound,
    )
    await expect(startSession(desk, bob.id, client)).rejects.toBeInstanceOf(NotFound)
    const refusals = await Promise.all(
      [password, 'a wrong one'].map((each) =>
        signIn(desk, { email, password: each }, client).catch((error: Invalid) => error.fields.password?.[0]),
      ),
    )
    expect(refusals).toEqual([
      'This account is disabled. An admin can enable it again.',
      'This email address and password do not go together.',
    ])

    await enableUser(desk, ada, email)
    await enableUser(desk, ada, email)
    // what ended stays ended
    expect(await findSession(desk, cookie)).toBeNull()
    expect(await findToken(desk, token, client.address)).toBeNull()
    await expect(findResetLink(desk, linkToken)).rejects.toBeInstanceOf(NotFound)
    await signIn(desk, { email, password }, client)
    expect(await actionsOn(bob)).toEqual([
      'sign-up',
      'user.disable',
      'sign-in.failed',
      'sign-in.failed',
      'user.enable',
    ])
  })

  test('the last admin who can sign in stays one, whoever asks', async () => {
    const bob = await addUser(desk, 'Bob', 'ADMIN')
    await disableUser(desk, ada, emailOf(bob))
    for (const actor of [ada, system]) {
      for (const verb of [disableUser, removeAdmin]) {
        await expect(verb(desk, actor, emailOf(ada))).rejects.toMatchObject({ reason: 'last_admin' })
      }
    }
    expect(await admins()).toEqual([ada.id])
    expect(await actionsOn(ada)).toEqual([])
    // one who can't sign in is nobody's last hope
    expect(await removeAdmin(desk, ada, emailOf(bob))).toMatchObject({ role: 'USER' })
    await makeAdmin(desk, ada, emailOf(bob))
    await enableUser(desk, ada, emailOf(bob))
    await removeAdmin(desk, ada, emailOf(ada))
    expect(await admins()).toEqual([bob.id])
  })

  test.each([
    ['remove', removeAdmin, removeAdmin],
    ['disable', disableUser, disableUser],
    ['remove and disable', removeAdmin, disableUser],
  ] as const)('two admins who %s each other at the same moment leave one', async (_, one, other) => {
    for (let round = 0; round < 5; round++) {
      const bob = await addUser(desk, `Bob ${round}`, 'ADMIN')
      const both = await Promise.allSettled([one(desk, ada, emailOf(bob)), other(desk, bob, emailOf(ada))])
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      const left = await admins()
      expect(left).toHaveLength(1)
      ada = { ...ada, id: left[0] as string }
    }
  })

  test('is for admins, and for accounts that are there', async () => {
    const eve = await addUser(desk, 'Eve')
    for (const verb of [makeAdmin, removeAdmin, disableUser, enableUser, findUser]) {
      await expect(verb(desk, eve, emailOf(ada))).rejects.toBeInstanceOf(Forbidden)
      await expect(verb(desk, ada, 'nobody@example.com')).rejects.toBeInstanceOf(NotFound)
      expect(await verb(desk, ada, emailOf(eve).toUpperCase())).toMatchObject({ id: eve.id })
    }
  })

  test('people are found by how their address begins, in pages both ways', async () => {
    const sent = ['ann', 'anna', 'annex', 'an', 'bob', 'ann%']
    for (const name of sent) {
      const { id } = await addUser(desk, name)
      await desk.db.write({
        repeatable: true,
        statements: [{ sql: 'UPDATE users SET email = ? WHERE id = ?', args: [`${name}@example.com`, id] }],
      })
    }
    const find = async (search: string, cursor?: string | null) => {
      const page = await listUsers(desk, ada, { search, cursor, limit: 2 })
      return { ...page, names: page.rows.map(({ name }) => name) }
    }
    const first = await find(' ANN')
    expect(first.names).toEqual(['ann%', 'ann'])
    const second = await find('ann', first.nextCursor)
    expect(second.names).toEqual(['anna', 'annex'])
    expect(second.nextCursor).toBeNull()
    expect((await find('ann', second.prevCursor)).names).toEqual(first.names)
    expect((await find('ann%')).names).toEqual(['ann%'])
    expect((await find('zoe')).names).toEqual([])
  })
})
