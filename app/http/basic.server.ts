import { Buffer } from 'node:buffer'
import { normalEmail } from '~/domain/accounts/input'
import { maxCode } from '~/domain/accounts/limits'
import { CodeRequired, checkCredentials } from '~/domain/accounts/sign-in.server'
import { Invalid } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { assertNotLimitedToSetUp } from './auth.server'
import { RequestRefused } from './body.server'
import { clientAddress } from './client-address.server'
import { house } from './desk.server'

const challenge = { 'WWW-Authenticate': 'Basic realm="docket", charset="UTF-8"' }

/**
 * Who asks with email:password (RFC 7617), and with a code in the header Docket-OTP if the account has two-factor
 * authentication.
 *
 * @throws {RequestRefused} 401 without them, or where they do not go together; 403 as `assertNotLimitedToSetUp`
 * @throws {Throttled} as sign-in
 */
export async function basicCaller(request: Request): Promise<UserActor> {
  const [, encoded] = /^Basic +([A-Za-z0-9+/=_-]+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const [, email, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded ?? '', 'base64').toString()) ?? []
  if (!email || !password) {
    throw new RequestRefused(
      401,
      'Send your email address and password by HTTP Basic authentication.',
      challenge,
    )
  }
  try {
    const code = request.headers.get('docket-otp')?.trim().slice(0, maxCode) || undefined
    const { user, hasTwoFactor } = await checkCredentials(
      house().desk,
      { email: normalEmail(email), password, code },
      { address: clientAddress() },
    )
    const { id, name, role } = user
    assertNotLimitedToSetUp(role, hasTwoFactor)
    return { kind: 'user', id, name, role, address: clientAddress(), confirmedBy: 'password' }
  } catch (error) {
    if (error instanceof CodeRequired) {
      throw new RequestRefused(
        401,
        'This account has two-factor authentication. Send a code in the header Docket-OTP as well.',
        challenge,
        'otp_required',
      )
    }
    if (error instanceof Invalid) {
      const reason = error.fields.code ? 'otp_invalid' : undefined
      throw new RequestRefused(401, Object.values(error.fields).flat().join(' '), challenge, reason)
    }
    throw error
  }
}
