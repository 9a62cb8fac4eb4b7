import { describe, expect, it, vi } from 'vitest'
import { appended, joined, type LogRow, together } from '~/ui/log-rows'
import { noteOf } from '~/ui/notify'
import { steadfast } from '~/ui/steadfast-fetch'

const row = (number: number, message = 'read') => ({ number, message }) as LogRow
const numbers = (rows: LogRow[]) => rows.map(({ number }) => number)
const some = (...all: number[]) => all.map((number) => row(number))

describe('a log that grows', () => {
  it('is one log without a gap that ends with the newest row', () => {
    expect(numbers(joined(some(1, 2, 3), some(3, 4)))).toEqual([1, 2, 3, 4])
    // what was heard while the page was on its way stays
    expect(numbers(joined(some(1, 2, 3, 4), some(1, 2, 3)))).toEqual([1, 2, 3, 4])
    // a page that is read again far later does not pretend to follow on
    expect(numbers(joined(some(1, 2), some(9, 10)))).toEqual([9, 10])
    // nor do many lines on one that was read long before
    expect(numbers(joined(some(501, 502), some(1, 2)))).toEqual([501, 502])
  })

  it('shows what was read rather than what was heard', () => {
    expect(joined([row(1, 'heard')], [row(1)])[0]?.message).toBe('read')
  })

  it('takes what is heard at its end, once, and says where something is missing', () => {
    expect(numbers(appended(some(1, 2), some(2, 3, 4), false) ?? [])).toEqual([1, 2, 3, 4])
    expect(appended(some(1, 2), some(4), false)).toBeNull()
    expect(numbers(appended(some(2, 9), some(9, 20), true) ?? [])).toEqual([2, 9, 20])
  })

  it('keeps the gaps of one that is narrowed', () => {
    expect(numbers(together(some(2, 9), some(9, 20)))).toEqual([2, 9, 20])
    expect(numbers(together(some(2), some(9, 20)))).toEqual([9, 20])
  })
})

describe('a notification', () => {
  const base = { jobName: 'Count', ownerId: 'me', actorId: 'agent' }
  it.each([
    ['needs-me', 'requestInput', 'INPUT_REQUIRED', 'A job asks you something'],
    ['needs-me', 'submit', 'IN_REVIEW', 'A result to review'],
    ['needs-me', 'fail', 'FAILED', undefined],
    ['all', 'fail', 'FAILED', 'A job failed'],
    ['all', 'fail', 'ASSIGNED', undefined],
    ['all', 'tag', 'COMPLETED', undefined],
    ['off', 'requestInput', 'INPUT_REQUIRED', undefined],
  ] as const)('%s: %s to %s', (choice, kind, status, title) => {
    expect(noteOf({ ...base, kind, status }, 'me', choice)?.title).toBe(title)
  })

  it('tells nobody of what they did, nor of what is not theirs', () => {
    const note = { ...base, kind: 'cancel', status: 'CANCELED' } as const
    expect(noteOf({ ...note, actorId: 'me' }, 'me', 'all')).toBeNull()
    expect(noteOf(note, 'other', 'all')).toBeNull()
  })
})

describe('a reading of a page’s data', () => {
  const ok = () => new Response('data')

  it('waits out a broken line and a restart', async () => {
    vi.useFakeTimers()
    const answers = [new TypeError('failed'), new Response('', { status: 503 }), ok()]
    const asked = vi.fn(async () => {
      const next = answers.shift()
      if (next instanceof Response) return next
      throw next
    })
    const answer = steadfast(asked)('/jobs.data')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(await (await answer).text()).toBe('data')
    expect(asked).toHaveBeenCalledTimes(3)
    vi.useRealTimers()
  })

  it('is given up with the navigation that asked; anything else fails as ever', async () => {
    const broken = async () => {
      throw new TypeError('failed')
    }
    const leaves = new AbortController()
    const answer = steadfast(broken)('/jobs.data', { signal: leaves.signal })
    leaves.abort()
    await expect(answer).rejects.toThrow('given up')
    await expect(steadfast(broken)('/jobs.data', { method: 'POST' })).rejects.toThrow('failed')
    await expect(steadfast(broken)('/api/jobs')).rejects.toThrow('failed')
  })
})
