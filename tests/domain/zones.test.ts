import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startsOf } from '~/domain/overview/period'
import {
  dayOf,
  dayStarts,
  hourStart,
  isDay,
  momentOf,
  readDays,
  readMoment,
  weekdayText,
} from '~/domain/zones/calendar'
import { aheadOf, exactText, localDay, localText, offsetText } from '~/domain/zones/clock'
import { timeZoneNamed, timeZones } from '~/domain/zones/names'

const iso = (at: number) => new Date(at).toISOString().replace('.000', '')
const hours = ({ from, to }: { from: number; to: number }) => (to - from) / 3_600_000

describe('what the clocks show', () => {
  test.each([
    ['UTC', '2026-11-24T23:03:07', 'UTC', 'Tue'],
    ['Asia/Kolkata', '2026-11-25T04:33:07', 'UTC+5:30', 'Wed'],
    ['Asia/Kathmandu', '2026-11-25T04:48:07', 'UTC+5:45', 'Wed'],
    ['America/New_York', '2026-11-24T18:03:07', 'UTC-5', 'Tue'],
    ['America/St_Johns', '2026-11-24T19:33:07', 'UTC-3:30', 'Tue'],
    ['Pacific/Kiritimati', '2026-11-25T13:03:07', 'UTC+14', 'Wed'],
    ['Pacific/Marquesas', '2026-11-24T13:33:07', 'UTC-9:30', 'Tue'],
  ])('in %s', (zone, local, offset, weekday) => {
    const at = Date.UTC(2026, 10, 24, 23, 3, 7)
    expect(localText(at, zone)).toBe(local)
    expect(localText(at - 7000, zone)).toBe(local.slice(0, 16))
    expect(localDay(at, zone)).toBe(local.slice(0, 10))
    expect(offsetText(at, zone)).toBe(offset)
    expect(weekdayText(at, zone)).toBe(weekday)
    expect(readMoment(local, zone)).toBe(at)
    expect(exactText(at, zone).endsWith(`:07 ${offset}`)).toBe(true)
  })
})

