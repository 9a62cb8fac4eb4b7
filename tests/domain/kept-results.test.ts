import { expect, test, vi } from 'vitest'
import { KeptResults } from '~/routes/jobs/kept-results.server'
import { shownResult } from '~/routes/jobs/shown-result.server'

const source = (json: string) => ({ json, tail: null, bytes: json.length })
const shownOf = (jobId: string, json: string) => () => shownResult(jobId, source(json))

test('a result is shaped once for as long as it is the same', () => {
  const kept = new KeptResults()
  const make = vi.fn(shownOf('a', '"# One\\n\\nWords"'))
  const first = kept.get('a', source('"# One\\n\\nWords"'), make)
  expect(kept.get('a', source('"# One\\n\\nWords"'), make)).toBe(first)
  expect(make).toHaveBeenCalledTimes(1)
  const other = kept.get('a', source('"# Two\\n\\nWords"'), shownOf('a', '"# Two\\n\\nWords"'))
  expect(other.shape).toMatchObject({ html: '<h3>Two</h3>\n<p>Words</p>\n' })
  expect(kept.get('a', source('"# One\\n\\nWords"'), make)).toEqual(first)
  expect(make).toHaveBeenCalledTimes(2)
})

test('of two jobs with the same result each has its own', () => {
  const kept = new KeptResults()
  for (const job of ['a', 'b', 'a', 'b']) {
    expect(kept.get(job, source('[1]'), shownOf(job, '[1]')).excerpt.whole).toBe(`/api/jobs/${job}/result`)
  }
})

test('what was not asked for longest makes room', () => {
  const kept = new KeptResults()
  const json = (n: number) => JSON.stringify(`${n}${'x'.repeat(3_000_000)}`)
  const make = (n: number) => vi.fn(shownOf(String(n), json(n)))
  for (let n = 0; n < 6; n++) {
    kept.get(String(n), source(json(n)), make(n))
    kept.get('0', source(json(0)), make(0))
  }
  for (let n = 6; n < 9; n++) kept.get(String(n), source(json(n)), make(n))
  expect(kept.size).toBeLessThan(20_000_000)
  const [oldest, newest] = [make(1), make(8)]
  kept.get('8', source(json(8)), newest)
  kept.get('1', source(json(1)), oldest)
  expect([oldest.mock.calls.length, newest.mock.calls.length]).toEqual([1, 0])
  kept.get('huge', source(JSON.stringify('x'.repeat(7_000_000))), make(9))
  expect(kept.size).toBeLessThan(20_000_000)
})

test('small ones are bounded too', () => {
  const kept = new KeptResults()
  for (let n = 0; n < 1000; n++) kept.get(String(n), source('1'), shownOf(String(n), '1'))
  const again = vi.fn(shownOf('1', '1'))
  kept.get('1', source('1'), again)
  expect(again).toHaveBeenCalled()
})
