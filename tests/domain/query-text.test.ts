import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withTimeZone } from '~/domain/jobs/list-query'
import { chipsOf, hasZonedTime, quotedValue, readQuery, withoutTerm } from '~/domain/jobs/query-text'

const now = Date.UTC(2026, 5, 15, 12)
const clock = { now, zone: 'UTC' }
const day = (text: string) => Date.parse(`${text}T00:00:00Z`)
const hour = 3_600_000

describe('what is asked', () => {
  test.each([
    ['', {}],
    ['status:failed', { statuses: ['FAILED'] }],
    ['STATUS:In-Review', { statuses: ['IN_REVIEW'] }],
    ['status:"in review,failed"', { statuses: ['IN_REVIEW', 'FAILED'] }],
    ['status:failed,canceled', { statuses: ['FAILED', 'CANCELED'] }],
    ['status:failed status:canceled', { statuses: ['FAILED', 'CANCELED'] }],
    ['status:closed -status:failed', { statuses: ['COMPLETED', 'CANCELED'] }],
    ['needs:review', { statuses: ['IN_REVIEW'] }],
    ['needs:me', { statuses: ['INPUT_REQUIRED', 'IN_REVIEW'] }],
    ['needs:me status:failed', { statuses: [] }],
    ['agent:"Tool box"', { agent: 'Tool box' }],
    ['agent:“Tool box”', { agent: 'Tool box' }],
    ['agent:none owner:a@b.c', { agent: 'none', owner: 'a@b.c' }],
    ['priority:3', { priority: { min: 3, max: 3 } }],
    ['priority:>3', { priority: { min: 4 } }],
    ['priority:<=3', { priority: { max: 3 } }],
    ['priority:2..5 priority:>2', { priority: { min: 3, max: 5 } }],
    ['attempts:>2', { attempts: { min: 3 } }],
    ['created:2026-01-31', { created: { from: day('2026-01-31'), to: day('2026-02-01') } }],
    ['created:>2026-01-01', { created: { from: day('2026-01-02') } }],
    ['created:>=2026-01-01', { created: { from: day('2026-01-01') } }],
    ['created:<2026-01', { created: { to: day('2026-01-01') } }],
    ['created:2026-01-01..2026-02-01', { created: { from: day('2026-01-01'), to: day('2026-02-02') } }],
    ['created:2026-02..', { created: { from: day('2026-02-01') } }],
    ['created:2026', { created: { from: day('2026-01-01'), to: day('2027-01-01') } }],
    ['created:>=2026-01-01T10:00Z', { created: { from: Date.UTC(2026, 0, 1, 10) } }],
    ['created:7d', { created: { from: now - 168 * hour } }],
    ['created:>7d', { created: { to: now - 168 * hour } }],
    ['updated:24h', { updated: { from: now - 24 * hour } }],
    ['updated:90m', { updated: { from: now - 1.5 * hour } }],
    ['updated:today', { updated: { from: day('2026-06-15'), to: day('2026-06-16') } }],
    ['updated:yesterday', { updated: { from: day('2026-06-14'), to: day('2026-06-15') } }],
    ['tag:x -tag:y tag:z', { tags: ['x', 'z'], without: { tags: ['y'] } }],
    ['customer=acme', { metadata: [{ key: 'customer', value: 'acme' }] }],
    [
      'customer="a b" meta:"k=v=w"',
      {
        metadata: [
          { key: 'customer', value: 'a b' },
          { key: 'k', value: 'v=w' },
        ],
      },
    ],
    ['batch:01ABC', { batchId: '01abc' }],
    ['-agent:a -agent:none -owner:o', { without: { agents: ['a', 'none'], owners: ['o'] } }],
    ['agent:a -agent:b', { agent: 'a', without: { agents: ['b'] } }],
    ['-batch:01ABC', { without: { batches: ['01abc'] } }],
    [
      '-customer=acme -meta:"k=v"',
      {
        without: {
          metadata: [
            { key: 'customer', value: 'acme' },
            { key: 'k', value: 'v' },
          ],
        },
      },
    ],
    [
      '-needs:me -status:failed',
      { statuses: ['PENDING', 'ASSIGNED', 'IN_PROGRESS', 'COMPLETED', 'CANCELED'] },
    ],
    ['-status:open', { statuses: ['COMPLETED', 'FAILED', 'CANCELED'] }],
    [
      '-priority:3 -priority:5..7',
      {
        without: {
          priority: [
            { min: 3, max: 3 },
            { min: 5, max: 7 },
          ],
        },
      },
    ],
    ['-priority:>3 -attempts:<=2', { priority: { max: 3 }, attempts: { min: 3 } }],
    ['-priority:..3 -attempts:2..', { priority: { min: 4 }, attempts: { max: 1 } }],
    ['-created:7d', { created: { to: now - 168 * hour } }],
    ['-created:>7d', { created: { from: now - 168 * hour } }],
    ['-updated:2026-01-31', { without: { updated: [{ from: day('2026-01-31'), to: day('2026-02-01') }] } }],
    ['invoice', { text: [{ text: 'invoice', phrase: false, negated: false }] }],
    ['"two words"', { text: [{ text: 'two words', phrase: true, negated: false }] }],
    ['-"two words"', { text: [{ text: 'two words', phrase: true, negated: true }] }],
    ['-not', { text: [{ text: 'not', phrase: false, negated: true }] }],
    ['"http://x"', { text: [{ text: 'http://x', phrase: true, negated: false }] }],
    ['12:30', { text: [{ text: '12:30', phrase: false, negated: false }] }],
  ])('%s', (text, asked) => {
    const read = readQuery(text, clock)
    expect(read.problems).toEqual([])
    expect(read.asked).toEqual(asked)
  })
})

