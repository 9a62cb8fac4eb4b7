import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { checkPassword } from './password.server'
import { startSession } from './sessions.server'
import { trySignIn } from './throttle.server'
import type { Client, Person, StartedSession } from './view'

export interface Credentials {
  /** Trimmed and in lower case. */
  email: string
  password: string
}

export const wrongCredentials = 'This email address and password do not go together.'

/**
 * Whose credentials these are. An unknown address takes as long and says the same as a wrong password.
 *
 * @throws {Invalid} on `password`
 * @throws {Throttled} after 5 failures for the account, or 50 altogether, from the address in 15 minutes
 */
export async function checkCredentials(
  desk: Desk,
  { email, password }: Credentials,
  address: string,
): Promise<{ user: Person; passwordHash: string }> {
  const succeeded = await trySignIn(email, address)
  const found = await desk.db.first<Person & { passwordHash: string }>(
    'SELECT id, name, email, role, passwordHash FROM users WHERE email = ? AND disabledAt IS NULL',
    [email],
  )
  const right = await checkPassword(found?.passwordHash ?? null, password)
  if (!right || !found) throw new Invalid({ password: [wrongCredentials] })
  await succeeded()
  const { passwordHash, ...user } = found
  return { user, passwordHash }
}

/** @throws {Invalid | Throttled} as checkCredentials */
export async function signIn(
  desk: Desk,
  credentials: Credentials,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  const { user, passwordHash } = await checkCredentials(desk, credentials, client.address)
  return startSession(desk, user.id, { ...client, passwordHash })
}
