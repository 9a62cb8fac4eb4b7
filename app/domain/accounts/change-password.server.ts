import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { assertCurrentPassword, ownAccount } from './confirm-password.server'
import type { ChangePasswordInput } from './input'
import { hashPassword } from './password.server'
import { assertPassword } from './sign-up.server'
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
  const account = await ownAccount(desk, actor)
  await assertPassword(password, [actor.name, account.email])
  await assertCurrentPassword(desk, actor, account, currentPassword, 'password.change-failed')
  const changed = await recorded(desk, {
    actor,
    action: 'password.change',
    subject: { kind: 'user', id: actor.id },
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
      oldHash: account.passwordHash,
      newHash: await hashPassword(password),
    },
  })
  if (!changed)
    throw new Conflict('Your password was changed at the same moment somewhere else.', 'lost_race')
}
