import type { Desk } from '../desk'
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
