import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, Invalid, NotFound } from '../errors'
import type { UserActor } from '../policy'
import type { ChangePasswordInput } from './input'
import { checkPassword, hashPassword } from './password.server'
import { assertPassword } from './sign-up.server'
import { limitedSignIn } from './throttle.server'

/**
 * Ends all other sessions, and voids reset links. API tokens stay: they are revoked by themselves.
 *
 * @throws {Invalid} on `currentPassword` where it is wrong, on `password` where it is too common
 * @throws {Throttled} as sign-in: guessing the current password here is guessing it there
 */
export async function changePassword(
  desk: Desk,
  actor: UserActor,
  { currentPassword, password }: ChangePasswordInput,
  { keepSessionId, address }: { keepSessionId: string; address: string },
): Promise<void> {
  const found = await desk.db.first<{ email: string; passwordHash: string }>(
    'SELECT email, passwordHash FROM users WHERE id = ?',
    [actor.id],
  )
  if (!found) throw new NotFound('This account')
  await assertPassword(password)
  const right = await limitedSignIn(
    found.email,
    address,
    async () => (await checkPassword(found.passwordHash, currentPassword)) || null,
  )
  if (!right) throw new Invalid({ currentPassword: ['This is not your current password.'] })
  const changed = await recorded(desk, {
    actor,
    action: 'password.change',
    subject: { kind: 'user', id: actor.id },
    address,
    change: `UPDATE users SET passwordHash = :newHash, updatedAt = :at
      WHERE id = :userId AND passwordHash = :oldHash`,
    also: [
      `DELETE FROM sessions WHERE userId = :userId AND id <> :keepSessionId AND ${onRecord}`,
      `DELETE FROM one_time_links WHERE userId = :userId AND ${onRecord}`,
    ],
    args: {
      userId: actor.id,
      keepSessionId,
      oldHash: found.passwordHash,
      newHash: await hashPassword(password),
    },
  })
  if (!changed)
    throw new Conflict('Your password was changed at the same moment somewhere else.', 'lost_race')
}
