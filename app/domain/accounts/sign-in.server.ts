import { record } from '../audit.server'
import type { Desk } from '../desk'
import { Forbidden, Invalid } from '../errors'
import { hmacOf } from '../keys.server'
import { system, type UserActor } from '../policy'
import { consumeCode } from '../two-factor/consume-code.server'
import { maxEmail } from './limits'
import { checkPassword } from './password.server'
import { hashOf } from './secret.server'
import { startSession } from './sessions.server'
import { limitedSignIn } from './throttle.server'
import type { Client, Person, StartedSession } from './view'

export interface Credentials {
  /** Trimmed and in lower case. */
  email: string
  password: string
}

/** What is left of a sign-in whose password was right: the second factor. */
export interface PendingSignIn {
  userId: string
  /** SHA-256 (hex) of the password's hash: another password makes it void. */
  passwordProof: string
  /** Milliseconds since 1970 UTC. */
  expiresAt: number
}

const pendingMs = 10 * 60_000

/** The password was right, and the account has a second factor: `consumeSignInCode` or `finishSignIn` goes on. */
export class CodeRequired extends Forbidden {
  constructor(readonly pending: PendingSignIn) {
    super('This account has two-factor authentication. Send a code of it as well.')
  }
}

const wrongCredentials = 'This email address and password do not go together.'
const disabledAccount = 'This account is disabled. An admin can enable it again.'

/**
 * Whose credentials these are. An unknown address takes as long and says the same as a wrong password; that an account
 * is disabled is for those who know its password. What is refused is on the record; an address that no account has only
 * as an HMAC, which tells one from another.
 *
 * @returns whether there is a second factor too: then the password alone lets nobody in
 * @throws {Invalid} on `password`
 * @throws {Throttled} after 5 failures for the account, or 50 altogether, from the address in 15 minutes, and after 20
 *   for the account from anywhere in an hour, unless this browser has signed in to it before
 */
export async function checkCredentials(
  desk: Desk,
  { email, password }: Credentials,
  { address, knownUserIds = [] }: Pick<Client, 'address' | 'knownUserIds'>,
): Promise<{ user: Person; passwordHash: string; hasTwoFactor: boolean }> {
  // no account has such an address, and the limits and the record would keep it
  if (email.length > maxEmail) throw new Invalid({ password: [wrongCredentials] })
  const account = await desk.db.first<Account>(`SELECT ${accountColumns} FROM users WHERE email = ?`, [email])
  const right = await limitedSignIn(
    email,
    address,
    account !== undefined && knownUserIds.includes(account.id),
    async () => (await checkPassword(account?.passwordHash ?? null, password)) || null,
  )
  if (account && right && account.disabledAt === null) {
    const { passwordHash, disabledAt: _, totpEnabledAt, ...user } = account
    return { user, passwordHash, hasTwoFactor: totpEnabledAt !== null }
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

const accountColumns = 'id, name, email, role, passwordHash, disabledAt, totpEnabledAt'
type Account = Person & { passwordHash: string; disabledAt: number | null; totpEnabledAt: number | null }

const pendingSignIn = (desk: Desk, userId: string, passwordHash: string): PendingSignIn => ({
  userId,
  passwordProof: hashOf(passwordHash),
  expiresAt: desk.now() + pendingMs,
})

/** The second factor of somebody whose password was right. @throws {Invalid} on `code`; {Throttled} as `consumeCode` */
export function consumeSignInCode(desk: Desk, user: Person, code: string, address: string): Promise<void> {
  const { id, name, email, role } = user
  const actor: UserActor = { kind: 'user', id, name, role, address }
  const detail = { email, why: 'code' }
  return consumeCode(desk, actor, code, { actor: system, action: 'sign-in.failed', detail, address })
}

/** @throws {Invalid | Throttled} as `checkCredentials`; {CodeRequired} if there is a second factor; {NotFound} as `startSession` */
export async function signIn(
  desk: Desk,
  credentials: Credentials,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  const { user, passwordHash, hasTwoFactor } = await checkCredentials(desk, credentials, client)
  if (hasTwoFactor) throw new CodeRequired(pendingSignIn(desk, user.id, passwordHash))
  return startSession(desk, user.id, { ...client, passwordHash, hasTwoFactor })
}

/** Whose sign-in waits for a code; null if it has waited too long, or the account or its password is another one by now. */
export async function pendingAccount(desk: Desk, pending: PendingSignIn): Promise<Person | null> {
  return (await findPending(desk, pending))?.user ?? null
}

async function findPending(desk: Desk, { userId, passwordProof, expiresAt }: PendingSignIn) {
  if (expiresAt <= desk.now()) return null
  const found = await desk.db.first<Account>(`SELECT ${accountColumns} FROM users WHERE id = ?`, [userId])
  if (!found || found.disabledAt !== null || found.totpEnabledAt === null) return null
  if (hashOf(found.passwordHash) !== passwordProof) return null
  const { passwordHash, disabledAt: _, totpEnabledAt: __, ...user } = found
  return { user, passwordHash }
}

/**
 * The second step of a sign-in.
 *
 * @returns null as `pendingAccount`: then it begins again with the password
 * @throws {Invalid} on `code`; {Throttled} as `consumeCode`
 */
export async function finishSignIn(
  desk: Desk,
  pending: PendingSignIn,
  code: string,
  client: Client & { replaces?: string | null },
): Promise<StartedSession | null> {
  const found = await findPending(desk, pending)
  if (!found) return null
  await consumeSignInCode(desk, found.user, code, client.address)
  return startSession(desk, found.user.id, {
    ...client,
    passwordHash: found.passwordHash,
    hasTwoFactor: true,
  })
}
