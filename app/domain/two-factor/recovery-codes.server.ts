import { randomInt } from 'node:crypto'
import { hashOf } from '../accounts/secret.server'

/** Crockford's base32: no letter that looks like a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const length = 16
export const recoveryCodeCount = 10

/** Ten codes of 80 random bits, in groups of four. */
export const newRecoveryCodes = (): string[] => Array.from({ length: recoveryCodeCount }, newCode)

function newCode(): string {
  const text = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')
  return text.replace(/.{4}(?=.)/g, '$&-')
}

/** How a code is stored; however it was typed. One round of SHA-256 is enough for 80 random bits. */
export const recoveryCodeHash = (code: string): string =>
  hashOf(
    code
      .toLowerCase()
      .replace(/[^0-9a-z]/g, '')
      .replaceAll('o', '0')
      .replace(/[il]/g, '1'),
  )

/** The account `:userId` has the codes of `:codeHashes`, a JSON list of hashes. In an account's recorded change. */
export const insertRecoveryCodes = `INSERT INTO recovery_codes (userId, codeHash)
  SELECT :userId, value FROM json_each(:codeHashes)`
