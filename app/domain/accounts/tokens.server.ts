import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, NotFound } from '../errors'
import type { Actor, UserActor } from '../policy'
import { assertConfirmed, confirmation, ownAccount } from './confirm-password.server'
import type { NewTokenInput } from './input'
import { type TokenScope, tokenScopes } from './limits'
import { hashOf } from './secret.server'
import { tokenFailed } from './throttle.server'
import { hintOf, isTokenText, newTokenText } from './token-text.server'
import { findUser } from './users.server'
import type { Person, TokenView } from './view'

const day = 24 * 3_600_000
const touchEveryMs = 60_000
/** So many live tokens a user can have. */
export const maxTokens = 100

type NewToken = Omit<NewTokenInput, 'scopes'> & Partial<Pick<NewTokenInput, 'scopes'>>

/**
 * @returns the token itself, for this one time, and how lists show it
 * @param passwordHash what the request's password was checked against: a change in the same moment wins over the token
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`; {Conflict} `too_many_tokens`, `lost_race`
 */
export async function createToken(
  desk: Desk,
  actor: UserActor,
  { name, expiresInDays, scopes = null }: NewToken,
  passwordHash: string | null = null,
): Promise<{ token: string; view: TokenView }> {
  assertConfirmed(actor)
  const at = desk.now()
  const token = newTokenText()
  const view = {
    id: newId(at),
    name,
    hint: hintOf(token),
    createdAt: at,
    expiresAt: at + expiresInDays * day,
    scopes,
  }
  const made = await recorded(desk, {
    actor,
    action: 'token.create',
    subject: { kind: 'token', id: view.id },
    detail: { name, expiresInDays, ...(scopes ? { scopes } : {}), ...confirmation(actor) },
    change: `INSERT INTO api_tokens (id, tokenHash, userId, name, hint, createdAt, expiresAt, scopes)
      SELECT :id, :tokenHash, u.id, :name, :hint, :at, :expiresAt, :scopes FROM users u
      WHERE u.id = :userId AND u.disabledAt IS NULL AND (:passwordHash IS NULL OR u.passwordHash = :passwordHash)
        AND (SELECT count(*) FROM api_tokens t WHERE t.userId = u.id AND t.revokedAt IS NULL AND t.expiresAt > :at)
          < :maxTokens`,
    args: {
      ...view,
      scopes: scopes?.join(' ') ?? null,
      tokenHash: hashOf(token),
      userId: actor.id,
      passwordHash,
      maxTokens,
    },
  })
  if (!made && passwordHash !== null && (await ownAccount(desk, actor)).passwordHash !== passwordHash) {
    throw new Conflict('Your password was changed at the same moment somewhere else.', 'lost_race')
  }
  if (!made) throw new Conflict(`You have ${maxTokens} tokens. Revoke one first.`, 'too_many_tokens')
  return { token, view: { ...view, lastUsedAt: null } }
}

/**
 * Who a bearer token belongs to. A mistyped one is refused by its checksum; else one indexed read.
 *
 * @returns null where it is unknown, expired or revoked, or its user disabled
 * @throws {Throttled} instead, after many such from one address. A good token always passes: others behind the same
 *   address have done nothing wrong.
 */
export async function findToken(
  desk: Desk,
  token: string,
  address: string,
): Promise<{ user: Person; hasTwoFactor: boolean; tokenId: string; scopes: TokenScope[] | null } | null> {
  const at = desk.now()
  const found = isTokenText(token)
    ? await desk.db.first<
        Person & {
          tokenId: string
          lastUsedAt: number | null
          scopes: string | null
          hasTwoFactor: number
        }
      >(
        `SELECT t.id AS tokenId, t.lastUsedAt, t.scopes, u.id, u.name, u.email, u.role,
           u.totpEnabledAt IS NOT NULL AS hasTwoFactor
         FROM api_tokens t JOIN users u ON u.id = t.userId
         WHERE t.tokenHash = ? AND t.revokedAt IS NULL AND t.expiresAt > ? AND u.disabledAt IS NULL`,
        [hashOf(token), at],
      )
    : undefined
  if (!found) {
    await tokenFailed(address)
    return null
  }
  const { tokenId, lastUsedAt, scopes, hasTwoFactor, ...user } = found
  if ((lastUsedAt ?? 0) <= at - touchEveryMs) touch(desk, tokenId, at)
  return { user, hasTwoFactor: hasTwoFactor === 1, tokenId, scopes: scopesOf(scopes) }
}

