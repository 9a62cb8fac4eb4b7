import { expect, test, vi } from 'vitest'
import { logger } from '~/http/log.server'
import { logFailure } from '~/http/log-failure.server'
import { DatabaseUnavailable } from '~db/errors'

test('a database that takes no changes is one line a minute without a stack, and other errors are told whole', () => {
  const lines: unknown[][] = []
  const note = (...line: unknown[]) => void lines.push(line)
  vi.spyOn(logger(), 'warn').mockImplementation(note)
  vi.spyOn(logger(), 'error').mockImplementation(note)
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1_000)
  const full = new DatabaseUnavailable({ cause: Object.assign(new Error('full'), { code: 'SQLITE_FULL' }) })
  for (let n = 0; n < 5; n++) logFailure('dispatcher', full)
  expect(lines).toEqual([
    [{ codes: ['SQLITE_FULL'], where: 'dispatcher', unsaid: 0 }, 'database unavailable'],
  ])
  clock.mockReturnValue(62_000)
  logFailure('request', full)
  expect(lines[1]).toEqual([{ codes: ['SQLITE_FULL'], where: 'request', unsaid: 4 }, 'database unavailable'])
  logFailure('scheduler', new TypeError('a fault'))
  expect(lines[2]).toEqual([{ error: expect.stringMatching(/^TypeError: a fault\n +at /) }, 'scheduler'])
  vi.restoreAllMocks()
})
