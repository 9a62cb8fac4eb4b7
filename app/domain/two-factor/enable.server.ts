import { assertConfirmed, confirmation } from '../accounts/confirm-password.server'
import { onRecord, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, Invalid } from '../errors'
import type { UserActor } from '../policy'
import { consumeCode, plainCode } from './consume-code.server'
import { insertRecoveryCodes, newRecoveryCodes, recoveryCodeHash } from './recovery-codes.server'
import { assertTwoFactorOn, twoFactorIsOff } from './state.server'
import { newTotpSecret, openSecret, otpauthUri, sealSecret, stepOf } from './totp.server'

/** @returns a new secret, encrypted: the browser keeps it until the set-up is done, and the database learns of it then */
export const startSetUp = (desk: Desk, actor: UserActor): string =>
  sealSecret(desk, actor.id, newTotpSecret())

/**
 * What an authenticator app needs to know.
 * @param issuer what the app shows above the code
 * @returns null if the secret can't be read, or is somebody else's
 */
export function setUpOf(desk: Desk, actor: UserActor, sealed: string, issuer: string, email: string) {
  const secret = openSecret(desk, actor.id, sealed)
  return secret === null ? null : { secret, uri: otpauthUri(secret, issuer, email) }
}

/**
 * Turns two-factor authentication on for the actor, whose app has shown a right code for the new secret. Other sessions
 * end, since they were started without a code; API tokens stay.
 *
 * @param sealed as `startSetUp` returned it
 * @param keepSessionId the session that asks
 * @returns the recovery codes, for this one time
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`, on `code` if it is wrong
 * @throws {Conflict} `set_up_expired`, `already_on`
 */
export async function enableTwoFactor(
  desk: Desk,
  actor: UserActor,
  { sealed, code, keepSessionId }: { sealed: string | null; code: string; keepSessionId: string },
): Promise<string[]> {
  assertConfirmed(actor)
  const secret = sealed === null ? null : openSecret(desk, actor.id, sealed)
  if (secret === null) throw new Conflict('This set-up has expired. Start again.', 'set_up_expired')
  const step = stepOf(secret, plainCode(code), desk.now())
  if (step === null) {
    throw new Invalid({
      code: ['This code is wrong. Enter the newest one, and check that the clock of your phone is right.'],
    })
  }
  const { codes, codeHashes } = newHashedCodes()
  const enabled = await recorded(desk, {
    actor,
    action: 'two-factor.enable',
    subject: { kind: 'user', id: actor.id },
    detail: confirmation(actor),
    change: `UPDATE users SET totpSecret = :sealed, totpEnabledAt = :at, totpLastStep = :step, updatedAt = :at
      WHERE id = :userId AND totpEnabledAt IS NULL AND disabledAt IS NULL`,
    also: [
      ...replaceCodes,
      `DELETE FROM sessions WHERE userId = :userId AND id <> :keepSessionId AND ${onRecord}`,
    ],
    args: { userId: actor.id, sealed, step, codeHashes, keepSessionId },
  })
  if (!enabled) throw new Conflict('Two-factor authentication is on already.', 'already_on')
  return codes
}

/**
 * Replaces the actor's recovery codes.
 *
 * @param code from the app, or one of the former recovery codes
 * @returns the new ones, for this one time
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`, on `code`; {Throttled} as `consumeCode`; {Conflict} `not_on`
 */
export async function replaceRecoveryCodes(desk: Desk, actor: UserActor, code: string): Promise<string[]> {
  assertConfirmed(actor)
  await assertTwoFactorOn(desk, actor)
  await consumeCode(desk, actor, code, { actor, action: 'two-factor.failed' })
  const { codes, codeHashes } = newHashedCodes()
  const replaced = await recorded(desk, {
    actor,
    action: 'two-factor.new-codes',
    subject: { kind: 'user', id: actor.id },
    detail: confirmation(actor),
    change: 'UPDATE users SET updatedAt = :at WHERE id = :userId AND totpEnabledAt IS NOT NULL',
    also: replaceCodes,
    args: { userId: actor.id, codeHashes },
  })
  if (!replaced) throw twoFactorIsOff()
  return codes
}

const replaceCodes = [
  `DELETE FROM recovery_codes WHERE userId = :userId AND ${onRecord}`,
  `${insertRecoveryCodes} WHERE ${onRecord}`,
]

function newHashedCodes() {
  const codes = newRecoveryCodes()
  return { codes, codeHashes: JSON.stringify(codes.map(recoveryCodeHash)) }
}
