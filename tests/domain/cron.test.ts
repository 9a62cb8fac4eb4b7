import { describe, expect, test } from 'vitest'
import { cronProblem, dueAfter, dueUntil, normalCron } from '~/domain/schedules/cron'
import { cronWords } from '~/domain/schedules/cron-words'
import { zonedText, zonedTime } from '~/domain/schedules/zoned'

const berlin = 'Europe/Berlin'
const dueOf = (cron: string, from: string, count = 3, zone = berlin) =>
  dueAfter(cron, zone, Date.parse(from), count).map((at) => new Date(at).toISOString())

describe('due times', () => {
  test('follow the clocks of the zone: nine in Berlin is eight in winter and seven in summer', () => {
    expect(dueOf('0 9 * * *', '2026-03-27T12:00:00Z', 3)).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
      '2026-03-30T07:00:00.000Z',
    ])
  })

  test('a time that March leaves out comes at the first moment after the gap, once', () => {
    expect(dueOf('30 2 * * *', '2026-03-28T12:00:00Z')).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
      '2026-03-31T00:30:00.000Z',
    ])
    expect(zonedTime(Date.parse('2026-03-29T01:00:00Z'), berlin).local).toBe('Sun 29 Mar 2026, 03:00')
    expect(dueOf('30 2,14 * * *', '2026-03-28T15:00:00Z', 2)).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T12:30:00.000Z',
    ])
  })

  test('a fixed time that October has twice comes once, the first of both', () => {
    expect(dueOf('30 2 * * *', '2026-10-24T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
      '2026-10-27T01:30:00.000Z',
    ])
  })

  test('every hour goes on through both nights, with an hour between each', () => {
    for (const night of ['2026-03-28T22:00:00Z', '2026-10-24T22:00:00Z']) {
      const times = dueAfter('30 * * * *', berlin, Date.parse(night), 6)
      expect(times.slice(1).map((at, n) => at - (times[n] as number))).toEqual(Array(5).fill(3_600_000))
    }
  })

  test('looking back finds the same as looking ahead', () => {
    const zones = [berlin, 'America/New_York', 'Australia/Lord_Howe', 'UTC']
    const crons = ['30 2 * * *', '30 * * * *', '*/30 2 * * *', '0,30 2 * * *', '0 0 L * *', '15 1,2,3 * * 0']
    const nights = [
      '2026-03-28T00:00:00Z',
      '2026-10-24T00:00:00Z',
      '2026-03-07T00:00:00Z',
      '2026-10-31T00:00:00Z',
    ]
    for (const zone of zones)
      for (const cron of crons)
        for (const night of nights) {
          const since = Date.parse(night)
          const until = since + 2 * 86_400_000
          const ahead = dueAfter(cron, zone, since - 1, 60).filter((at) => at <= until)
          expect(dueUntil(cron, zone, { since, until, most: 60 }), `${cron} ${zone} ${night}`).toEqual(ahead)
        }
  })

  test('looking back counts the moment itself, and is bounded', () => {
    const until = Date.parse('2026-11-24T09:00:00Z')
    expect(dueUntil('* * * * *', 'UTC', { since: 0, until, most: 100 })).toHaveLength(100)
    expect(dueUntil('0 9 * * *', 'UTC', { since: until, until, most: 100 })).toEqual([until])
  })
})

describe('what is refused', () => {
  test.each([
    ['', /five fields/],
    ['nope', /five fields/],
    ['* * * * * *', /no finer than a minute/],
    ['2026-01-01T00:00:00', /five fields/],
    ['61 * * * *', /Invalid value for minute: 61\.$/],
    ['0 9 * * FUNDAY', /no cron expression/],
    ['? * * * *', /Write \*/],
    ['0 0 30 2 *', /never due/],
    ['@reboot', /no cron expression/],
  ])('%j', (cron, why) => {
    expect(cronProblem(normalCron(cron))).toMatch(why)
  })

  test.each(['* * * * *', ' 0  9 * * MON-FRI ', '@daily', '0 0 29 2 *', '0 9 L * *', '0 9 * * 1#2'])(
    '%j is none of it',
    (cron) => {
      expect(cronProblem(normalCron(cron))).toBeNull()
    },
  )
})

test('moments on the clocks of a zone, and which of two equal ones', () => {
  const first = zonedTime(Date.parse('2026-10-25T00:30:00Z'), berlin)
  const second = zonedTime(Date.parse('2026-10-25T01:30:00Z'), berlin)
  expect([first.local, first.offset]).toEqual(['Sun 25 Oct 2026, 02:30', 'UTC+2'])
  expect([second.local, second.offset]).toEqual(['Sun 25 Oct 2026, 02:30', 'UTC+1'])
  expect(zonedText(Date.parse('2026-11-24T08:00:00Z'), berlin)).toBe('2026-11-24 09:00 (Europe/Berlin)')
})

test.each([
  ['* * * * *', 'Every minute'],
  ['*/15 * * * *', 'Every 15 minutes'],
  ['*/7 * * * *', null],
  ['0 * * * *', 'Every hour, on the hour'],
  ['@hourly', 'Every hour, on the hour'],
  ['5 * * * *', 'Every hour, at 5 past'],
  ['30 */6 * * *', 'Every 6 hours from 00:30'],
  ['0 */5 * * *', null],
  ['0 9 * * *', 'Every day at 09:00'],
  ['@daily', 'Every day at 00:00'],
  ['30 17,9 * * *', 'Every day at 09:30 and 17:30'],
  ['0 9 * * 1-5', 'Every weekday, Monday to Friday, at 09:00'],
  ['0 9 * * MON', 'Every Monday at 09:00'],
  ['0 9 * * 0,6', 'Every Saturday and Sunday at 09:00'],
  ['0 9 * * 5-7', 'Every Friday, Saturday and Sunday at 09:00'],
  ['0 0 1 * *', 'On the 1st of every month at 00:00'],
  ['0 0 22 * *', 'On the 22nd of every month at 00:00'],
  ['0 0 31 * *', 'On the 31st of every month that has one at 00:00'],
  ['0 0 L * *', 'On the last day of every month at 00:00'],
  ['0 8 24 12 *', 'Every year on 24 December at 08:00'],
  ['@yearly', 'Every year on 1 January at 00:00'],
  ['0 0 1 * 1', null],
  ['0 9 * * 1#2', null],
  ['*/5 9-17 * * 1-5', null],
])('%s in words', (cron, words) => {
  expect(cronWords(cron)).toBe(words)
})
