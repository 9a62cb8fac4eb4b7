import { type JobStatus, jobStatuses } from '~db/vocabulary'
import { lookup } from '../lookup'
import { dayOf, hasOffset, readDays, readMoment, type Span } from '../zones/calendar'
import type { NumberRange, TimeRange } from './list-filter'
import { closedStatuses, openStatuses } from './status'

/** How the values of a list's filter are written. A problem is the rest of a sentence that begins with what was typed. */

export type Read<Value> = { value: Value } | { problem: string }

const groups: Record<string, readonly JobStatus[]> = { OPEN: openStatuses, CLOSED: closedStatuses }

/** One or several, parted by commas, in any case: `failed`, `in-review`, `"in review"`; also `open` and `closed`. */
export function readStatuses(text: string): Read<JobStatus[]> {
  const words = text.split(',').map((word) =>
    word
      .trim()
      .toUpperCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  const found = words.map((word) => lookup(groups, word) ?? jobStatuses.filter((each) => each === word))
  if (found.some(({ length }) => length === 0)) {
    return { problem: `is no status: it is one of ${jobStatuses.join(', ')}, or open or closed.` }
  }
  return { value: [...new Set(found.flat())] }
}

/** `3`, `>3`, `>=3`, `<3`, `<=3`, `2..5`, `2..`, `..5` */
export function readNumbers(text: string, { min, max }: { min: number; max: number }): Read<NumberRange> {
  const problem = `is no number from ${min} to ${max.toLocaleString('en')}, nor a range such as >3 or 2..5.`
  const fits = (digits: string) => digits === '' || (Number(digits) >= min && Number(digits) <= max)
  const asRange = /^(\d{0,9})\.\.(\d{0,9})$/.exec(text)
  const [low = '', high = ''] = asRange?.slice(1) ?? []
  if (asRange && low + high !== '' && fits(low) && fits(high)) {
    if (low !== '' && high !== '' && Number(low) > Number(high)) return { problem: 'runs backwards.' }
    return { value: { ...(low && { min: Number(low) }), ...(high && { max: Number(high) }) } }
  }
  const [, sign, digits = ''] = /^([<>]=?)?(\d{1,9})$/.exec(text) ?? []
  if (digits === '' || !fits(digits)) return { problem }
  const number = Number(digits)
  if (sign === undefined) return { value: { min: number, max: number } }
  if (sign.startsWith('>')) return { value: { min: sign === '>' ? number + 1 : number } }
  return { value: { max: sign === '<' ? number - 1 : number } }
}

const timeProblem =
  'is no time: write a day such as 2026-01-31, a range such as 2026-01-01..2026-01-31, or an age such as 7d, 24h or 90m.'
const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 }

/** What times are read by. */
export interface Clock {
  /** Milliseconds since 1970 UTC, which ages count back from. */
  now: number
  /** The time zone whose days and clocks are meant. */
  zone: string
}

/**
 * `2026`, `2026-01`, `2026-01-31`, `2026-01-31T09:00`, `today` and `yesterday` of the zone, `2026-01-31T09:00Z`, ages
 * (`7d`: the last seven times 24 hours), each also after `>`, `>=`, `<`, `<=` or in a range `a..b`. Of an age, `>` means older.
 */
export function readTimes(text: string, clock: Clock): Read<TimeRange> {
  const [, low, high] = /^(.*?)\.\.(.*)$/.exec(text) ?? []
  if (low !== undefined && high !== undefined) {
    const [from, to] = [timeOf(low, clock), timeOf(high, clock)]
    if ((low !== '' && !from) || (high !== '' && !to) || low + high === '') return { problem: timeProblem }
    if (from && to && from.from >= to.to) return { problem: 'runs backwards.' }
    return { value: { ...(from && { from: from.from }), ...(to && { to: to.to }) } }
  }
  const [, sign = '', word = ''] = /^([<>]=?)?(.*)$/.exec(text) ?? []
  const age = ageOf(word)
  if (age !== undefined) {
    const since = clock.now - age
    return { value: sign.startsWith('>') ? { to: since } : { from: since } }
  }
  const span = timeOf(word, clock)
  if (!span) return { problem: timeProblem }
  if (sign === '') return { value: span }
  if (sign.startsWith('>')) return { value: { from: sign === '>' ? span.to : span.from } }
  return { value: { to: sign === '<' ? span.from : span.to } }
}

/** Whether it means other moments in another time zone. */
export const dependsOnZone = (text: string): boolean =>
  text
    .replace(/^[<>]=?/, '')
    .split('..')
    .some((word) => word !== '' && ageOf(word) === undefined && !hasOffset(word))

function ageOf(word: string): number | undefined {
  const [, count, unit] = /^(\d{1,5})([mhdw])$/i.exec(word) ?? []
  const ms = lookup(unitMs, unit?.toLowerCase())
  return ms && Number(count) > 0 ? Number(count) * ms : undefined
}

function timeOf(word: string, { now, zone }: Clock): Span | null {
  const age = ageOf(word)
  if (age !== undefined) return { from: now - age, to: now - age + 1 }
  if (/^today$/i.test(word)) return dayOf(now, zone)
  if (/^yesterday$/i.test(word)) return dayOf(now, zone, -1)
  const at = /^[12]/.test(word) ? readMoment(word, zone) : null
  return at === null ? readDays(word, zone) : { from: at, to: at + 1 }
}
