import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import type { Actor } from '../policy'
import { anotherAdmin, lastAdmin, voidLinksMade } from './admins.server'
import { assertConfirmed, confirmation } from './confirm-password.server'
import { revokeAllTokens } from './tokens.server'
import { findUser } from './users.server'
import type { UserView } from './view'

/**
 * Shuts an account: sessions, API tokens, and open links to it and from it end with it. Jobs stay and go on. Disabling
 * twice is no error.
 *
 * @throws {Conflict} `last_admin`; {NotFound | Forbidden}
 */
export async function disableUser(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  const user = await findUser(desk, actor, email)
  await recorded(desk, {
    actor,
    action: 'user.disable',
    subject: { kind: 'user', id: user.id },
    change: `UPDATE users SET disabledAt = :at, updatedAt = :at
      WHERE id = :userId AND disabledAt IS NULL AND (role <> 'ADMIN' OR ${anotherAdmin})`,
    also: [
      `DELETE FROM sessions WHERE userId = :userId AND ${onRecord}`,
      revokeAllTokens,
      // kept, so that who follows one learns why it does nothing
      `UPDATE one_time_links SET usedAt = :at WHERE userId = :userId AND usedAt IS NULL AND ${onRecord}`,
      voidLinksMade,
    ],
    args: { userId: user.id },
  })
  const now = await findUser(desk, actor, email)
  if (now.disabledAt === null) throw lastAdmin('you disable them')
  return now
}

/**
 * Lets them sign in again; what ended stays ended.
 *
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`; {NotFound | Forbidden} as `findUser`
 */
export async function enableUser(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  const user = await findUser(desk, actor, email)
  assertConfirmed(actor)
  await recorded(desk, {
    actor,
    action: 'user.enable',
    subject: { kind: 'user', id: user.id },
    detail: confirmation(actor),
    change:
      'UPDATE users SET disabledAt = NULL, updatedAt = :at WHERE id = :userId AND disabledAt IS NOT NULL',
    args: { userId: user.id },
  })
  return findUser(desk, actor, email)
}
