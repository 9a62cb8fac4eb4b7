import * as zlib from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newTokenFormInput, newTokenInput } from '~/domain/accounts/input'
import { type TokenScope, tokenScopes } from '~/domain/accounts/limits'
import { isTokenText, newTokenText } from '~/domain/accounts/token-text.server'
import {
  createToken,
  findToken,
  hasScope,
  listTokens,
  listTokensOf,
  maxTokens,
  revokeToken,
  revokeTokenOf,
} from '~/domain/accounts/tokens.server'
import type { Desk } from '~/domain/desk'
import { Conflict, Forbidden, NotFound, Throttled } from '~/domain/errors'
import { addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { until } from '../support/until'

let desk: Desk
let stage: TestDesk

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
  })
  afterEach(() => stage.close())

  test('a token names its owner until it is revoked', async () => {
    const ada = await addUser(desk, 'Ada')
    const bob = await addUser(desk, 'Bob')
    const { token, view } = await createToken(desk, ada, { name: 'laptop', expiresInDays: 7 })
    expect(await findToken(desk, token, 'a1')).toMatchObject({
      user: { id: ada.id, role: 'USER' },
      tokenId: view.id,
    })
    expect(await listTokens(desk, bob)).toEqual([])
    await expect(revokeToken(desk, bob, view.id)).rejects.toBeInstanceOf(NotFound)
    expect(await findToken(desk, token, 'a1')).not.toBeNull()
    await revokeToken(desk, ada, view.id)
    await revokeToken(desk, ada, view.id)
    expect(await findToken(desk, token, 'a1')).toBeNull()
    expect(await listTokens(desk, ada)).toEqual([])
    const rows = await desk.db.all<{ action: string }>('SELECT * FROM audit ORDER BY id')
    expect(rows.map(({ action }) => action)).toEqual(['token.create', 'token.revoke'])
    expect(JSON.stringify([rows, await desk.db.all('SELECT * FROM api_tokens')])).not.toContain(token)
  })

  test('a token ends with its days, and with its user', async () => {
    const ada = await addUser(desk, 'Ada')
    const { token } = await createToken(desk, ada, { name: 'week', expiresInDays: 7 })
    stage.advance(7 * 24 * 3_600_000 - 1)
    expect(await findToken(desk, token, 'a2')).not.toBeNull()
    stage.advance(1)
    expect(await findToken(desk, token, 'a2')).toBeNull()
    expect(await listTokens(desk, ada)).toHaveLength(1)
    const second = await createToken(desk, ada, { name: 'month', expiresInDays: 30 })
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE users SET disabledAt = 1', args: [] }],
    })
    expect(await findToken(desk, second.token, 'a2')).toBeNull()
  })

  test('a token has the scopes it was made with; older ones and those made without may do everything', async () => {
    const ada = await addUser(desk, 'Ada')
    const made = (scopes?: TokenScope[]) => createToken(desk, ada, { name: 'x', expiresInDays: 7, scopes })
    const scopesOf = async ({ token }: { token: string }) => (await findToken(desk, token, 'a4'))?.scopes
    expect(await scopesOf(await made(['write', 'read']))).toEqual(['read', 'write'])
    expect(await scopesOf(await made(['read']))).toEqual(['read'])
    expect(await scopesOf(await made())).toBeNull()
    expect((await listTokens(desk, ada)).map(({ scopes }) => scopes)).toEqual([
      null,
      ['read'],
      ['read', 'write'],
    ])
    for (const each of tokenScopes) expect(hasScope(null, each)).toBe(true)
    expect(tokenScopes.map((each) => hasScope(['write'], each))).toEqual([true, true, false])
    expect(tokenScopes.map((each) => hasScope(['admin'], each))).toEqual([false, false, true])
  })

  test.each([
    [{ name: 'x' }, null],
    [{ name: 'x', scopes: null }, null],
    [{ name: 'x', scopes: ['write', 'read', 'read'] }, ['read', 'write']],
  ])('%j is a token for %j', (input, scopes) => {
    expect(newTokenInput.parse(input).scopes).toEqual(scopes)
  })

  test.each([{ scopes: [] }, { scopes: ['root'] }, { scopes: 'read' }])('%j is refused', (input) => {
    expect(newTokenInput.safeParse({ name: 'x', ...input }).success).toBe(false)
  })

  test('in a form, no box is no scope', () => {
    expect(newTokenFormInput.safeParse({ name: 'x' }).success).toBe(false)
    expect(newTokenFormInput.parse({ name: 'x', scopes: 'read' }).scopes).toEqual(['read'])
  })

  test('an admin lists and revokes anyone’s; nobody else does', async () => {
    const ada = await addUser(desk, 'Ada')
    const root = await addUser(desk, 'Root', 'ADMIN')
    const { token, view } = await createToken(desk, ada, { name: 'laptop', expiresInDays: 7 })
    const email = `${ada.id}@example.com`
    expect(await listTokensOf(desk, root, email)).toEqual([
      expect.objectContaining({ id: view.id, name: 'laptop' }),
    ])
    await expect(listTokensOf(desk, ada, email)).rejects.toBeInstanceOf(Forbidden)
    await expect(revokeTokenOf(desk, ada, email, view.id)).rejects.toBeInstanceOf(Forbidden)
    await expect(revokeTokenOf(desk, root, `${root.id}@example.com`, view.id)).rejects.toBeInstanceOf(
      NotFound,
    )
    await revokeTokenOf(desk, root, email, view.id)
    expect(await findToken(desk, token, 'a5')).toBeNull()
  })

  test('when a token was last used is kept to a minute', async () => {
    const ada = await addUser(desk, 'Ada')
    const { token } = await createToken(desk, ada, { name: 'x', expiresInDays: 7 })
    const lastUsed = async () => (await listTokens(desk, ada))[0]?.lastUsedAt
    expect(await lastUsed()).toBeNull()
    const first = desk.now()
    await findToken(desk, token, 'a3')
    await until(async () => (await lastUsed()) === first)
    stage.advance(60_000)
    await findToken(desk, token, 'a3')
    await until(async () => (await lastUsed()) === first + 60_000)
  })

  test('there is an end to how many', async () => {
    const ada = await addUser(desk, 'Ada')
    const make = () => createToken(desk, ada, { name: 'x', expiresInDays: 7 })
    await Promise.all(Array.from({ length: maxTokens }, make))
    await expect(make()).rejects.toBeInstanceOf(Conflict)
  })

  test('is not made with a password that was changed at the same moment', async () => {
    const ada = await addUser(desk, 'Ada')
    const make = (checked: string) => createToken(desk, ada, { name: 'x', expiresInDays: 7 }, checked)
    await expect(make('the former')).rejects.toMatchObject({ reason: 'lost_race' })
    expect(await listTokens(desk, ada)).toEqual([])
    // the hash of everybody that `addUser` adds
    expect(await make('none')).toMatchObject({ view: { name: 'x' } })
  })

  test('bad tokens from an address are throttled; a good one still passes', async () => {
    const ada = await addUser(desk, 'Ada')
    const { token } = await createToken(desk, ada, { name: 'x', expiresInDays: 7 })
    const address = `throttled-${on}`
    for (let n = 0; n < 50; n++) {
      expect(await findToken(desk, n % 2 ? newTokenText() : 'nonsense', address)).toBeNull()
    }
    await expect(findToken(desk, newTokenText(), address)).rejects.toBeInstanceOf(Throttled)
    expect(await findToken(desk, token, address)).not.toBeNull()
  })
})

test('the text of a token carries its checksum', () => {
  const text = newTokenText()
  expect(text).toMatch(/^docket_[0-9A-Za-z]{36}$/)
  expect(isTokenText(text)).toBe(true)
  const other = text[10] === 'a' ? 'b' : 'a'
  expect(isTokenText(text.slice(0, 10) + other + text.slice(11))).toBe(false)
  expect(isTokenText(text.slice(0, -1))).toBe(false)
  expect(isTokenText('')).toBe(false)
})

// Node's own came after 20.12, the oldest that Docket runs on
const { crc32 } = zlib as { crc32?: (text: string) => number }

test.runIf(crc32)('the checksum is CRC-32 in base62', () => {
  const text = newTokenText()
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
  const value = [...text.slice(-6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)
  expect(value).toBe(crc32?.(text.slice('docket_'.length, -6)))
})