describe('days', () => {
  test.each([
    ['UTC', '2026-03-08', '2026-03-08T00:00:00Z', 24],
    ['Asia/Kolkata', '2026-03-08', '2026-03-07T18:30:00Z', 24],
    ['Asia/Kathmandu', '2026-03-08', '2026-03-07T18:15:00Z', 24],
    ['America/New_York', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    ['America/New_York', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-04T13:00:00Z', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', '2026-10-03T13:30:00Z', 23.5],
    // its clocks go from midnight to one: the day begins at one
    ['Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', 23],
    ['America/Havana', '2026-03-08', '2026-03-08T05:00:00Z', 23],
    // midnight comes twice
    ['America/Havana', '2026-11-01', '2026-11-01T04:00:00Z', 25],
    // the day that was left out
    ['Pacific/Apia', '2011-12-30', '2011-12-30T10:00:00Z', 0],
    ['Pacific/Apia', '2011-12-29', '2011-12-29T10:00:00Z', 24],
  ])('%s %s begins at %s and has %d hours', (zone, day, from, length) => {
    const span = readDays(day, zone)
    if (!span) throw new Error('no day')
    expect(iso(span.from)).toBe(from)
    expect(hours(span)).toBe(length)
    if (length > 0) for (const at of [span.from, span.to - 1]) expect(dayOf(at, zone)).toEqual(span)
  })

  test('months and years are those of the zone', () => {
    expect(readDays('2026-03', 'America/New_York')).toEqual({
      from: Date.UTC(2026, 2, 1, 5),
      to: Date.UTC(2026, 3, 1, 4),
    })
    expect(readDays('2026', 'Asia/Kolkata')).toEqual({
      from: Date.UTC(2025, 11, 31, 18, 30),
      to: Date.UTC(2026, 11, 31, 18, 30),
    })
    for (const wrong of ['2026-02-30', '2026-13', '26', '2026-1-1', 'today', ''])
      expect(readDays(wrong, 'UTC'), wrong).toBeNull()
    expect([isDay('2024-02-29'), isDay('2026-02-29'), isDay('2026-1-01')]).toEqual([true, false, false])
  })

  test('yesterday is a day of the calendar, not 24 hours ago', () => {
    const after = Date.UTC(2026, 10, 2, 4, 30)
    expect(localText(after, 'America/New_York')).toBe('2026-11-01T23:30')
    expect(localDay(dayOf(after, 'America/New_York', -1).from, 'America/New_York')).toBe('2026-10-31')
    expect(hours(dayOf(after + 3_600_000, 'America/New_York', -1))).toBe(25)
    expect(dayStarts(after, 'America/New_York', 3).map(iso)).toEqual([
      '2026-10-30T04:00:00Z',
      '2026-10-31T04:00:00Z',
      '2026-11-01T04:00:00Z',
    ])
  })
})

describe('a local time is the first moment at which the clocks show it or a later one', () => {
  test.each([
    ['Asia/Kolkata', '2026-05-05T09:30', '2026-05-05T04:00:00Z'],
    ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00Z'],
    ['Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00Z'],
    ['Europe/Berlin', '2026-03-29T01:59', '2026-03-29T00:59:00Z'],
    ['Europe/Berlin', '2026-03-29T02:00', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00Z'],
    ['Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00Z'],
    ['America/New_York', '2026-03-08T02:30:15', '2026-03-08T07:00:00Z'],
    ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00Z'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', '2026-10-03T15:30:00Z'],
    ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00Z'],
    ['America/New_York', '2026-07-01T12:00Z', '2026-07-01T12:00:00Z'],
    ['America/New_York', '2026-07-01 12:00+05:30', '2026-07-01T06:30:00Z'],
  ])('%s %s', (zone, text, moment) => {
    expect(iso(readMoment(text, zone) as number)).toBe(moment)
  })

  test('what is none is refused', () => {
    for (const text of ['2026-02-31T10:00', '2026-01-01', '2026-01-01T25:00', '10:00', 'soon', ''])
      expect(readMoment(text, 'Asia/Kolkata'), text).toBeNull()
  })

  test('in every zone, at any time', async () => {
    const moment = fc.integer({ min: Date.UTC(1975, 0), max: Date.UTC(2037, 0) })
    await fc.assert(
      fc.property(fc.constantFrom(...timeZones), moment, (zone, at) => {
        const local = at + aheadOf(at, zone)
        const found = momentOf(local, zone)
        // an hour that comes twice means the first one
        expect(found).toBeLessThanOrEqual(at)
        expect(found + aheadOf(found, zone)).toBe(local)
        const { from, to } = dayOf(at, zone)
        expect(from <= at && at < to).toBe(true)
        expect(localDay(from - 1, zone) < localDay(from, zone)).toBe(true)
        // the same as Intl writes it
        const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' })
        expect(localDay(at, zone)).toBe(format.format(at))
        expect(hourStart(at, zone)).toBeLessThanOrEqual(at)
      }),
      { numRuns: 300 },
    )
  })

  test('the hours and days of overviews begin with a quarter of an hour in every zone', () => {
    const at = Date.UTC(2026, 11, 1, 16, 20)
    for (const zone of timeZones)
      for (const each of ['hour', 'day'] as const) {
        const starts = startsOf(each, at, zone)
        expect(
          starts.filter((start) => start % 900_000 !== 0),
          zone,
        ).toEqual([])
        expect(starts).toEqual(starts.toSorted((a, b) => a - b))
        expect(starts.at(-1)).toBeLessThanOrEqual(at)
      }
  })
})

test('time zones have IANA names, as they are called today, and no bare offset', () => {
  expect(timeZones).toEqual(expect.arrayContaining(['UTC', 'Asia/Kolkata', 'Europe/Kyiv', 'Asia/Kathmandu']))
  expect(timeZones).not.toContain('Asia/Calcutta')
  expect(timeZoneNamed('europe/berlin')).toBe('Europe/Berlin')
  // each is called what it was chosen as
  for (const name of ['Asia/Kolkata', 'Asia/Calcutta', 'US/Pacific', 'Europe/Kiev', 'Europe/Kyiv'])
    expect(timeZoneNamed(name)).toBe(name)
  expect(timeZoneNamed(' asia/kolkata ')).toBe('Asia/Kolkata')
  expect(timeZoneNamed('us/pacific')).toBe('America/Los_Angeles')
  expect(['+02:00', 'Mars/Olympus', '', 'constructor'].map(timeZoneNamed)).toEqual([null, null, null, null])
})
