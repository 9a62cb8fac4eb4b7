import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { maxEmail } from './limits'
import { checkPassword } from './password.server'
import { startSession } from './sessions.server'
import { limitedSignIn } from './throttle.server'
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
  const wrong = new Invalid({ password: [wrongCredentials] })
  // no account has such an address, and the limits would keep it
  if (email.length > maxEmail) throw wrong
  const found = await limitedSignIn(email, address, async () => {
    const account = await desk.db.first<Person & { passwordHash: string }>(
      'SELECT id, name, email, role, passwordHash FROM users WHERE email = ? AND disabledAt IS NULL',
      [email],
    )
    const right = await checkPassword(account?.passwordHash ?? null, password)
    return right && account ? account : null
  })
  if (!found) throw wrong
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
