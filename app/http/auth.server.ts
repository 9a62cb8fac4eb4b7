import { createCookie } from '@remix-run/node'
import type { TokenScope } from '~/domain/accounts/limits'
import { findSession } from '~/domain/accounts/sessions.server'
import type { Settings } from '~/domain/accounts/settings'
import { findToken, hasScope } from '~/domain/accounts/tokens.server'
import type { Client, StartedSession } from '~/domain/accounts/view'
import { keyFor } from '~/domain/keys.server'
import type { UserActor } from '~/domain/policy'
import { RequestRefused } from './body.server'
import { clientAddress, oncePerRequest } from './client-address.server'
import { house } from './desk.server'

export interface SignedIn {
  actor: UserActor
  email: string
  sessionId: string
  settings: Settings
  /** Whether this admin may do nothing yet but set up two-factor authentication (REQUIRE_ADMIN_2FA). */
  mustSetUpTwoFactor: boolean
}

const days = 24 * 3600
export const sessionSeconds = 30 * days

/** @param maxAge in seconds */
export function signedCookie(name: string, secret: string, maxAge: number) {
  const secure = house().environment.APP_ORIGIN.startsWith('https:')
  // with the prefix a browser takes it from no other host and not over http (RFC 6265bis, section 4.1.3)
  return createCookie(secure ? `__Host-${name}` : name, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
    secrets: [secret],
    maxAge,
  })
}

/** Holds the session's random id and nothing else; the database has its hash. */
const sessionCookie = () => signedCookie('docket_session', house().sessionSecret, sessionSeconds)

/** Holds the ids of the accounts that this browser has signed in to; a sign-out leaves it. */
const deviceCookie = () =>
  signedCookie('docket_device', keyFor(house().desk, 'known-device').toString('hex'), 365 * days)
/** A browser remembers the last few accounts. */
const maxKnownUsers = 5

async function knownUserIds(request: Request): Promise<string[]> {
  const ids: unknown = await deviceCookie().parse(request.headers.get('cookie'))
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}

/** The headers of an answer that signs this browser in. */
export async function signedInHeaders(request: Request, { token, userId }: StartedSession): Promise<Headers> {
  const known = (await knownUserIds(request)).filter((id) => id !== userId)
  const headers = new Headers({ 'Set-Cookie': await sessionCookie().serialize(token) })
  headers.append('Set-Cookie', await deviceCookie().serialize([userId, ...known].slice(0, maxKnownUsers)))
  return headers
}

/** What a browser keeps between the two steps of a sign-in and of a set-up. */
export const stepCookies = { signIn: 'docket_sign_in', setUp: 'docket_2fa' } as const

/** For `serialize('', …)`: the browser forgets the cookie. */
export const endedCookie = { maxAge: 0, expires: new Date(0) }

/** The headers of an answer that signs this browser out: what it kept of the pages, and of a step, goes with the cookie. */
export async function signedOutHeaders(): Promise<Headers> {
  const headers = new Headers({ 'Clear-Site-Data': '"cache", "storage"' })
  const steps = Object.values(stepCookies).map((name) => signedCookie(name, house().sessionSecret, 0))
  for (const cookie of [sessionCookie(), ...steps]) {
    headers.append('Set-Cookie', await cookie.serialize('', endedCookie))
  }
  return headers
}

/** Who sits at the browser. */
export const signedIn = (request: Request): Promise<SignedIn | null> =>
  oncePerRequest('session', () => readSession(request))

async function sessionToken(request: Request): Promise<string | null> {
  // a request with its own credentials is a script's: its cookies say nothing
  if (request.headers.has('authorization')) return null
  const token: unknown = await sessionCookie().parse(request.headers.get('cookie'))
  return typeof token === 'string' && token !== '' ? token : null
}

/** Whether this browser was signed in once and has not signed out, however its session ended. */
export const hadSession = async (request: Request) => (await sessionToken(request)) !== null

async function sessionOf(request: Request) {
  const token = await sessionToken(request)
  return token === null ? null : findSession(house().desk, token)
}

