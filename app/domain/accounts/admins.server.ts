import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { Actor } from '../policy'
import { assertConfirmed, confirmation } from './confirm-password.server'
import { findUser } from './users.server'
import type { UserView } from './view'

/**
 * Somebody has to be able to let the others in. Asked within the write itself: of two admins who remove each other at
 * the same moment one stays.
 */
export const anotherAdmin =
  "EXISTS (SELECT 1 FROM users o WHERE o.role = 'ADMIN' AND o.disabledAt IS NULL AND o.id <> :userId)"

/**
 * Links that they made as an admin and nobody used: an invitation would let them in again. Only the last 7 days
 * matter, no link lives longer.
 */
export const voidLinksMade = `DELETE FROM one_time_links WHERE usedAt IS NULL AND ${onRecord} AND id IN (
  SELECT e.subjectId FROM audit e WHERE e.actorId = :userId AND e.at > :at - ${7 * 24 * 3_600_000}
    AND e.action IN ('invite.create', 'password.reset-link'))`

export const lastAdmin = (what: string) =>
  new Conflict(`This is the last admin who can sign in: make somebody else one before ${what}.`, 'last_admin')

/**
 * Making an admin of one is no error.
 *
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`
 * @throws {NotFound} where there is no such account, {Forbidden} but for admins
 */
export async function makeAdmin(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  const user = await findUser(desk, actor, email)
  assertConfirmed(actor)
  await recorded(desk, {
    actor,
    action: 'make-admin',
    subject: { kind: 'user', id: user.id },
    detail: confirmation(actor),
    change: "UPDATE users SET role = 'ADMIN', updatedAt = :at WHERE id = :userId AND role <> 'ADMIN'",
    args: { userId: user.id },
  })
  return findUser(desk, actor, email)
}

/**
 * An ordinary user from their next request on; links that they handed out are void. Doing it twice is no error.
 *
 * @throws {Conflict} `last_admin`; {NotFound | Forbidden}
 */
export async function removeAdmin(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  const user = await findUser(desk, actor, email)
  await recorded(desk, {
    actor,
    action: 'remove-admin',
    subject: { kind: 'user', id: user.id },
    change: `UPDATE users SET role = 'USER', updatedAt = :at
      WHERE id = :userId AND role = 'ADMIN' AND (disabledAt IS NOT NULL OR ${anotherAdmin})`,
    also: [voidLinksMade],
    args: { userId: user.id },
  })
  const now = await findUser(desk, actor, email)
  if (now.role === 'ADMIN') throw lastAdmin('you remove them')
  return now
}
