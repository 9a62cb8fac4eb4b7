/** Half of a surrogate pair written as an escape. */
const half =
  /\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]/
/** A pair of escapes, half of one, or any other escape: a backslash that is escaped begins none. */
const escapes =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[dD][89a-fA-F][\da-fA-F]{2}|\\./gs
const halfLength = '\\ud800'.length

/**
 * JSON text whose strings are well-formed Unicode: half of a surrogate pair, also as an escape (RFC 8259, section 8.2),
 * becomes U+FFFD; all else stays as it is written. Many parsers refuse such a text, and SQLite's JSON functions would
 * make bytes of it that end the process. Pure.
 */
export function wellFormedJson(json: string): string {
  const text = json.toWellFormed()
  if (!half.test(text)) return text
  return text.replace(escapes, (each) => (each.length === halfLength ? '\\ufffd' : each))
}
