import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isOpen } from '~/domain/jobs/status'
import { timelineOf } from '~/domain/jobs/timeline'
import { ticksOf } from '~/domain/jobs/timeline-axis'
import { stretchesOf } from '~/domain/jobs/timeline-stretches'
import type { AttemptSummary, TurnView } from '~/domain/jobs/view'
import { attemptOutcomes, type JobVerb, jobStatuses, jobVerbs } from '~db/vocabulary'

const turn = (number: number, kind: JobVerb, status: TurnView['status'], createdAt: number): TurnView => ({
  ...{ number, kind, status, createdAt, message: null, agentId: null, attempt: null },
  ...{ actorKind: 'user', actorId: null, actorName: 'Olive' },
})
const attempt = (
  number: number,
  startedAt: number,
  endedAt: number | null,
  outcome: AttemptSummary['outcome'] = 'SUBMITTED',
): AttemptSummary => ({
  ...{ id: `a${number}`, number, agentId: 'a', agentName: 'Toolbox', outcome, startedAt, endedAt },
  ...{
    error: null,
    question: null,
    answer: null,
    feedback: null,
    usage: null,
    unsubmittedBytes: null,
    leaseExpiresAt: 0,
  },
})

describe('a life', () => {
  const turns = [
    turn(1, 'create', 'ASSIGNED', 0),
    turn(2, 'claim', 'IN_PROGRESS', 60_000),
    turn(5, 'fail', 'ASSIGNED', 100_000),
    turn(6, 'tag', 'ASSIGNED', 101_000),
    turn(7, 'claim', 'IN_PROGRESS', 110_000),
    turn(9, 'submit', 'IN_REVIEW', 150_000),
    turn(10, 'accept', 'COMPLETED', 4_000_000),
    turn(11, 'resubmit', 'ASSIGNED', 90_000_000),
  ]
  const attempts = [attempt(1, 60_000, 100_000, 'FAILED'), attempt(2, 110_000, 150_000)]
  const line = timelineOf(turns, attempts, 90_060_000)

  test('is told in phases, with a retry apart from the queue, and a change beside in neither', () => {
    expect(stretchesOf(turns, 90_060_000).map(({ phase, from, to }) => [phase, to - from])).toEqual([
      ['queued', 60_000],
      ['running', 40_000],
      ['retry', 10_000],
      ['running', 40_000],
      ['people', 3_850_000],
      ['closed', 86_000_000],
      ['queued', 60_000],
    ])
    expect(line.totals).toEqual({ queued: 120_000, retry: 10_000, running: 80_000, people: 3_850_000 })
  })

  test('a day in which it was closed does not squeeze the rest; a short run is still seen', () => {
    const widths = Object.fromEntries(line.bars.map(({ phase, width }) => [phase, width]))
    expect(widths.closed).toBeLessThan(60)
    expect(widths.people).toBeGreaterThan(700)
    expect(Math.min(...line.bars.map(({ width }) => width))).toBeGreaterThan(5)
    expect(line.lanes.map(({ number, outcome, lasted }) => [number, outcome, lasted])).toEqual([
      [1, 'FAILED', 40_000],
      [2, 'SUBMITTED', 40_000],
    ])
    const [first, second] = line.lanes
    expect((first?.x ?? 0) + (first?.width ?? 0)).toBeLessThanOrEqual((second?.x ?? 0) + 0.001)
  })

  test('a closed job ends with its close; of many attempts the newest have lanes', () => {
    const closed = timelineOf(turns.slice(0, 7), attempts, 99_000_000)
    expect([closed.from, closed.to]).toEqual([0, 4_000_000])
    const many = Array.from({ length: 50 }, (_, n) => attempt(n + 3, n * 10, n * 10 + 1, 'RELEASED'))
    expect(timelineOf(turns, many, 90_060_000)).toMatchObject({ moreLanes: 32 })
    expect(timelineOf(turns.slice(3), [], 0)).toMatchObject({ isWhole: false, lanes: [] })
    expect(timelineOf([turn(1, 'create', 'PENDING', 5)], [], 5)).toMatchObject({
      from: 5,
      to: 5,
      moreLanes: 0,
    })
  })
})

