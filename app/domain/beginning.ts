/** The most that a page shows of a payload, in characters; there may be a hundred payloads on it. */
export const mostOfPayload = 10_000

/** Combining marks can pile up without end: a character that is longer, in UTF-16 units, may be cut between code points. */
const maxCharacter = 50

/**
 * The beginning of a text, at most `max` UTF-16 units long. It never ends within a character as people see it: an emoji,
 * a flag or an accented letter is there whole or not at all (Unicode UAX #29). Pure; for pages and server alike.
 */
export function beginning(text: string, max: number): string {
  if (text.length <= max) return text
  const near = text.slice(0, max + maxCharacter)
  const start = new Intl.Segmenter().segment(near).containing(max)?.index ?? max
  return near.slice(0, max - start < maxCharacter ? start : max).replace(/[\ud800-\udbff]$/, '')
}