const scopesOf = (stored: string | null): TokenScope[] | null =>
  stored === null ? null : tokenScopes.filter((each) => stored.split(' ').includes(each))

/** Whether a token with these scopes may do what needs `needed`; `write` includes `read`. */
export const hasScope = (scopes: TokenScope[] | null, needed: TokenScope): boolean =>
  scopes === null || scopes.includes(needed) || (needed === 'read' && scopes.includes('write'))

function touch(desk: Desk, tokenId: string, at: number) {
  const sql = 'UPDATE api_tokens SET lastUsedAt = ? WHERE id = ? AND coalesce(lastUsedAt, 0) <= ?'
  const args = [at, tokenId, at - touchEveryMs]
  desk.db.write({ repeatable: true, statements: [{ sql, args }] }).catch(() => undefined)
}

/** Belongs to a recorded change of the account `:userId`: its tokens end with it. */
export const revokeAllTokens = `UPDATE api_tokens SET revokedAt = :at
  WHERE userId = :userId AND revokedAt IS NULL AND ${onRecord}`

/** It stops working with the next request. Revoking twice is no error. @throws {NotFound} where it is not the actor's */
export const revokeToken = (desk: Desk, actor: UserActor, tokenId: string): Promise<void> =>
  revoke(desk, actor, actor.id, tokenId)

/** The same for anyone's, by an admin. @throws {NotFound} where that account has no such token */
export async function revokeTokenOf(desk: Desk, actor: Actor, email: string, tokenId: string): Promise<void> {
  const { id } = await findUser(desk, actor, email)
  return revoke(desk, actor, id, tokenId)
}

async function revoke(desk: Desk, actor: Actor, userId: string, tokenId: string): Promise<void> {
  const token = await desk.db.first<{ name: string }>(
    'SELECT name FROM api_tokens WHERE id = ? AND userId = ?',
    [tokenId, userId],
  )
  if (!token) throw new NotFound('This token')
  await recorded(desk, {
    actor,
    action: 'token.revoke',
    subject: { kind: 'token', id: tokenId },
    detail: { name: token.name },
    change:
      'UPDATE api_tokens SET revokedAt = :at WHERE id = :tokenId AND userId = :userId AND revokedAt IS NULL',
    args: { tokenId, userId },
  })
}

/** The actor's own that were not revoked, newest first; expired ones too. */
export const listTokens = (desk: Desk, actor: UserActor): Promise<TokenView[]> => tokensOf(desk, actor.id)

/** The same of anyone, for admins. @throws {NotFound} where there is no such account, {Forbidden} but for admins */
export async function listTokensOf(desk: Desk, actor: Actor, email: string): Promise<TokenView[]> {
  const { id } = await findUser(desk, actor, email)
  return tokensOf(desk, id)
}

async function tokensOf(desk: Desk, userId: string): Promise<TokenView[]> {
  const rows = await desk.db.all<Omit<TokenView, 'scopes'> & { scopes: string | null }>(
    `SELECT id, name, hint, createdAt, expiresAt, lastUsedAt, scopes FROM api_tokens
     WHERE userId = ? AND revokedAt IS NULL ORDER BY createdAt DESC, id DESC LIMIT 200`,
    [userId],
  )
  return rows.map((row) => ({ ...row, scopes: scopesOf(row.scopes) }))
}