describe('a life of many stretches', () => {
  /** Three of each attempt: waiting, running, waiting for another try. */
  const tries = (many: number, open = false) =>
    Array.from({ length: many }, (_, n) => [
      turn(3 * n + 2, 'claim', 'IN_PROGRESS', n * 1000 + 600),
      turn(3 * n + 3, 'fail', open || n < many - 1 ? 'ASSIGNED' : 'FAILED', n * 1000 + 900),
    ]).flat()
  const life = [turn(1, 'create', 'ASSIGNED', 0), ...tries(300)]

  test('is drawn with few bars, which together are as long as what they stand for', () => {
    const line = timelineOf(life, [], 999_999)
    expect([line.from, line.to, line.isWhole]).toEqual([0, 299_900, true])
    expect(line.totals).toEqual({ queued: 600, retry: 209_300, running: 90_000, people: 0 })
    expect(line.bars.length).toBeLessThan(70)
    expect(line.bars.reduce((all, { many }) => all + many, 0)).toBe(601)
    const running = line.bars.filter(({ phase }) => phase === 'running')
    const width = running.reduce((all, bar) => all + bar.width, 0)
    expect(width).toBeGreaterThan(280)
    expect(width).toBeLessThan(320)
    expect(line.ticks.at(-1)?.lived).toBe(299_900)
  })

  test('keeps what is long enough to be seen', () => {
    const day = 86_400_000
    const long = [
      ...life,
      turn(900, 'resubmit', 'ASSIGNED', 300_000),
      turn(901, 'claim', 'IN_PROGRESS', day),
      turn(902, 'submit', 'IN_REVIEW', 2 * day),
    ]
    const { bars } = timelineOf(long, [], 3 * day)
    expect(bars.slice(-3).map(({ phase, many }) => [phase, many])).toEqual([
      ['queued', 1],
      ['running', 1],
      ['people', 1],
    ])
    expect(bars.slice(-3).every(({ width }) => width > 300)).toBe(true)
  })

  test('thousands of them, all at once or each closed for a while, are still few bars that fill the box', () => {
    const closing = Array.from({ length: 2000 }, (_, n) => [
      turn(2 * n + 2, 'cancel', 'CANCELED', n * 1000 + 500),
      turn(2 * n + 3, 'resubmit', 'ASSIGNED', n * 1000 + 1000),
    ]).flat()
    const atOnce = closing.map((each) => ({ ...each, createdAt: 0 }))
    for (const turns of [closing, atOnce]) {
      const { bars } = timelineOf([turn(1, 'create', 'ASSIGNED', 0), ...turns], [], 3_000_000)
      expect(bars.length).toBeLessThan(200)
      expect(bars.reduce((all, { width }) => all + width, 0)).toBeCloseTo(1000, 3)
    }
  })

  test('where its beginning is cut off it says so', () => {
    expect(timelineOf(tries(10), [], 0).isWhole).toBe(false)
  })
})

describe('why there is another attempt', () => {
  const claimed = (number: number, attempt: number) => ({
    ...turn(number, 'claim', 'IN_PROGRESS', number * 1000),
    attempt,
  })
  const at = (number: number, kind: JobVerb, status: TurnView['status']) =>
    turn(number, kind, status, number * 1000)
  const ended = (number: number, outcome: AttemptSummary['outcome'], said: Partial<AttemptSummary>) => ({
    ...attempt(number, number * 2000, number * 2000 + 1000, outcome),
    ...said,
  })

  test('and how each ended', () => {
    const turns = [
      at(1, 'create', 'ASSIGNED'),
      claimed(2, 1),
      at(3, 'expire', 'ASSIGNED'),
      claimed(4, 2),
      at(5, 'requestInput', 'INPUT_REQUIRED'),
      at(6, 'answer', 'ASSIGNED'),
      at(7, 'tag', 'ASSIGNED'),
      claimed(8, 3),
      at(9, 'submit', 'IN_REVIEW'),
      at(10, 'sendBack', 'ASSIGNED'),
      claimed(11, 4),
    ]
    const attempts = [
      ended(1, 'EXPIRED', { error: 'Not heard of.' }),
      ended(2, 'WAITING', { question: 'Which?', answer: 'This.' }),
      ended(3, 'SUBMITTED', { feedback: 'x'.repeat(300) }),
      { ...ended(4, 'RUNNING', {}), endedAt: null },
    ]
    const { lanes } = timelineOf(turns, attempts, 20_000)
    expect(lanes.map(({ after, why }) => [after, why])).toEqual([
      [null, 'Not heard of.'],
      ['expire', 'Which?'],
      ['answer', `${'x'.repeat(200)}…`],
      ['sendBack', null],
    ])
  })

  test('nothing is made up where what came before is cut off', () => {
    const { lanes } = timelineOf([claimed(900, 7)], [attempt(7, 900_000, null, 'RUNNING')], 901_000)
    expect(lanes.map(({ after }) => after)).toEqual([null])
  })
})

