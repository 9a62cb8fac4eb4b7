import { recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, NotFound } from '../errors'
import type { UserActor } from '../policy'
import type { NewTokenInput } from './input'
import { hashOf } from './secret.server'
import { tokenFailed } from './throttle.server'
import { hintOf, isTokenText, newTokenText } from './token-text.server'
import type { Person, TokenView } from './view'

const day = 24 * 3_600_000
const touchEveryMs = 60_000
/** So many live tokens a user can have. */
export const maxTokens = 100

/** @returns the token itself, for this one time, and how lists show it */
export async function createToken(
  desk: Desk,
  actor: UserActor,
  { name, expiresInDays }: NewTokenInput,
): Promise<{ token: string; view: TokenView }> {
  const at = desk.now()
  const token = newTokenText()
  const view = {
    id: newId(at),
    name,
    hint: hintOf(token),
    createdAt: at,
    expiresAt: at + expiresInDays * day,
  }
  const made = await recorded(desk, {
    actor,
    action: 'token.create',
    subject: { kind: 'token', id: view.id },
    detail: { name, expiresInDays },
    change: `INSERT INTO api_tokens (id, tokenHash, userId, name, hint, createdAt, expiresAt)
      SELECT :id, :tokenHash, u.id, :name, :hint, :at, :expiresAt FROM users u
      WHERE u.id = :userId AND u.disabledAt IS NULL
        AND (SELECT count(*) FROM api_tokens t WHERE t.userId = u.id AND t.revokedAt IS NULL AND t.expiresAt > :at)
          < :maxTokens`,
    args: { ...view, tokenHash: hashOf(token), userId: actor.id, maxTokens },
  })
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
): Promise<{ user: Person; tokenId: string } | null> {
  const at = desk.now()
  const found = isTokenText(token)
    ? await desk.db.first<Person & { tokenId: string; lastUsedAt: number | null }>(
        `SELECT t.id AS tokenId, t.lastUsedAt, u.id, u.name, u.email, u.role
         FROM api_tokens t JOIN users u ON u.id = t.userId
         WHERE t.tokenHash = ? AND t.revokedAt IS NULL AND t.expiresAt > ? AND u.disabledAt IS NULL`,
        [hashOf(token), at],
      )
    : undefined
  if (!found) {
    await tokenFailed(address)
    return null
  }
  const { tokenId, lastUsedAt, ...user } = found
  if ((lastUsedAt ?? 0) <= at - touchEveryMs) touch(desk, tokenId, at)
  return { user, tokenId }
}

function touch(desk: Desk, tokenId: string, at: number) {
  const sql = 'UPDATE api_tokens SET lastUsedAt = ? WHERE id = ? AND coalesce(lastUsedAt, 0) <= ?'
  desk.db.write({ statements: [{ sql, args: [at, tokenId, at - touchEveryMs] }] }).catch(() => undefined)
}

/** It stops working with the next request. Revoking twice is no error. @throws {NotFound} where it is not the actor's */
export async function revokeToken(desk: Desk, actor: UserActor, tokenId: string): Promise<void> {
  const revoked = await recorded(desk, {
    actor,
    action: 'token.revoke',
    subject: { kind: 'token', id: tokenId },
    change:
      'UPDATE api_tokens SET revokedAt = :at WHERE id = :tokenId AND userId = :userId AND revokedAt IS NULL',
    args: { tokenId, userId: actor.id },
  })
  if (revoked) return
  const own = await desk.db.first('SELECT 1 FROM api_tokens WHERE id = ? AND userId = ?', [tokenId, actor.id])
  if (!own) throw new NotFound('This token')
}

/** The actor's own that were not revoked, newest first; expired ones too. */
export function listTokens(desk: Desk, actor: UserActor): Promise<TokenView[]> {
  return desk.db.all<TokenView>(
    `SELECT id, name, hint, createdAt, expiresAt, lastUsedAt FROM api_tokens
     WHERE userId = ? AND revokedAt IS NULL ORDER BY createdAt DESC, id DESC LIMIT 200`,
    [actor.id],
  )
}