/** New York, where the clocks are put forward at two in the night of that day. */
const spring = { now: Date.UTC(2026, 2, 9, 3), zone: 'America/New_York' }

describe('days and local times are those of the zone', () => {
  test.each([
    ['created:today', { from: '2026-03-08T05:00', to: '2026-03-09T04:00' }],
    ['created:yesterday', { from: '2026-03-07T05:00', to: '2026-03-08T05:00' }],
    ['created:2026-03-08', { from: '2026-03-08T05:00', to: '2026-03-09T04:00' }],
    ['created:>2026-03-08', { from: '2026-03-09T04:00' }],
    ['created:<2026-03-08', { to: '2026-03-08T05:00' }],
    ['created:2026-03-01..2026-03-08', { from: '2026-03-01T05:00', to: '2026-03-09T04:00' }],
    ['created:2026-03', { from: '2026-03-01T05:00', to: '2026-04-01T04:00' }],
    ['created:>=2026-03-08T09:30', { from: '2026-03-08T13:30' }],
    ['created:>=2026-03-08T09:30Z', { from: '2026-03-08T09:30' }],
    // an age is so many hours, whatever the clocks do
    ['created:1d', { from: '2026-03-08T03:00' }],
  ])('%s', (text, range) => {
    const read = readQuery(text, spring)
    const times = Object.entries(range).map(([name, at]) => [name, Date.parse(`${at}Z`)])
    expect(read).toMatchObject({ problems: [], asked: { created: Object.fromEntries(times) } })
    expect(hasZonedTime(`status:failed ${text}`)).toBe(!/Z|1d/.test(text))
  })
})

test('what is kept of a query says whose days it means, if it means any', () => {
  const kept = (query: string) => withTimeZone(query, 'Asia/Kolkata')
  for (const query of [
    'created=today',
    'updated=2026-03-08&sort=name',
    'q=created%3A%3E2026-01-01',
    'q=a+-updated%3Atoday',
  ])
    expect(kept(query)).toBe(`${query}&timeZone=Asia%2FKolkata`)
  for (const query of [
    '',
    'status=FAILED',
    'created=7d',
    'q=created%3A24h..',
    'q=today',
    'created=2026-03-08T09%3A30Z..',
    'created=today&timeZone=UTC',
  ])
    expect(kept(query)).toBe(query)
})