async function readSession(request: Request): Promise<SignedIn | null> {
  const found = await sessionOf(request)
  if (!found) return null
  const { user, sessionId, settings, hasTwoFactor } = found
  const mustSetUpTwoFactor = isLimitedToSetUp(user.role, hasTwoFactor)
  return { actor: actorOf(user), email: user.email, sessionId, settings, mustSetUpTwoFactor }
}

const isLimitedToSetUp = (role: UserActor['role'], hasTwoFactor: boolean): boolean =>
  house().environment.REQUIRE_ADMIN_2FA && role === 'ADMIN' && !hasTwoFactor

/** @throws {RequestRefused} 403 for an admin who has no two-factor authentication where admins need it */
export function assertNotLimitedToSetUp(role: UserActor['role'], hasTwoFactor: boolean): void {
  if (!isLimitedToSetUp(role, hasTwoFactor)) return
  throw new RequestRefused(
    403,
    'Admins need two-factor authentication here. Sign in with a browser and set it up.',
    {},
    'two_factor_setup_required',
  )
}

/** Who is about to sign in: from where, and the session that this browser has so far, which then ends. */
export async function newcomer(request: Request): Promise<Client & { replaces: string | null }> {
  const session = await signedIn(request)
  return {
    address: clientAddress(),
    userAgent: request.headers.get('user-agent'),
    knownUserIds: await knownUserIds(request),
    replaces: session?.sessionId ?? null,
  }
}

const actorOf = (user: { id: string; name: string; role: UserActor['role'] }): UserActor => ({
  kind: 'user',
  id: user.id,
  name: user.name,
  role: user.role,
  address: clientAddress(),
})

const challenge = { 'WWW-Authenticate': 'Bearer realm="docket"' }

/**
 * Who calls the API: a bearer token, or for safe methods also the browser's session.
 *
 * @param scope what the token must have; a session has all
 * @throws {RequestRefused} 401 without one, or where it is unknown, expired or revoked; 403 where it lacks the scope, and as
 *   `assertNotLimitedToSetUp`
 * @throws {Throttled} after many bad tokens from one address
 */
export async function apiCaller(request: Request, scope: TokenScope): Promise<UserActor> {
  const authorization = request.headers.get('authorization')
  if (authorization !== null) {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
    const found = await findToken(house().desk, token ?? '', clientAddress())
    if (found) {
      // to an ordinary user an admin's resource is not there, whatever the token
      const isHidden = scope === 'admin' && found.user.role !== 'ADMIN'
      if (!isHidden && !hasScope(found.scopes, scope)) throw lacksScope(scope)
      assertNotLimitedToSetUp(found.user.role, found.hasTwoFactor)
      return { ...actorOf(found.user), confirmedBy: 'token' }
    }
    throw new RequestRefused(401, 'The token is unknown, expired or revoked.', {
      'WWW-Authenticate': 'Bearer realm="docket", error="invalid_token"',
    })
  }
  if (request.method === 'GET' || request.method === 'HEAD') {
    const session = await signedIn(request)
    if (session) {
      assertNotLimitedToSetUp(session.actor.role, !session.mustSetUpTwoFactor)
      return session.actor
    }
  }
  throw new RequestRefused(401, 'Send a token: Authorization: Bearer <token>.', challenge)
}

/** RFC 6750, section 3.1. */
const lacksScope = (scope: TokenScope) =>
  new RequestRefused(403, `This token does not have the scope "${scope}".`, {
    'WWW-Authenticate': `Bearer realm="docket", error="insufficient_scope", scope="${scope}"`,
  })

/**
 * For answers that last: asks, whenever it is called, whether who made this request may still come in as what they
 * were then. One indexed read.
 */
export function stillWelcome(request: Request, actor: UserActor): () => Promise<boolean> {
  const address = clientAddress()
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? []
  return async () => {
    const { desk } = house()
    const found = token ? await findToken(desk, token, address) : await sessionOf(request)
    if (!found || isLimitedToSetUp(found.user.role, found.hasTwoFactor)) return false
    return found.user.id === actor.id && found.user.role === actor.role
  }
}
