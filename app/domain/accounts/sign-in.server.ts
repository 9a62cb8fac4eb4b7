import { record } from '../audit.server'
import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { hmacOf } from '../keys.server'
import { system } from '../policy'
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

const wrongCredentials = 'This email address and password do not go together.'
const disabledAccount = 'This account is disabled. An admin can enable it again.'

/**
 * Whose credentials these are. An unknown address takes as long and says the same as a wrong password; that an account
 * is disabled is for those who know its password. What is refused is on the record; an address that no account has only
 * as an HMAC, which tells one from another.
 *
 * @throws {Invalid} on `password`
 * @throws {Throttled} after 5 failures for the account, or 50 altogether, from the address in 15 minutes, and after 20
 *   for the account from anywhere in an hour, unless this browser has signed in to it before
 */
export async function checkCredentials(
  desk: Desk,
  { email, password }: Credentials,
  { address, knownUserIds = [] }: Pick<Client, 'address' | 'knownUserIds'>,
): Promise<{ user: Person; passwordHash: string }> {
  // no account has such an address, and the limits and the record would keep it
  if (email.length > maxEmail) throw new Invalid({ password: [wrongCredentials] })
  const account = await desk.db.first<Account>(
    'SELECT id, name, email, role, passwordHash, disabledAt FROM users WHERE email = ?',
    [email],
  )
  const right = await limitedSignIn(
    email,
    address,
    account !== undefined && knownUserIds.includes(account.id),
    async () => (await checkPassword(account?.passwordHash ?? null, password)) || null,
  )
  if (account && right && account.disabledAt === null) {
    const { passwordHash, disabledAt: _, ...user } = account
    return { user, passwordHash }
  }
  await record(desk, {
    actor: system,
    action: 'sign-in.failed',
    subject: account && { kind: 'user', id: account.id },
    // an address that no account has may be a password typed into the wrong field
    detail: account
      ? { email, ...(right ? { why: 'disabled' } : {}) }
      : { emailHmac: hmacOf(desk, 'audit-email', email).slice(0, 32) },
    address,
  })
  throw new Invalid({ password: [right ? disabledAccount : wrongCredentials] })
}

type Account = Person & { passwordHash: string; disabledAt: number | null }

/** @throws {Invalid | Throttled} as checkCredentials */
export async function signIn(
  desk: Desk,
  credentials: Credentials,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  const { user, passwordHash } = await checkCredentials(desk, credentials, client)
  return startSession(desk, user.id, { ...client, passwordHash })
}