describe('what means nothing is explained', () => {
  test.each([
    ['status:faild', '“status:faild” is no status: it is one of PENDING,'],
    ['status:', '“status:” says nothing after “status:”.'],
    ['priority:abc', '“priority:abc” is no number from 0 to 9'],
    ['priority:10', 'is no number from 0 to 9'],
    ['priority:5..2', 'runs backwards.'],
    ['created:soon', '“created:soon” is no time: write a day such as 2026-01-31'],
    ['created:2026-02-31', 'is no time'],
    ['created:2026-02-02..2026-01-01', 'runs backwards.'],
    ['needs:you', 'is none of needs:me, needs:review and needs:answer.'],
    ['tag:a,b', 'holds a comma'],
    ['meta:x', 'has no key and value'],
    ['stauts:failed', 'Did you mean “status:”?'],
    [
      'http://x',
      '“http://x” asks for “http:”, which there is not. To search for it as text, put it in quotation marks: "http://x".',
    ],
    ['constructor:x', 'asks for “constructor:”'],
    ['"open', '“"open” has no closing quotation mark.'],
    ['agent:a agent:b', '“agent:b” is a second one'],
    ['-stauts:failed', 'Did you mean “status:”?'],
    ['-priority:12', '“-priority:12” is no number from 0 to 9'],
    ['-agent:', '“-agent:” says nothing after “agent:”.'],
    ['&&', '“&&” holds no letter or digit to search for.'],
    ['x'.repeat(1001), 'At most 1,000 characters'],
    ['a '.repeat(31), 'At most 30 terms'],
  ])('%s', (text, problem) => {
    const { problems } = readQuery(text, clock)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(problem)
  })
})

describe('term by term', () => {
  const box = '  status:failed   -tag:"a b" word stauts:x '
  test('where each stands, and what is wrong with it', () => {
    const terms = chipsOf(box)
    expect(terms.map(({ text }) => text)).toEqual(['status:failed', '-tag:"a b"', 'word', 'stauts:x'])
    expect(terms.map(({ start, end }) => box.slice(start, end))).toEqual(terms.map(({ text }) => text))
    expect(terms.map(({ problem }) => problem !== null)).toEqual([false, false, false, true])
  })

  test('each can be taken away', () => {
    expect(withoutTerm(box, 0)).toBe('-tag:"a b" word stauts:x')
    expect(withoutTerm(box, 1)).toBe('status:failed word stauts:x')
    expect(withoutTerm(box, 3)).toBe('status:failed   -tag:"a b" word')
    expect(withoutTerm('word', 0)).toBe('')
    expect(withoutTerm('word', 5)).toBe('word')
  })

  test('a value is written so that it is read again', async () => {
    await fc.assert(
      fc.property(fc.constantFrom('Toolbox', 'Tool box', 'a:b', 'c=d', '-x'), (name) => {
        expect(readQuery(`agent:${quotedValue(name)}`, clock).asked).toEqual({ agent: name })
      }),
    )
  })

  test('any text is read without an error, and its terms hold all of it', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({
        unit: fc.constantFrom('"', ' ', ':', '=', '-', 'a', 'status', 'tag', '..', '>', '7d', ','),
      }),
    )
    await fc.assert(
      fc.property(text, (q) => {
        const { terms, problems } = readQuery(q, clock)
        expect(problems.every((each) => each.length > 0)).toBe(true)
        if (q.length > 1000 || chipsOf(q).length === 0) return
        const spaces = (from: string) => from.replaceAll(/[\s\p{Cc}]/gu, '')
        expect(spaces(terms.map((each) => each.text).join(''))).toBe(spaces(q))
      }),
      { numRuns: 2000 },
    )
  })
})
