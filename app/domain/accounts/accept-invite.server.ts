import { isUniqueViolation } from '~db/errors'
import type { Role } from '~db/vocabulary'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, NotFound } from '../errors'
import type { AcceptInviteInput } from './input'
import { hashPassword } from './password.server'
import { hashOf } from './secret.server'
import { startSession } from './sessions.server'
import { assertPassword } from './sign-up.server'
import { trySignUp } from './throttle.server'
import type { Client, StartedSession } from './view'

/** Whom a link invites, and as what. @throws {NotFound} where it was used, withdrawn, is out of date or never was */
export async function findInvitation(desk: Desk, token: string): Promise<{ email: string; role: Role }> {
  const found = await desk.db.first<{ email: string; role: Role }>(
    `SELECT email, role FROM one_time_links
     WHERE tokenHash = ? AND purpose = 'invite' AND usedAt IS NULL AND expiresAt > ?`,
    [hashOf(token), desk.now()],
  )
  if (!found) throw new NotFound('This invitation')
  return found
}

/**
 * Makes the account that the link is for, uses the link up, and signs them in.
 *
 * @throws {NotFound} where the link was used, withdrawn, is out of date or never was
 * @throws {Invalid} on `password`; {Conflict} where the address has an account by now
 * @throws {Throttled} as sign-up
 */
export async function acceptInvite(
  desk: Desk,
  token: string,
  { name, password }: Pick<AcceptInviteInput, 'name' | 'password'>,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  await trySignUp(client.address)
  const { email, role } = await findInvitation(desk, token)
  await assertPassword(password, [name, email])
  const userId = newId(desk.now())
  const made = await recorded(desk, {
    actor: { kind: 'user', id: userId, name, role, address: client.address },
    action: 'invite.accept',
    subject: { kind: 'user', id: userId },
    detail: { email, role },
    change: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt)
      SELECT :userId, email, :name, :passwordHash, role, :at, :at FROM one_time_links
      WHERE tokenHash = :tokenHash AND purpose = 'invite' AND usedAt IS NULL AND expiresAt > :at`,
    also: [`UPDATE one_time_links SET usedAt = :at WHERE tokenHash = :tokenHash AND ${onRecord}`],
    args: { userId, name, passwordHash: await hashPassword(password), tokenHash: hashOf(token) },
  }).catch((error: unknown) => {
    if (!isUniqueViolation(error, 'users.email')) throw error
    throw new Conflict(`There is an account for ${email} already: sign in with it.`, 'has_account')
  })
  if (!made) throw new NotFound('This invitation')
  return startSession(desk, userId, client)
}
