import { lookup } from '~/domain/lookup'
import { isDay } from '~/domain/zones/calendar'

export interface Found {
  value: string
  count: number
}

export interface FoundDate extends Found {
  /** The day as yyyy-mm-dd, or null where the notation leaves day and month open (3/4/2026). */
  iso: string | null
}

export interface Extracted {
  emails: Found[]
  urls: Found[]
  dates: FoundDate[]
  /** As written, so no digit is lost. Numbers inside an address, a link or a date are not listed again. */
  numbers: Found[]
}

// Every quantifier is bounded or starts at a boundary, so that no text makes a search quadratic.
const url = /(?<![\p{L}\p{N}])(?:https?|ftp):\/\/[^\s<>"'`“”«»]+/giu
const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}\p{L}{2,24}(?![\p{L}\p{N}@])/giu
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const month =
  '(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)'
const dateNotations: { pattern: RegExp; read: (parts: string[]) => [string?, string?, string?] | null }[] = [
  { pattern: /(?<![\d-])(\d{4})-(\d{2})-(\d{2})(?!\d|-\d)/g, read: ([, y, m, d]) => [y, m, d] },
  { pattern: /(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d{4})(?![\d])/g, read: ([, d, m, y]) => [y, m, d] },
  { pattern: /(?<![\d/])(\d{1,2})\/(\d{1,2})\/(\d{4})(?![\d/])/g, read: () => null },
  {
    pattern: new RegExp(`(?<![\\p{L}])${month}\\.? (\\d{1,2})(?:st|nd|rd|th)?,? (\\d{4})(?!\\d)`, 'giu'),
    read: ([, m, d, y]) => [y, monthNumber(m), d],
  },
  {
    pattern: new RegExp(`(?<!\\d)(\\d{1,2})(?:st|nd|rd|th|\\.)? ${month}\\.?,? (\\d{4})(?!\\d)`, 'giu'),
    read: ([, d, m, y]) => [y, monthNumber(m), d],
  },
]
const number =
  /(?<![\p{L}\p{N}_]|\d\.)[-+−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?![\p{L}\p{N}_]|\.\d)/giu

/** The email addresses, URLs, dates and numbers in `text`, each once, in the order they first appear. */
export function extract(text: string): Extracted {
  let rest = text
  /** Takes the matches out of the text, so that a later search does not find parts of them. */
  const take = (pattern: RegExp, trim: (match: string) => string = (match) => match): Found[] => {
    const found: string[] = []
    rest = rest.replace(pattern, (match: string) => {
      const value = trim(match)
      found.push(value)
      return ' '.repeat(value.length) + match.slice(value.length)
    })
    return tally(found)
  }
  const urls = take(url, trimUrl)
  const emails = take(email)
  const dates = takeDates(rest)
  rest = dates.rest
  return { emails, urls, dates: dates.found, numbers: take(number) }
}

function takeDates(text: string): { found: FoundDate[]; rest: string } {
  const found: { value: string; iso: string | null; at: number }[] = []
  let rest = text
  for (const { pattern, read } of dateNotations) {
    rest = rest.replace(pattern, (match: string, ...groups: unknown[]) => {
      const at = groups.find((group) => typeof group === 'number') ?? 0
      const parts = read([match, ...groups.filter((group) => typeof group === 'string')])
      const iso = parts && isoDay(parts)
      if (parts && !iso) return match
      found.push({ value: match, iso, at })
      return ' '.repeat(match.length)
    })
  }
  found.sort((a, b) => a.at - b.at)
  const isoOf = new Map(found.map(({ value, iso }) => [value, iso]))
  const counted = tally(found.map(({ value }) => value))
  return { rest, found: counted.map((each) => ({ ...each, iso: isoOf.get(each.value) ?? null })) }
}

function isoDay([year = '', month = '', day = '']: [string?, string?, string?]): string | null {
  const iso = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(iso) ? iso : null
}

function monthNumber(name = ''): string {
  return String(months.indexOf(name.slice(0, 3).toLowerCase()) + 1)
}

const closing: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** A link in a sentence: what ends the sentence, and a bracket that was opened before the link, is not part of it. */
function trimUrl(match: string): string {
  const counts = new Map<string, number>()
  for (const character of match) counts.set(character, (counts.get(character) ?? 0) + 1)
  const count = (character: string) => counts.get(character) ?? 0
  let end = match.length
  for (;;) {
    const last = match[end - 1] ?? ''
    const open = lookup(closing, last)
    if (open ? count(open) >= count(last) : !/[.,;:!?…*]/.test(last)) return match.slice(0, end)
    counts.set(last, count(last) - 1)
    end--
  }
}

function tally(values: string[]): Found[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts].map(([value, count]) => ({ value, count }))
}
