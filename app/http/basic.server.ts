import { Buffer } from 'node:buffer'
import { normalEmail } from '~/domain/accounts/input'
import { checkCredentials } from '~/domain/accounts/sign-in.server'
import { Invalid } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { RequestRefused } from './body.server'
import { clientAddress } from './client-address.server'
import { house } from './desk.server'

const challenge = { 'WWW-Authenticate': 'Basic realm="docket", charset="UTF-8"' }

/**
 * Who asks with email:password (RFC 7617).
 *
 * @throws {RequestRefused} 401 without them, or where they do not go together
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
    const { user } = await checkCredentials(
      house().desk,
      { email: normalEmail(email), password },
      { address: clientAddress() },
    )
    const { id, name, role } = user
    return { kind: 'user', id, name, role, address: clientAddress(), confirmedBy: 'password' }
  } catch (error) {
    if (error instanceof Invalid) {
      throw new RequestRefused(401, Object.values(error.fields).flat().join(' '), challenge)
    }
    throw error
  }
}
