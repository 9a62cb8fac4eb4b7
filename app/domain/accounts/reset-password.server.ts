import { assertAdmin } from '../admin-only'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, NotFound } from '../errors'
import { type Actor, system } from '../policy'
import { assertConfirmed, confirmation } from './confirm-password.server'
import { normalEmail, type ResetPasswordInput } from './input'
import { hashPassword } from './password.server'
import { hashOf, newSecret } from './secret.server'
import { assertPassword } from './sign-up.server'
import { revokeAllTokens } from './tokens.server'
import { findUser } from './users.server'

const linkHours = 24

/**
 * A link with which its user sets a new password: once, within 24 hours. An older one is void.
 *
 * @param origin such as `https://docket.example.com`
 * @throws {Invalid} on `currentPassword` as `assertConfirmed`
 * @throws {NotFound} where there is no such account; {Conflict} `account_disabled`
 */
export async function passwordResetLink(
  desk: Desk,
  actor: Actor,
  email: string,
  origin: string,
): Promise<{ link: string; expiresAt: number }> {
  assertAdmin(actor)
  assertConfirmed(actor)
  const at = desk.now()
  const token = newSecret()
  const id = newId(at)
  const expiresAt = at + linkHours * 3_600_000
  const made = await recorded(desk, {
    actor,
    action: 'password.reset-link',
    subject: { kind: 'link', id },
    detail: { email: normalEmail(email), ...confirmation(actor) },
    change: `INSERT INTO one_time_links (id, tokenHash, purpose, userId, createdAt, expiresAt)
      SELECT :id, :tokenHash, 'password', u.id, :at, :expiresAt FROM users u
      WHERE u.email = :email AND u.disabledAt IS NULL`,
    also: [
      `DELETE FROM one_time_links WHERE id <> :id AND ${onRecord}
        AND userId = (SELECT u.id FROM users u WHERE u.email = :email)`,
    ],
    args: { id, tokenHash: hashOf(token), email: normalEmail(email), expiresAt },
  })
  if (!made) {
    await findUser(desk, actor, email)
    throw accountDisabled('Enable it before you make a link to reset its password.')
  }
  return { link: `${origin}/password?token=${token}`, expiresAt }
}

const accountDisabled = (whatNext: string) =>
  new Conflict(`This account is disabled. ${whatNext}`, 'account_disabled')

/**
 * Whose password a link would set.
 * @throws {NotFound} where it was used, is out of date or never was; {Conflict} `account_disabled`
 */
export async function findResetLink(desk: Desk, token: string): Promise<{ userId: string; email: string }> {
  const found = await desk.db.first<{
    userId: string
    email: string
    usedAt: number | null
    disabledAt: number | null
  }>(
    `SELECT u.id AS userId, u.email, l.usedAt, u.disabledAt FROM one_time_links l JOIN users u ON u.id = l.userId
     WHERE l.tokenHash = ? AND l.purpose = 'password' AND l.expiresAt > ?`,
    [hashOf(token), desk.now()],
  )
  if (found && found.disabledAt !== null) throw accountDisabled('An admin can enable it again.')
  if (!found || found.usedAt !== null) throw new NotFound('This link')
  const { userId, email } = found
  return { userId, email }
}

/**
 * Uses the link up and ends all sessions and API tokens of its user: somebody else may have had the old password.
 *
 * @throws {NotFound | Conflict} as `findResetLink`
 * @throws {Invalid} on `password`
 */
export async function resetPassword(
  desk: Desk,
  token: string,
  { password }: Pick<ResetPasswordInput, 'password'>,
  address?: string,
): Promise<void> {
  const { userId, email } = await findResetLink(desk, token)
  await assertPassword(password, [email])
  const reset = await recorded(desk, {
    actor: { kind: 'user', id: userId, name: email, role: 'USER' },
    action: 'password.reset',
    subject: { kind: 'user', id: userId },
    address,
    change: `UPDATE one_time_links SET usedAt = :at
      WHERE tokenHash = :tokenHash AND purpose = 'password' AND usedAt IS NULL AND expiresAt > :at
        AND EXISTS (SELECT 1 FROM users u WHERE u.id = :userId AND u.disabledAt IS NULL)`,
    also: [
      `UPDATE users SET passwordHash = :passwordHash, updatedAt = :at WHERE id = :userId AND ${onRecord}`,
      `DELETE FROM sessions WHERE userId = :userId AND ${onRecord}`,
      revokeAllTokens,
    ],
    args: { tokenHash: hashOf(token), userId, passwordHash: await hashPassword(password) },
  })
  if (!reset) throw new NotFound('This link')
}

/** For the admin command on a stopped server: a random password, and no session and no API token left. @throws {NotFound} */
export async function setTemporaryPassword(desk: Desk, email: string): Promise<string> {
  const password = newSecret().slice(0, 20)
  const user = await desk.db.first<{ id: string }>('SELECT id FROM users WHERE email = ?', [
    normalEmail(email),
  ])
  if (!user) throw new NotFound('This account')
  await recorded(desk, {
    actor: system,
    action: 'password.reset',
    subject: { kind: 'user', id: user.id },
    change: 'UPDATE users SET passwordHash = :passwordHash, updatedAt = :at WHERE id = :userId',
    also: [
      `DELETE FROM sessions WHERE userId = :userId AND ${onRecord}`,
      `DELETE FROM one_time_links WHERE userId = :userId AND ${onRecord}`,
      revokeAllTokens,
    ],
    args: { userId: user.id, passwordHash: await hashPassword(password) },
  })
  return password
}
