/** Every pattern has at least so many characters. */
const window = 8
/** So many characters of a longer pattern are enough: what follows is hidden as far as it goes on. */
const telling = 64

export const mark = '[redacted]'

/**
 * Replaces all of the patterns in one pass over the text, whatever their number: at each place the longest. Wu and
 * Manber's way: two characters tell how far the next place is where a pattern can begin. The cost is linear in the text.
 *
 * @param patterns each of at least 8 characters
 * @returns gives the text itself where nothing is found
 */
export function replacer(patterns: string[]): (text: string) => string {
  if (patterns.length === 0) return (text) => text
  const steps = new Uint8Array(65_536).fill(window - 1)
  const byStart = new Map<string, Pattern[]>()
  for (const pattern of [...patterns].sort((a, b) => b.length - a.length)) {
    const start = pattern.slice(0, window)
    const others = byStart.get(start)
    const entry = { pattern, head: pattern.slice(0, telling) }
    if (others) others.push(entry)
    else byStart.set(start, [entry])
    for (let at = 0; at < window - 1; at++) {
      const pair = hash(start.charCodeAt(at), start.charCodeAt(at + 1))
      steps[pair] = Math.min(steps[pair] ?? 0, window - 2 - at)
    }
  }
  return (text) => {
    let clean = ''
    let done = 0
    for (let at = 0; at + window <= text.length; ) {
      const step = steps[hash(text.charCodeAt(at + window - 2), text.charCodeAt(at + window - 1))] ?? 0
      const length = step > 0 ? 0 : matchAt(text, at, byStart.get(text.slice(at, at + window)))
      if (length > 0) {
        clean += text.slice(done, at) + mark
        done = at + length
        at = done
      } else {
        at += step || 1
      }
    }
    return done === 0 ? text : clean + text.slice(done)
  }
}

const hash = (first: number, second: number) => ((first << 8) ^ second) & 0xffff

interface Pattern {
  pattern: string
  head: string
}

/** How many characters from here on are to be hidden. */
function matchAt(text: string, at: number, patterns: Pattern[] = []): number {
  const found = patterns.find(({ head }) => text.startsWith(head, at))
  if (!found) return 0
  let { length } = found.head
  while (length < found.pattern.length && text[at + length] === found.pattern[length]) length++
  return length
}
