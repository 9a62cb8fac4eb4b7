/** The most of a payload that is kept, in characters. */
export const maxPayload = 65_536

const secretKey =
  /password|passwd|secret|authorization|api[-_]?key|access[-_]?token|refresh[-_]?token|lease[-_]?token|cookie|private[-_]?key|^"token"$/i
/** A string, to its end or the text's: every start matches, so that the whole is read once. */
const jsonString = /"(?:[^"\\]|\\.)*(?:"|$)/gs
const secretValue = /\b(Bearer\s+)[\w.~+/=-]{12,}|\b(docket_|sk-|ghp_|xox[bp]-)[\w-]{12,}/g

/** Secrets out, by the names of keys and the shapes of well-known tokens. Works on the text: numbers stay exact. */
export function redacted(json: string): string {
  let clean = ''
  let done = 0
  let underSecretKey = false
  for (const { 0: token, index } of json.matchAll(jsonString)) {
    const between = json.slice(done, index)
    const isValue = between.trim() === ':'
    clean += between + (isValue && underSecretKey ? '"[redacted]"' : token)
    underSecretKey = !isValue && secretKey.test(token)
    done = index + token.length
  }
  return (clean + json.slice(done)).replace(
    secretValue,
    (_, bearer?: string, prefix?: string) => `${bearer ?? prefix}[redacted]`,
  )
}

/**
 * JSON text as the log keeps it: redacted, and cut where it is long. What was cut stays valid JSON:
 * `{"truncated": true, "characters": <of the whole>, "head": "<the beginning>"}`.
 */
export function capped(json: string): string {
  if (json.length <= maxPayload) return redacted(json)
  const head = redacted(json.slice(0, maxPayload).toWellFormed())
  return JSON.stringify({ truncated: true, characters: json.length, head })
}

/** Text as the log keeps it: its beginning, with the cut marked and no character cut in two. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const head = text.slice(0, max).replace(/[\ud800-\udbff]$/, '')
  return `${head}… [cut: ${text.length.toLocaleString('en')} characters in all]`
}

/** Ends like a sentence, so that another can follow. */
export const sentence = (text: string): string =>
  /[.!?…:]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`
