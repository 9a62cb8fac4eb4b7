import { encodeQR } from 'qr'
import type { PendingSignIn } from '~/domain/accounts/sign-in.server'
import { type KeyPurpose, keyFor } from '~/domain/keys.server'
import { signedCookie } from './auth.server'
import { house } from './desk.server'

/** What a browser keeps between the two steps of a sign-in and of a set-up: signed, and for some minutes. */

const keptCookie = (name: string, purpose: KeyPurpose, minutes: number) =>
  signedCookie(name, keyFor(house().desk, purpose).toString('hex'), minutes * 60)

const signInCookie = () => keptCookie('docket_sign_in', 'pending-sign-in', 10)
const setUpCookie = () => keptCookie('docket_2fa', 'pending-set-up', 30)

const ended = { maxAge: 0, expires: new Date(0) }

/** The Set-Cookie value that keeps a sign-in whose password was right; null ends it. */
export const pendingSignInCookie = (pending: PendingSignIn | null): Promise<string> =>
  signInCookie().serialize(pending ?? '', pending ? undefined : ended)

/** The sign-in that this browser has begun, for the domain to judge. */
export async function readPendingSignIn(request: Request): Promise<PendingSignIn | null> {
  const kept: PendingSignIn | '' | null = await signInCookie().parse(request.headers.get('cookie'))
  return kept || null
}

/** The Set-Cookie value that keeps an encrypted secret until its set-up is done; null ends it. */
export const pendingSetUpCookie = (sealed: string | null): Promise<string> =>
  setUpCookie().serialize(sealed ?? '', sealed ? undefined : ended)

/** The encrypted secret that this browser sets up. */
export async function readPendingSetUp(request: Request): Promise<string | null> {
  const kept: string | null = await setUpCookie().parse(request.headers.get('cookie'))
  return kept || null
}

/** What an authenticator app shows above the code. */
export const totpIssuer = () => `Docket (${new URL(house().environment.APP_ORIGIN).hostname})`

/** Light modules around a QR code: readers find none without them. */
const quietZone = 4

/** A QR code as an SVG path, in units of one module; `size` has its quiet zone on both sides. */
export function qrCode(text: string): { size: number; path: string } {
  const rows = encodeQR(text, 'raw', { border: quietZone, ecc: 'medium' })
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return { size: rows.length, path }
}
