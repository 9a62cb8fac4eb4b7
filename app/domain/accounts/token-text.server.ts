import { randomInt } from 'node:crypto'

/**
 * What an API token looks like: `docket_`, 30 random base62 characters (178 bits), and 6 of a CRC-32 over them, so
 * that secret scanners know one when they see it and a mistyped one is refused without a look into the database.
 * As GitHub's: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
 */
const prefix = 'docket_'
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const shape = /^docket_([0-9A-Za-z]{30})([0-9A-Za-z]{6})$/

export function newTokenText(): string {
  const random = Array.from({ length: 30 }, () => alphabet[randomInt(alphabet.length)]).join('')
  return prefix + random + checksum(random)
}

/** Whether it could be one of ours. */
export function isTokenText(text: string): boolean {
  const [, random, sum] = shape.exec(text) ?? []
  return random !== undefined && checksum(random) === sum
}

/** The first characters: shown in lists, too few to be of use. */
export const hintOf = (token: string) => token.slice(0, prefix.length + 4)

function checksum(text: string): string {
  let rest = crc32(text)
  let digits = ''
  for (let n = 0; n < 6; n++) {
    digits = alphabet[rest % 62] + digits
    rest = Math.floor(rest / 62)
  }
  return digits
}

/** CRC-32 (ISO 3309). Node's own, in zlib, came after 20.12. */
function crc32(text: string): number {
  let crc = 0xffffffff
  for (let at = 0; at < text.length; at++) {
    crc ^= text.charCodeAt(at)
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
