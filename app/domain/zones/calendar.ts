import { aheadOf } from './clock'

/**
 * Days and local times of a time zone as moments. A local time means the first moment at which the clocks of the zone
 * show it or a later time: of a time that comes twice the first one, and instead of one that is left out the first
 * moment after the gap. Schedules count the same way. Pure.
 */

/** A range of moments in milliseconds since 1970 UTC: from (inclusive) to (exclusive). */
export interface Span {
  from: number
  to: number
}

const hourMs = 3_600_000
/** Clocks are at most 14 hours ahead of UTC and 12 hours behind it; before there was standard time, a little more. */
const farthest = 16 * hourMs

/** @param local what the clocks show, as milliseconds since 1970 as if the zone were UTC */
export function momentOf(local: number, zone: string): number {
  const aheadAt = (at: number) => aheadOf(at, zone)
  const before = aheadAt(local - farthest)
  const first = local - before
  if (aheadAt(first) === before) return first
  const after = aheadAt(local + farthest)
  const second = local - after
  if (aheadAt(second) === after) return second
  // the clocks are put forward between the two, over the time that is asked for
  let [low, high] = [Math.min(first, second), Math.max(first, second)]
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (middle + aheadAt(middle) >= local) high = middle
    else low = middle
  }
  return high
}

/** Whose UTC fields are what the clocks of the zone show. */
const localDate = (at: number, zone: string) => new Date(at + aheadOf(at, zone))

/** 0 to 23. */
export const hourOf = (at: number, zone: string): number => localDate(at, zone).getUTCHours()

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** `Tue` */
export const weekdayText = (at: number, zone: string): string =>
  weekdays[localDate(at, zone).getUTCDay()] ?? ''

/** The first moment of a day; months and days beyond the calendar's run on, as with `Date.UTC`. */
export const dayStart = (year: number, month: number, day: number, zone: string): number =>
  momentOf(Date.UTC(year, month - 1, day), zone)

function startOfDayFrom(at: number, zone: string, days: number): number {
  const local = localDate(at, zone)
  return dayStart(local.getUTCFullYear(), local.getUTCMonth() + 1, local.getUTCDate() + days, zone)
}

/** A day of the zone: that of a moment, or some days after it (before it, if negative). 23, 24 or 25 hours. */
export function dayOf(at: number, zone: string, after = 0): Span {
  const start = (days: number) => startOfDayFrom(at, zone, days)
  return { from: start(after), to: start(after + 1) }
}

/** The first moments of the last days, the oldest first: those of `count` days, the last of which is that of `at`. */
export function dayStarts(at: number, zone: string, count: number): number[] {
  return Array.from({ length: count }, (_, n) => startOfDayFrom(at, zone, n + 1 - count))
}

/** When the hour of a moment began by the zone's clocks, as if they had not been changed in it. */
export function hourStart(at: number, zone: string): number {
  const local = at + aheadOf(at, zone)
  return at - (((local % hourMs) + hourMs) % hourMs)
}

/** Whether it is a day such as `2026-01-31`; `Date.parse` takes February 31 for March 3. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) &&
  !Number.isNaN(Date.parse(text)) &&
  new Date(text).toISOString().startsWith(text)

const timeShape = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:?\d\d)?$/i

/** Whether a date and time says itself how far it is from UTC. */
export const hasOffset = (text: string): boolean => timeShape.exec(text)?.[3] !== undefined

/**
 * ISO 8601: a date and time with an offset from UTC, or without one by the zone's clocks.
 * @returns milliseconds since 1970 UTC, or null if it is none
 */
export function readMoment(text: string, zone: string): number | null {
  const [, day = '', time = '', offset] = timeShape.exec(text) ?? []
  if (!isDay(day)) return null
  const at = Date.parse(`${day}T${time}${offset?.toUpperCase() ?? 'Z'}`)
  if (Number.isNaN(at)) return null
  return offset === undefined ? momentOf(at, zone) : at
}

/** `2026`, `2026-01` or `2026-01-31`, by the zone's calendar; null if it is none of these. */
export function readDays(text: string, zone: string): Span | null {
  const [, year, month, day] = /^([12]\d{3})(?:-(\d\d)(?:-(\d\d))?)?$/.exec(text) ?? []
  if (year === undefined || !isDay(`${year}-${month ?? '01'}-${day ?? '01'}`)) return null
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)]
  const from = dayStart(y, m, d, zone)
  if (day !== undefined) return { from, to: dayStart(y, m, d + 1, zone) }
  return { from, to: month === undefined ? dayStart(y + 1, 1, 1, zone) : dayStart(y, m + 1, 1, zone) }
}
