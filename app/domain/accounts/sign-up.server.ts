import { isUniqueViolation } from '~db/errors'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Forbidden, Invalid } from '../errors'
import type { SignUpInput } from './input'
import { hashPassword, passwordProblem } from './password.server'
import { startSession } from './sessions.server'
import { trySignUp } from './throttle.server'
import type { Client, StartedSession } from './view'

export const addressTaken = { email: ['There is an account with this email address already.'] }

/**
 * Makes an account and signs it in.
 *
 * @param policy SIGNUP
 * @throws {Forbidden} where sign-up is closed
 * @throws {Invalid} on `email` where the address has an account, on `password` where it is too easy to guess
 * @throws {Throttled} after 20 in an hour from the address
 */
export async function signUp(
  desk: Desk,
  policy: 'open' | 'closed',
  { name, email, password }: SignUpInput,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  if (policy === 'closed') throw new Forbidden('Sign-up is closed here: ask an admin for an invitation.')
  await trySignUp(client.address)
  await assertPassword(password, [name, email])
  const userId = newId(desk.now())
  const passwordHash = await hashPassword(password)
  try {
    await recorded(desk, {
      actor: { kind: 'user', id: userId, name, role: 'USER' },
      action: 'sign-up',
      subject: { kind: 'user', id: userId },
      address: client.address,
      change: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt)
        VALUES (:userId, :email, :name, :passwordHash, 'USER', :at, :at)`,
      also: [
        `DELETE FROM one_time_links WHERE purpose = 'invite' AND email = :email AND usedAt IS NULL AND ${onRecord}`,
      ],
      args: { userId, email, name, passwordHash },
    })
  } catch (error) {
    throw isUniqueViolation(error, 'users.email') ? new Invalid(addressTaken) : error
  }
  return startSession(desk, userId, client)
}

/**
 * @param about name and email address of its owner
 * @throws {Invalid} on `password`
 */
export async function assertPassword(password: string, about: string[]): Promise<void> {
  const problem = await passwordProblem(password, about)
  if (problem) throw new Invalid({ password: [problem] })
}
