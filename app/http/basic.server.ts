import { Buffer } from 'node:buffer'
import { normalEmail } from '~/domain/accounts/input'
import { maxCode } from '~/domain/accounts/limits'
import { checkCredentials, consumeSignInCode } from '~/domain/accounts/sign-in.server'
import { Invalid } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { assertNotLimitedToSetUp } from './auth.server'
import { RequestRefused } from './body.server'
import { clientAddress } from './client-address.server'
import { house } from './desk.server'

const challenge = { 'WWW-Authenticate': 'Basic realm="docket", charset="UTF-8"' }

interface BasicCaller {
  /** What the password was checked against. */
  passwordHash: string
  /**
   * Uses up the code, if the account has two-factor authentication: called once nothing else is wrong with the request.
   * @throws {RequestRefused} 401 if it is wrong; {Throttled} as `consumeCode`
   */
  confirmed(): Promise<UserActor>
}

/**
 * Who asks with email:password (RFC 7617), and with a code in the header Docket-OTP if the account has two-factor
 * authentication.
 *
 * @throws {RequestRefused} 401 without them, or where they do not go together; 403 as `assertNotLimitedToSetUp`
 * @throws {Throttled} as sign-in
 */
export async function basicCaller(request: Request): Promise<BasicCaller> {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const [, email, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  if (!email || !password) throw refused('Send your email address and password by HTTP Basic authentication.')
  const { desk } = house()
  const address = clientAddress()
  const { user, passwordHash, hasTwoFactor } = await checkCredentials(
    desk,
    { email: normalEmail(email), password },
    { address },
  ).catch(refuse)
  const { id, name, role } = user
  assertNotLimitedToSetUp(role, hasTwoFactor)
  const code = request.headers.get('docket-otp')?.trim().slice(0, maxCode)
  if (hasTwoFactor && !code) {
    throw refused(
      'This account has two-factor authentication. Send a code in the header Docket-OTP as well.',
      'otp_required',
    )
  }
  return {
    passwordHash,
    async confirmed() {
      if (hasTwoFactor) await consumeSignInCode(desk, user, code ?? '', address).catch(refuse)
      return { kind: 'user', id, name, role, address, confirmedBy: 'password' }
    },
  }
}

const refused = (message: string, reason?: string) => new RequestRefused(401, message, challenge, reason)

function refuse(error: unknown): never {
  if (!(error instanceof Invalid)) throw error
  throw refused(Object.values(error.fields).flat().join(' '), error.fields.code ? 'otp_invalid' : undefined)
}
