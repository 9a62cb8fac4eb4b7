import { StringDecoder } from 'node:string_decoder'
import { stripVTControlCharacters } from 'node:util'

/** The most of one line that a log row keeps, in bytes of UTF-8. */
export const maxLoggedLine = 64 * 1024

/**
 * Splits a stream of bytes into lines. Characters whose bytes come in two chunks stay whole; what follows the last
 * line break is a line too. Whole lines are kept in memory, so whoever feeds it bounds how much.
 */
export function lineSplitter() {
  const decoder = new StringDecoder('utf8')
  let parts: string[] = []
  const split = (text: string): string[] => {
    const [first = '', ...more] = text.split('\n')
    parts.push(first)
    const last = more.pop()
    if (last === undefined) return []
    const lines = [parts.join(''), ...more]
    parts = [last]
    return lines.map(withoutReturn)
  }
  return {
    push: (chunk: Buffer) => split(decoder.write(chunk)),
    end: () => {
      const rest = parts.join('') + decoder.end()
      parts = []
      return rest === '' ? [] : [withoutReturn(rest)]
    },
  }
}

/** A line as people and the database can read it: no colours or cursor moves, no NUL. */
export function readable(line: string): string {
  return stripVTControlCharacters(line).replaceAll('\0', '\uFFFD')
}

/** `text`, or its first `max` bytes and a mark that says how much is missing. */
export function cut(text: string, max = maxLoggedLine): string {
  // a UTF-16 unit is at most three bytes
  if (text.length * 3 <= max) return text
  const bytes = Buffer.from(text)
  if (bytes.length <= max) return text
  const kept = new StringDecoder('utf8').write(bytes.subarray(0, max))
  return `${kept}… [cut: ${bytes.length - Buffer.byteLength(kept)} more bytes]`
}

const withoutReturn = (line: string) => (line.endsWith('\r') ? line.slice(0, -1) : line)
