import { onRecord, record, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, Invalid, NotFound } from '../errors'
import type { UserActor } from '../policy'
import type { ChangePasswordInput } from './input'
import { checkPassword, hashPassword } from './password.server'
import { assertPassword } from './sign-up.server'
import { limitedSignIn } from './throttle.server'
import { revokeAllTokens } from './tokens.server'

/**
 * Ends all other sessions, and voids reset links. API tokens end if that is asked for.
 *
 * @throws {Invalid} on `currentPassword` where it is wrong, on `password` where it is too easy to guess
 * @throws {Throttled} as sign-in: guessing the current password here is guessing it there
 */
export async function changePassword(
  desk: Desk,
  actor: UserActor,
  {
    currentPassword,
    password,
    revokeTokens = false,
  }: Omit<ChangePasswordInput, 'revokeTokens'> & { revokeTokens?: boolean },
  keepSessionId: string,
): Promise<void> {
  const found = await desk.db.first<{ email: string; passwordHash: string }>(
    'SELECT email, passwordHash FROM users WHERE id = ?',
    [actor.id],
  )
  if (!found) throw new NotFound('This account')
  await assertPassword(password, [actor.name, found.email])
  const subject = { kind: 'user', id: actor.id } as const
  const right = await limitedSignIn(
    found.email,
    actor.address ?? 'unknown',
    true,
    async () => (await checkPassword(found.passwordHash, currentPassword)) || null,
  )
  if (!right) {
    await record(desk, { actor, action: 'password.change-failed', subject })
    throw new Invalid({ currentPassword: ['This is not your current password.'] })
  }
  const changed = await recorded(desk, {
    actor,
    action: 'password.change',
    subject,
    detail: revokeTokens ? { tokensRevoked: true } : undefined,
    change: `UPDATE users SET passwordHash = :newHash, updatedAt = :at
      WHERE id = :userId AND passwordHash = :oldHash`,
    also: [
      `DELETE FROM sessions WHERE userId = :userId AND id <> :keepSessionId AND ${onRecord}`,
      `DELETE FROM one_time_links WHERE userId = :userId AND ${onRecord}`,
      ...(revokeTokens ? [revokeAllTokens] : []),
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
