import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { logger } from '~/http/log.server'
import { logFailure, logRecovery, nameDatabase } from '~/http/log-failure.server'
import { DatabaseUnavailable } from '~db/errors'

const lines: unknown[][] = []
let now = 1_000

beforeEach(() => {
  lines.length = 0
  now += 60_000
  const note = (...line: unknown[]) => void lines.push(line)
  for (const level of ['info', 'warn', 'error'] as const) vi.spyOn(logger(), level).mockImplementation(note)
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  nameDatabase('db.example.com:8080')
})
afterEach(() => vi.restoreAllMocks())

const full = new DatabaseUnavailable({ cause: Object.assign(new Error('full'), { code: 'SQLITE_FULL' }) })
const said = { database: 'db.example.com:8080', kind: 'full', code: 'SQLITE_FULL' }

test('an outage is a line when it begins and one with its length when it is over, whatever fails meanwhile', () => {
  for (let second = 0; second < 59; second++) {
    logFailure('dispatcher', full)
    // a single write may pass in between
    logRecovery()
    now += 1_000
  }
  expect(lines).toEqual([[{ ...said, where: 'dispatcher' }, 'the database is unavailable']])
  now += 15_000
  logRecovery()
  logRecovery()
  expect(lines.slice(1)).toEqual([
    [{ database: said.database, seconds: 58 }, 'the database is available again'],
  ])
  // one that follows at once is no line of its own for a minute after the last
  logFailure('request', full)
  now += 15_000
  logRecovery()
  expect(lines.slice(2)).toEqual([])
  now += 60_000
  logFailure('request', full)
  // what is refused because of it names no cause
  now += 60_000
  logFailure('request', new DatabaseUnavailable())
  expect(lines.slice(3)).toEqual([
    [{ ...said, where: 'request', seconds: 60, failures: 1 }, 'the database is still unavailable'],
  ])
  lines.splice(3)
  expect(lines.slice(2)).toEqual([[{ ...said, where: 'request' }, 'the database is unavailable']])
  now += 15_000
  logRecovery()
})

test('a long outage is a line a minute', () => {
  for (let second = 0; second <= 130; second++) {
    logFailure('scheduler', full)
    now += 1_000
  }
  expect(lines.slice(1)).toEqual([
    [{ ...said, where: 'scheduler', seconds: 60, failures: 60 }, 'the database is still unavailable'],
    [{ ...said, where: 'scheduler', seconds: 120, failures: 60 }, 'the database is still unavailable'],
  ])
  now += 15_000
  logRecovery()
})

test('any other error is logged with its stack', () => {
  logFailure('scheduler', new TypeError('a fault'))
  expect(lines).toEqual([[{ error: expect.stringMatching(/^TypeError: a fault\n +at /) }, 'scheduler']])
})
