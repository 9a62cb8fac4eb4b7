/** SQLite reads no JSON that nests deeper (https://www.sqlite.org/json1.html). */
const maxDepth = 1000

/**
 * The text of a field of a JSON object as it is written there, with every digit. Nothing is parsed, so that a field of
 * 10 MB takes milliseconds.
 *
 * @param json text of an object that `JSON.parse` accepts
 * @returns the last field of that name; undefined if there is none
 * @throws {RangeError} if it nests deeper than 1,000 levels
 */
export function fieldText(json: string, name: string): string | undefined {
  let found: string | undefined
  let at = json.indexOf('{')
  do {
    const start = json.indexOf('"', at)
    if (start < 0) break
    const end = endOfString(json, start)
    const value = json.indexOf(':', end) + 1
    at = endOfValue(json, value)
    if (JSON.parse(json.slice(start, end)) === name) found = json.slice(value, at).trim()
  } while (json[at] === ',')
  return found
}

/** Behind the quotation mark that closes the string whose first one is at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0
    while (json[end - 1 - backslashes] === '\\') backslashes++
    if (backslashes % 2 === 0) return end + 1
  }
}

const [quote, comma, openBracket, closeBracket, openBrace, closeBrace] = [...'",[]{}'].map((char) =>
  char.charCodeAt(0),
)

/** At the comma or the brace that follows the value. */
function endOfValue(json: string, start: number): number {
  let depth = 0
  for (let at = start; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (code === quote) at = endOfString(json, at) - 1
    else if (code === openBracket || code === openBrace) {
      if (++depth > maxDepth) throw new RangeError('The JSON is nested too deeply.')
    } else if (depth === 0 && (code === comma || code === closeBrace)) return at
    else if (code === closeBracket || code === closeBrace) depth--
  }
  return json.length
}
