/**
 * JSON text with line breaks and two spaces a level. It works on the text, so that numbers stay as they were written
 * (JSON.parse rounds past 2^53). What is not JSON comes back as it is, never an error.
 */
export function prettyJson(text: string): string {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{}:,]|[^\s[\]{}:,"]+|"/gs)
  if (!tokens || !/^\s*[[{]/.test(text)) return text
  const out: string[] = []
  let depth = 0
  const newLine = () => out.push('\n', '  '.repeat(Math.max(depth, 0)))
  for (const [at, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      out.push(token)
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
      out.push(token)
    } else if (token === ',') {
      out.push(token)
      newLine()
    } else if (token === ':') {
      out.push(': ')
    } else {
      out.push(token)
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
    const value: unknown = (JSON.parse(text) as Record<string, unknown>)[name]
    return typeof value === 'string' && value.trim() !== '' ? value : undefined
  } catch {
    return undefined
  }
}
