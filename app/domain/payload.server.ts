import { beginning } from './beginning'
import { wellFormedJson } from './well-formed'
/** The most of a payload that is kept, in characters. */
export const maxPayload = 65_536

const secretKey =
  /password|passwd|secret|authorization|api[-_]?key|access[-_]?token|refresh[-_]?token|lease[-_]?token|cookie|private[-_]?key|^"token"$/i
/** Its number is the secret itself, not how many or how long: `password`, and neither `access_tokens` nor `secret_version`. */
const secretNumber = /(?:password|passwd|secret|api[-_]?key|token|private[-_]?key)"$/i

/** A string, to its end or the text's: every start matches, so that the whole is read once. Then what is between them. */
const jsonToken = /"(?:[^"\\]|\\.)*(?:"|\\?$)|[[\]{}:,]|[^\s[\]{}:,"]+/gs

/** Where a word begins, also behind an escaped line break. */
const begins = String.raw`(?:\b|(?<=\\[bfnrt]))`
const secretValues = [
  new RegExp(String.raw`${begins}(Bearer\s+)(?:[\w.~+/=-]|\\/){12,}`, 'g'),
  new RegExp(String.raw`${begins}(docket_|sk-|ghp_|xox[bp]-)[\w-]{12,}`, 'g'),
  /(authorization\s*[:=]\s*(?:basic|bearer|token|apikey|negotiate)\s+)(?!\[redacted\])(?:[^\s"'\\]|\\\/)+/gi,
  // a URL's or a form's field
  /((?:password|passwd|secret|api[-_]?key|(?:access|refresh|lease|auth)[-_]?token|(?<![\w-])token)=)(?![=[])(?:[^\s"'\\&;,<>)]|\\\/)+/gi,
]

/**
 * Secrets out, by the names of keys and the shapes of well-known tokens, also in JSON that is a string in JSON. What is
 * under a secret's name goes whole, whatever it is; true, false, null and counts stay. Works on the text: numbers stay
 * exact, and it may end anywhere.
 */
export function redacted(json: string): string {
  let clean = ''
  let done = 0
  let name: string | null = null
  let isValue = false
  /** How many lists and objects of a secret's value are open. */
  let hidden = 0
  for (const { 0: token, index } of json.matchAll(jsonToken)) {
    const before = done
    done = index + token.length
    if (hidden > 0) {
      hidden += step(token)
      continue
    }
    clean += json.slice(before, index)
    if (isValue && name && isSecret(name, token)) {
      clean += '"[redacted]"'
      hidden = Math.max(0, step(token))
    } else {
      clean += token.startsWith('"') ? redactedWithin(token) : token
    }
    isValue = token === ':' && name !== null
    if (!isValue) name = token.startsWith('"') && secretKey.test(token) ? token : null
  }
  if (hidden === 0) clean += json.slice(done)
  return secretValues.reduce((text, pattern) => text.replace(pattern, '$1[redacted]'), clean)
}

const step = (token: string) => (/^[[{]/.test(token) ? 1 : /^[\]}]/.test(token) ? -1 : 0)

function isSecret(name: string, token: string): boolean {
  if (/^["[{]/.test(token)) return true
  return !/^(?:true|false|null|[\]}:,])$/.test(token) && secretNumber.test(name)
}

/** A string of JSON whose own text may be JSON; where nothing is to be hidden, as it was written. */
function redactedWithin(string: string): string {
  if (!string.includes('\\"')) return string
  const text = textOf(string)
  if (text === undefined) return string
  const clean = redacted(text.value)
  if (clean === text.value) return string
  const written = JSON.stringify(clean)
  return text.isCut ? written.slice(0, -1) : written
}

/** What a JSON string says, or the beginning of one that is cut somewhere; undefined for any other JSON. */
export const beginningOfString = (json: string): string | undefined =>
  json.trimStart().startsWith('"') ? textOf(json)?.value : undefined

/** What a string says that may be cut, also in an escape. */
function textOf(string: string): { value: string; isCut: boolean } | undefined {
  const ends = [string, `${string}"`, `${string.replace(/\\(?:u[0-9a-f]{0,3})?$/i, '')}"`]
  for (const [at, each] of ends.entries()) {
    try {
      return { value: JSON.parse(each) as string, isCut: at > 0 }
    } catch {
      // it ends otherwise
    }
  }
  return undefined
}

/**
 * JSON text as the log keeps it: redacted, and cut where it is long. What was cut stays valid JSON:
 * `{"truncated": true, "characters": <of the whole>, "head": "<the beginning>"}`.
 */
export function capped(json: string): string {
  if (json.length <= maxPayload) return redacted(wellFormedJson(json))
  const head = redacted(beginning(json, maxPayload).toWellFormed())
  return JSON.stringify({ truncated: true, characters: json.length, head })
}

/** Text as the log keeps it: its beginning, with the cut marked and no character cut in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return `${beginning(text, max)}… [cut: ${text.length.toLocaleString('en')} characters in all]`
}

/** Ends like a sentence, so that another can follow. */
export const sentence = (text: string): string =>
  /[.!?…:]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
