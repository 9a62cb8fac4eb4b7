import { record } from '../audit.server'
import type { Desk } from '../desk'
import { Invalid, NotFound } from '../errors'
import type { Actor, UserActor } from '../policy'
import { checkPassword } from './password.server'
import { limitedConfirmation } from './throttle.server'

/** What tells that the person at the browser is the account's owner, and not somebody with their session. */
export interface OwnAccount {
  email: string
  passwordHash: string
}

/** @throws {NotFound} if the account is gone */
export async function ownAccount(desk: Desk, actor: UserActor): Promise<OwnAccount> {
  const found = await desk.db.first<OwnAccount>('SELECT email, passwordHash FROM users WHERE id = ?', [
    actor.id,
  ])
  if (!found) throw new NotFound('This account')
  return found
}

/**
 * Checks the current password of somebody who is signed in. A wrong one is on the record.
 *
 * @throws {Invalid} on `currentPassword`
 * @throws {Throttled} as sign-in, since guessing a password here is guessing it there; and after 20 wrong ones for the
 *   account in an hour, by whoever has a session of it
 */
export async function assertCurrentPassword(
  desk: Desk,
  actor: UserActor,
  { email, passwordHash }: OwnAccount,
  password: string,
  failure: 'password.change-failed' | 'password.confirm-failed',
): Promise<void> {
  const right = await limitedConfirmation(
    actor.id,
    email,
    actor.address ?? 'unknown',
    async () => (await checkPassword(passwordHash, password)) || null,
  )
  if (right) return
  await record(desk, { actor, action: failure, subject: { kind: 'user', id: actor.id } })
  throw new Invalid({ currentPassword: ['This is not your current password.'] })
}

/**
 * Asks for the password before an act that `assertConfirmed` guards. It holds for this request only.
 *
 * @param password undefined or empty if the form had none
 * @returns the actor as the guarded verbs take it
 * @throws {Invalid} on `currentPassword` if it is missing or wrong
 * @throws {Throttled} as sign-in
 */
export async function confirmPassword(
  desk: Desk,
  actor: UserActor,
  password: string | undefined,
): Promise<UserActor> {
  if (!password) throw missing()
  await assertCurrentPassword(desk, actor, await ownAccount(desk, actor), password, 'password.confirm-failed')
  return { ...actor, confirmedBy: 'password' }
}

const missing = () => new Invalid({ currentPassword: ['Enter your current password.'] })

/**
 * Guards what gives lasting access or takes the data away: a stolen session alone must not do it. A person enters their
 * password (`confirmPassword`), a script has its token, and Docket itself needs neither.
 *
 * @throws {Invalid} on `currentPassword`
 */
export function assertConfirmed(actor: Actor): void {
  if (actor.kind === 'user' && !actor.confirmedBy) throw missing()
}

/** For the audit: whether it was the password or only a token. Undefined for Docket itself. */
export const confirmation = (actor: Actor) =>
  actor.kind === 'user' && actor.confirmedBy ? { confirmedBy: actor.confirmedBy } : undefined
