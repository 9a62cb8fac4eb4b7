import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Desk } from '../desk'
import { keyFor } from '../keys.server'

/** What every authenticator app understands (RFC 6238): SHA-1, six digits, 30 seconds. */
const parameters = { algorithm: 'SHA1', digits: 6, period: 30 } as const
/** How many steps a code may be early or late: clocks differ, and people type slowly. */
const window = 1

/** A new secret of 160 bits, in base32. */
export const newTotpSecret = (): string => new Secret({ size: 20 }).base32

const totpOf = (secret: string) => new TOTP({ ...parameters, secret: Secret.fromBase32(secret) })

/**
 * The address that authenticator apps read from a QR code.
 * @param issuer what the app shows above the code
 * @param account the email address
 */
export const otpauthUri = (secret: string, issuer: string, account: string): string =>
  new TOTP({ ...parameters, issuer, label: account, secret: Secret.fromBase32(secret) }).toString()

/**
 * The step (30 seconds since 1970 UTC, counted) that a code belongs to.
 * @param at milliseconds since 1970 UTC
 * @returns null if the code belongs to none that is close enough
 */
export function stepOf(secret: string, code: string, at: number): number | null {
  const totp = totpOf(secret)
  const delta = totp.validate({ token: code, timestamp: at, window })
  return delta === null ? null : totp.counter({ timestamp: at }) + delta
}

const version = 'v1'
const ivBytes = 12
const tagBytes = 16

/** Encrypts a secret for one user by AES-256-GCM: `v1.` and base64url of IV, tag and ciphertext. */
export function sealSecret(desk: Desk, userId: string, secret: string): string {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', keyFor(desk, 'totp-secret'), iv, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(userId))
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `${version}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64url')}`
}

/** @returns null if the key is another one by now (SESSION_SECRET was changed), or it is another user's */
export function openSecret(desk: Desk, userId: string, sealed: string): string | null {
  const [name, encoded = ''] = sealed.split('.')
  const bytes = Buffer.from(encoded, 'base64url')
  if (name !== version || bytes.length <= ivBytes + tagBytes) return null
  const decipher = createDecipheriv('aes-256-gcm', keyFor(desk, 'totp-secret'), bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(Buffer.from(userId))
  decipher.setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
  try {
    return decipher.update(bytes.subarray(ivBytes + tagBytes), undefined, 'utf8') + decipher.final('utf8')
  } catch {
    return null
  }
}