describe('the axis', () => {
  const bar = (phase: 'queued' | 'running' | 'closed', x: number, width: number, lasted: number) => ({
    ...{ phase, x, width, lasted },
  })

  test('has round lengths where they are reached, and leaves closed time out', () => {
    const bars = [
      bar('queued', 0, 480, 120_000),
      bar('closed', 480, 40, 86_400_000),
      bar('running', 520, 480, 120_000),
    ]
    expect(ticksOf(bars)).toEqual([
      { x: 0, lived: 0 },
      { x: 240, lived: 60_000 },
      { x: 480, lived: 120_000 },
      { x: 760, lived: 180_000 },
      { x: 1000, lived: 240_000 },
    ])
  })

  test('leaves out what would stand too near another, and says nothing of no time', () => {
    // a short run that is drawn wider than to scale takes the room of the long wait
    const bars = [bar('running', 0, 900, 1000), bar('queued', 900, 100, 3_600_000)]
    expect(ticksOf(bars)).toEqual([
      { x: 0, lived: 0 },
      { x: 1000, lived: 3_601_000 },
    ])
    expect(ticksOf([])).toEqual([])
    expect(ticksOf([bar('closed', 0, 1000, 5)])).toEqual([])
  })
})

test('whatever happened: stretches follow on each other, bars fill the box, lanes stay inside, totals add up', () => {
  const anyTurns = fc
    .array(
      fc.record({
        kind: fc.constantFrom(...jobVerbs),
        status: fc.constantFrom(...jobStatuses),
        // clocks may go back
        after: fc.integer({ min: -1000, max: 10_000_000 }),
      }),
      { minLength: 1, maxLength: 400 },
    )
    .map((steps) => {
      let at = 1_000_000
      return steps.map(({ kind, status, after }, index) => {
        at += after
        return turn(index + 1, kind, status, at)
      })
    })
  const anyAttempts = fc.array(
    fc.record({
      startedAt: fc.integer({ min: 0, max: 100_000_000 }),
      lasted: fc.option(fc.integer({ min: -10, max: 1_000_000 })),
      outcome: fc.constantFrom(...attemptOutcomes),
    }),
    { maxLength: 30 },
  )
  fc.assert(
    fc.property(anyTurns, anyAttempts, fc.integer({ min: 0, max: 200_000_000 }), (turns, tries, now) => {
      const attempts = tries.map(({ startedAt, lasted, outcome }, index) =>
        attempt(index + 1, startedAt, lasted === null ? null : startedAt + lasted, outcome),
      )
      const stretches = stretchesOf(turns, now)
      for (const [index, { from, to, phase }] of stretches.entries()) {
        expect(to).toBeGreaterThanOrEqual(from)
        const next = stretches[index + 1]
        if (next) {
          expect(next.from).toBe(to)
          expect(next.phase).not.toBe(phase)
        }
      }
      const line = timelineOf(turns, attempts, now)
      const sum = line.bars.reduce((all, { width }) => all + width, 0)
      if (stretches.some(({ phase, from, to }) => phase !== 'closed' || to > from))
        expect(sum).toBeCloseTo(1000, 3)
      for (const [index, { x, lived }] of line.ticks.entries()) {
        const before = line.ticks[index - 1]
        expect(x).toBeLessThanOrEqual(1000)
        if (before) expect(x - before.x).toBeGreaterThanOrEqual(220 - 0.001)
        if (before) expect(lived).toBeGreaterThan(before.lived)
      }
      for (const { x, width, lasted } of [...line.bars, ...line.lanes]) {
        expect(Number.isFinite(x + width)).toBe(true)
        expect(x).toBeGreaterThanOrEqual(0)
        expect(x + width).toBeLessThanOrEqual(1000.001)
        expect(lasted).toBeGreaterThanOrEqual(0)
      }
      const lived = stretches
        .filter(({ phase }) => phase !== 'closed')
        .reduce((all, { from, to }) => all + to - from, 0)
      expect(line.ticks.at(-1)?.lived ?? 0).toBe(lived)
      expect(Object.values(line.totals).reduce((all, each) => all + each, 0)).toBe(lived)
      // to scale: of two bars of the job's open life the longer one is not the narrower one
      const open = line.bars.filter(({ phase }) => phase !== 'closed').sort((a, b) => a.lasted - b.lasted)
      for (const [index, bar] of open.entries()) {
        expect(bar.width).toBeGreaterThanOrEqual((open[index - 1]?.width ?? 0) - 0.001)
      }
      expect(
        isOpen(turns.at(-1)?.status ?? 'PENDING') ||
          line.to <= Math.max(...turns.map((each) => each.createdAt)),
      ).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
