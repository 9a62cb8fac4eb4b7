import { shortestSecret } from '~/domain/agents/secrets'

/** From so many characters on a secret is known again in base64, and a line of it by itself. */
const shortestPart = 12

/**
 * How a secret may stand in what a program or a server writes: as it is, as JSON (also in JSON that is text in JSON),
 * in an address, in base64 wherever it begins in what was encoded; and each of these of its longer lines. None where
 * it is too short.
 */
export function spellingsOf(value: string): string[] {
  const secret = value.trim().toWellFormed()
  if (secret.length < shortestSecret) return []
  const lines = secret
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortestPart && !/^-+ ?(?:BEGIN|END)\b/.test(line))
  return [...new Set([secret, ...lines].flatMap(spellings))]
}

function spellings(text: string): string[] {
  const once = escaped(text)
  return [
    text,
    ...[
      once,
      once.replaceAll('/', '\\/'),
      ascii(once),
      ascii(once).replace(/[<>&]/g, unicode),
      escaped(once),
      escaped(escaped(once)),
    ],
    ...inAddress(text),
    ...(text.length >= shortestPart ? inBase64(Buffer.from(text)) : []),
  ]
}

const escaped = (text: string) => JSON.stringify(text).slice(1, -1)
const unicode = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
/** As Python writes it. */
const ascii = (json: string) => json.replace(/[\u0080-\uffff]/g, unicode)

function inAddress(text: string): string[] {
  const plain = encodeURIComponent(text)
  const strict = plain.replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
  const form = strict.replaceAll('%20', '+')
  const lower = (encoded: string) => encoded.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase())
  return [plain, strict, form, lower(plain), lower(strict), lower(form)]
}

/** Without the characters at both ends that depend on what is beside it, and by lines as `base64` breaks them. */
function inBase64(bytes: Buffer): string[] {
  const wholes = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const isOpen = (before + bytes.length) % 3 !== 0
    return encoded.slice(before === 0 ? 0 : before + 1, isOpen ? -1 : undefined)
  })
  const [alone = ''] = wholes
  const broken = [64, 76].flatMap((width) => alone.match(new RegExp(`.{${width}}`, 'g')) ?? [])
  const standard = [...wholes, ...broken]
  return [...standard, ...standard.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'))]
}
