import { lookup } from '~/domain/lookup'

/** Deeper levels are indented no further: each line would carry its depth in spaces. */
const deepest = 20

/** A string, which may end with the text; punctuation; anything else. */
const token = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|[[\]{}:,]|[^\s[\]{}:,"]+/gs

/**
 * JSON text with line breaks and two spaces a level. It works on the text, so that numbers stay as they were written
 * (JSON.parse rounds past 2^53), and text that was cut is laid out as far as it goes. What is not JSON comes back as it
 * is, never an error.
 *
 * @param most stops once it has more characters than these
 */
export function prettyJson(text: string, most = Number.POSITIVE_INFINITY): string {
  const tokens = text.match(token)
  if (!tokens || !/^\s*[[{]/.test(text)) return text
  const out: string[] = []
  let depth = 0
  let length = 0
  const put = (part: string) => {
    out.push(part)
    length += part.length
  }
  const newLine = () => put(`\n${'  '.repeat(Math.min(Math.max(depth, 0), deepest))}`)
  for (const [at, token] of tokens.entries()) {
    if (length > most) break
    if (token === '{' || token === '[') {
      put(token)
      const closesAtOnce = tokens[at + 1] === (token === '{' ? '}' : ']')
      if (!closesAtOnce) {
        depth++
        newLine()
      }
    } else if (token === '}' || token === ']') {
      const openedJustNow = tokens[at - 1] === (token === '}' ? '{' : '[')
      if (!openedJustNow) {
        depth--
        newLine()
      }
      put(token)
    } else if (token === ',') {
      put(token)
      newLine()
    } else if (token === ':') {
      put(': ')
    } else {
      put(token)
    }
  }
  return out.join('')
}

/** What a JSON string says; undefined where the text is another kind of JSON, or none. */
export function jsonString(text: string): string | undefined {
  if (!text.trimStart().startsWith('"')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

/** A text field at the top of a JSON object. */
export function jsonField(text: string, name: string): string | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = lookup(JSON.parse(text) as object, name)
    return typeof value === 'string' && value.trim() !== '' ? value : undefined
  } catch {
    return undefined
  }
}
