/** The qualifier box's text taken apart. */

export const mostCharacters = 1000
export const mostTerms = 30

/** One term of it: `-status:failed`, `customer=acme`, `word`, `"a phrase"`. */
export interface Piece {
  /** Where it stands, and where it ends (exclusive). */
  start: number
  end: number
  /** As it was typed. */
  text: string
  negated: boolean
  /** What stands before a colon or an equals sign, where the rest is its value. */
  key: string | null
  /** Null: bare text. */
  sign: ':' | '=' | null
  /** Without its quotation marks. */
  value: string
  quoted: boolean
  /** False where a quotation mark is missing. */
  isClosed: boolean
}

const qualifier = /([A-Za-z][\w.-]*):/y
const assignment = /([A-Za-z0-9][A-Za-z0-9._-]{0,49})=/y

/** Whatever the text holds, each of its characters that is no space is in one piece. */
export function scan(text: string): Piece[] {
  const plain = typedQuotes(text)
  const pieces: Piece[] = []
  let at = 0
  for (;;) {
    while (at < plain.length && isSpace(plain, at)) at++
    if (at === plain.length) return pieces
    const start = at
    const negated = plain[at] === '-' && at + 1 < plain.length && !isSpace(plain, at + 1)
    if (negated) at++
    const named = matchAt(qualifier, plain, at) ?? matchAt(assignment, plain, at)
    if (named) at += named.length
    const key = named?.slice(0, -1) ?? null
    const quoted = plain[at] === '"'
    const from = quoted ? at + 1 : at
    const closing = quoted ? plain.indexOf('"', from) : -1
    const isClosed = !quoted || closing >= 0
    if (quoted) at = isClosed ? closing + 1 : plain.length
    else while (at < plain.length && !isSpace(plain, at)) at++
    pieces.push({
      ...{ start, end: at, text: text.slice(start, at), negated, key, quoted, isClosed },
      sign: named ? (named.endsWith(':') ? ':' : '=') : null,
      value: plain.slice(from, quoted && isClosed ? at - 1 : at),
    })
  }
}

/** Telephones write other marks; control characters part words. No character moves. */
const typedQuotes = (text: string) =>
  text
    .toWellFormed()
    .replaceAll(/[“”„]/g, '"')
    .replaceAll(/\p{Cc}/gu, ' ')

const isSpace = (text: string, at: number) => /\s/.test(text.charAt(at))

function matchAt(shape: RegExp, text: string, at: number): string | undefined {
  shape.lastIndex = at
  return shape.exec(text)?.[0]
}
