import { createHmac, hkdfSync } from 'node:crypto'
import type { Desk } from './desk'

/** What keys are derived for. A new purpose gets a new name: then no key serves two. */
export type KeyPurpose =
  | 'audit-email'
  | 'known-device'
  | 'backup-download'
  | 'pending-sign-in'
  | 'pending-set-up'
  | 'totp-secret'

/**
 * A key of 32 bytes for one purpose, derived from SESSION_SECRET by HKDF-SHA-256 (RFC 5869).
 * @throws Error in tools that run without the secret
 */
export function keyFor({ secret }: Desk, purpose: KeyPurpose): Buffer {
  if (!secret) throw new Error(`There is no secret to derive the key "${purpose}" from.`)
  return Buffer.from(hkdfSync('sha256', secret, 'docket', purpose, 32))
}

/** HMAC-SHA-256 of a text under the key of this purpose, in hexadecimal. */
export const hmacOf = (desk: Desk, purpose: KeyPurpose, text: string): string =>
  createHmac('sha256', keyFor(desk, purpose)).update(text).digest('hex')
