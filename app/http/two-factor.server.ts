import { encodeQR } from 'qr'
import type { PendingSignIn } from '~/domain/accounts/sign-in.server'
import { type KeyPurpose, keyFor } from '~/domain/keys.server'
import { endedCookie, signedCookie, stepCookies } from './auth.server'
import { house } from './desk.server'

const minuteMs = 60_000
const setUpMinutes = 30

/** Signed, and for some minutes. */
const keptCookie = (name: string, purpose: KeyPurpose, minutes: number) =>
  signedCookie(name, keyFor(house().desk, purpose).toString('hex'), minutes * 60)

const signInCookie = () => keptCookie(stepCookies.signIn, 'pending-sign-in', 10)
const setUpCookie = () => keptCookie(stepCookies.setUp, 'pending-set-up', setUpMinutes)

/** The Set-Cookie value that keeps a sign-in whose password was right; null ends it. */
export const pendingSignInCookie = (pending: PendingSignIn | null): Promise<string> =>
  signInCookie().serialize(pending ?? '', pending ? undefined : endedCookie)

/** The sign-in that this browser has begun, for the domain to judge. */
export async function readPendingSignIn(request: Request): Promise<PendingSignIn | null> {
  const kept: PendingSignIn | '' | null = await signInCookie().parse(request.headers.get('cookie'))
  return kept || null
}

/** The Set-Cookie value that keeps an encrypted secret until its set-up is done; null ends it. */
export function pendingSetUpCookie(sealed: string | null): Promise<string> {
  if (sealed === null) return setUpCookie().serialize('', endedCookie)
  const kept: PendingSetUp = { sealed, expiresAt: house().desk.now() + setUpMinutes * minuteMs }
  return setUpCookie().serialize(kept)
}

interface PendingSetUp {
  sealed: string
  /** Milliseconds since 1970 UTC. A browser, or who copied its cookie, may keep it longer than `Max-Age`. */
  expiresAt: number
}

/** The encrypted secret that this browser sets up; null if there is none, or its time is over. */
export async function readPendingSetUp(request: Request): Promise<string | null> {
  const kept: Partial<PendingSetUp> | null = await setUpCookie().parse(request.headers.get('cookie'))
  return kept?.sealed && (kept.expiresAt ?? 0) > house().desk.now() ? kept.sealed : null
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
