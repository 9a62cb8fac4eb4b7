import { limitedCode } from '../accounts/throttle.server'
import { type AuditEntry, record, recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import type { UserActor } from '../policy'
import { recoveryCodeHash } from './recovery-codes.server'
import { openSecret, stepOf } from './totp.server'

const unreadableSecret =
  'Docket can no longer read the secret of your authenticator app, because SESSION_SECRET was changed. Use a recovery code, or ask an admin to reset your two-factor authentication.'

/** A TOTP code without the spaces that apps show in it. */
export const plainCode = (typed: string): string => typed.normalize('NFKC').replace(/[\s-]/g, '')

/**
 * Uses up a code from the authenticator app, or a recovery code. Each works once, also if two requests bring it at the
 * same moment: the guard is in the write.
 *
 * @param code as it was typed
 * @param failure how a wrong code is recorded
 * @throws {Invalid} on `code` if it is wrong or was used, or if the secret can't be read
 * @throws {Throttled} after 5 wrong codes for the account in 15 minutes
 */
export async function consumeCode(
  desk: Desk,
  actor: UserActor,
  code: string,
  failure: Omit<AuditEntry, 'subject'>,
): Promise<void> {
  const plain = plainCode(code)
  const consume = /^\d{6}$/.test(plain) ? consumeTotp : consumeRecoveryCode
  const isRight = await limitedCode(actor.id, () => consume(desk, actor, plain))
  if (isRight) return
  await record(desk, { ...failure, subject: { kind: 'user', id: actor.id } })
  throw new Invalid({ code: ['This code is wrong, or was already used. Each code works once.'] })
}

async function consumeTotp(desk: Desk, actor: UserActor, code: string): Promise<boolean> {
  const found = await desk.db.first<{ totpSecret: string | null }>(
    'SELECT totpSecret FROM users WHERE id = ?',
    [actor.id],
  )
  if (!found?.totpSecret) return false
  const secret = openSecret(desk, actor.id, found.totpSecret)
  if (secret === null) throw new Invalid({ code: [unreadableSecret] })
  const step = stepOf(secret, code, desk.now())
  if (step === null) return false
  return recorded(desk, {
    actor,
    action: 'two-factor.code',
    subject: { kind: 'user', id: actor.id },
    change: `UPDATE users SET totpLastStep = :step
      WHERE id = :userId AND totpSecret = :sealed AND (totpLastStep IS NULL OR totpLastStep < :step)`,
    args: { userId: actor.id, sealed: found.totpSecret, step },
  })
}

const consumeRecoveryCode = (desk: Desk, actor: UserActor, code: string): Promise<boolean> =>
  recorded(desk, {
    actor,
    action: 'two-factor.recovery-code',
    subject: { kind: 'user', id: actor.id },
    change: 'DELETE FROM recovery_codes WHERE userId = :userId AND codeHash = :codeHash',
    args: { userId: actor.id, codeHash: recoveryCodeHash(code) },
  })
