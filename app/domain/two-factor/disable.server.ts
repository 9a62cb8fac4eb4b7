import { assertConfirmed, confirmation } from '../accounts/confirm-password.server'
import { findUser } from '../accounts/users.server'
import type { UserView } from '../accounts/view'
import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { Actor, UserActor } from '../policy'
import { consumeCode } from './consume-code.server'
import { assertTwoFactorOn, twoFactorIsOff } from './state.server'

const removal = {
  change: `UPDATE users SET totpSecret = NULL, totpEnabledAt = NULL, totpLastStep = NULL, updatedAt = :at
    WHERE id = :userId AND totpEnabledAt IS NOT NULL`,
  also: [`DELETE FROM recovery_codes WHERE userId = :userId AND ${onRecord}`],
}

/**
 * Turns the actor's own two-factor authentication off. Sessions and API tokens stay.
 *
 * @param code from the app, or a recovery code
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`, on `code`; {Throttled} as `consumeCode`; {Conflict} `not_on`
 */
export async function disableTwoFactor(desk: Desk, actor: UserActor, code: string): Promise<void> {
  assertConfirmed(actor)
  await assertTwoFactorOn(desk, actor)
  await consumeCode(desk, actor, code, { actor, action: 'two-factor.failed' })
  const disabled = await recorded(desk, {
    actor,
    action: 'two-factor.disable',
    subject: { kind: 'user', id: actor.id },
    detail: confirmation(actor),
    ...removal,
    args: { userId: actor.id },
  })
  if (!disabled) throw twoFactorIsOff()
}

/**
 * Lets somebody who lost their authenticator sign in by password alone, until they set it up again. For an account without
 * a second factor nothing changes.
 *
 * @throws {Conflict} `own_account`: an admin turns their own off as everybody does, with a code
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`; {NotFound | Forbidden} as `findUser`
 */
export async function resetTwoFactor(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  const user = await findUser(desk, actor, email)
  if (actor.kind === 'user' && actor.id === user.id) {
    throw new Conflict(
      'This is your own account: turn two-factor authentication off under Settings, or ask another admin.',
      'own_account',
    )
  }
  assertConfirmed(actor)
  await recorded(desk, {
    actor,
    action: 'two-factor.reset',
    subject: { kind: 'user', id: user.id },
    detail: confirmation(actor),
    ...removal,
    args: { userId: user.id },
  })
  return findUser(desk, actor, email)
}
