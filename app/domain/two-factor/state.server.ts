import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { openSecret } from './totp.server'
import type { TwoFactorState } from './view'

/** The actor's own. */
export async function twoFactorState(desk: Desk, { id }: Pick<UserActor, 'id'>): Promise<TwoFactorState> {
  const found = await desk.db.first<{
    totpSecret: string | null
    totpEnabledAt: number | null
    codesLeft: number
  }>(
    `SELECT totpSecret, totpEnabledAt, (SELECT count(*) FROM recovery_codes r WHERE r.userId = u.id) AS codesLeft
     FROM users u WHERE id = ?`,
    [id],
  )
  return {
    enabledAt: found?.totpEnabledAt ?? null,
    codesLeft: found?.codesLeft ?? 0,
    isReadable: !found?.totpSecret || openSecret(desk, id, found.totpSecret) !== null,
  }
}

export const twoFactorIsOff = () => new Conflict('Two-factor authentication is off.', 'not_on')

/** For what needs a code: none is used up for nothing. @throws {Conflict} `not_on` */
export async function assertTwoFactorOn(desk: Desk, actor: UserActor): Promise<void> {
  if ((await twoFactorState(desk, actor)).enabledAt === null) throw twoFactorIsOff()
}
