import { describe, expect, test } from 'vitest'
import { lengthText } from '~/domain/length'
import { dayMs, hourMs, periodOf, startsOf } from '~/domain/overview/period'
import { limits, verdictOf } from '~/domain/overview/verdict'
import { type AgentLoad, type JobFact, mostWaiting, type Overview } from '~/domain/overview/view'

const at = Date.UTC(2026, 5, 18, 14, 30)
const quiet = { created: 0, completed: 0, failed: 0, canceled: 0 }
const noNeeds = { reviews: [], questions: [], failures: [], stuck: [], schedules: [] }
const nothing = { since: 0, inputTokens: 0, outputTokens: 0, costUsd: 0 }

const agent = (changes: Partial<AgentLoad> = {}): AgentLoad => ({
  id: 'a1',
  name: 'Sorter',
  kind: 'toolbox',
  state: 'ACTIVE',
  concurrency: 2,
  takesUnassigned: true,
  running: 0,
  waiting: 0,
  done: 0,
  failed: 0,
  ...changes,
})

const job = (since: number): JobFact => ({
  id: 'j1',
  name: 'Count',
  status: 'ASSIGNED',
  ownerName: 'Olive',
  agentName: 'Sorter',
  since,
  why: null,
})

const schedule = { id: 's1', name: 'Weekly', ownerName: 'Olive', since: at, why: 'Gone.', job: null }

type Changes = Partial<Omit<Overview, 'open'>> & {
  open?: Partial<Overview['open']>
  ended?: [number, number]
}

function overview({ open, ended: [completed, failed] = [0, 0], ...changes }: Changes = {}): Overview {
  const hours = [{ number: 47, coarse: null, ...quiet, completed, failed }]
  return {
    at,
    open: { PENDING: 0, ASSIGNED: 0, IN_PROGRESS: 0, INPUT_REQUIRED: 0, IN_REVIEW: 0, ...open },
    oldestWaiting: null,
    firstInLine: null,
    day: periodOf('hour', 'UTC', startsOf('hour', at, 'UTC'), hours),
    month: periodOf('day', 'UTC', startsOf('day', at, 'UTC'), []),
    agents: [agent()],
    retiredAgents: 0,
    usage: { day: nothing, month: nothing },
    needs: noNeeds,
    failingSchedules: 0,
    ...changes,
  }
}

const said = (changes: Changes) => {
  const { tone, headline, concerns } = verdictOf(overview(changes))
  return { tone, headline, concerns: concerns.map(({ tone, text }) => `${tone}: ${text}`) }
}
const well = { tone: 'good', headline: 'All is well.', concerns: [] }

describe('all is well', () => {
  test.each<[string, Changes]>([
    ['where nothing has happened', {}],
    ['where there is no agent and no job', { agents: [] }],
    ['where jobs wait for an agent that takes them', { open: { PENDING: 3, ASSIGNED: 2 } }],
    ['where people have to act', { open: { IN_REVIEW: 4, INPUT_REQUIRED: 1 } }],
    [
      'where a person has had a day or two',
      { open: { IN_REVIEW: 1 }, needs: { ...noNeeds, reviews: [job(at - limits.patientMs + 1)] } },
    ],
    ['where the queue moves', { firstInLine: job(at - limits.slowMs + 1) }],
    ['where few fail', { ended: [81, 19] }],
    ['where too few ended to say', { ended: [0, limits.least - 1] }],
    ['where an agent is paused and nothing waits for it', { agents: [agent(), agent({ state: 'PAUSED' })] }],
    ['where an agent failed now and then', { agents: [agent({ done: 6, failed: 5 })] }],
    ['where an agent has failed, but seldom', { agents: [agent({ done: 0, failed: 4 })] }],
  ])('%s', (_, changes) => {
    expect(said(changes)).toEqual(well)
  })
})

describe('something is wrong', () => {
  test.each<[string, Changes, string]>([
    [
      'nobody takes unassigned jobs',
      { open: { PENDING: 2 }, agents: [agent({ takesUnassigned: false })] },
      '2 jobs that name no agent wait, and no active agent takes such jobs.',
    ],
    [
      'who would take them is paused',
      { open: { PENDING: 1 }, agents: [agent({ state: 'PAUSED' })] },
      '1 job that names no agent waits, and no agent is active.',
    ],
    [
      'the queue stands still',
      { firstInLine: job(at - 125 * 60_000) },
      'The first in the queue has waited for 2 hours.',
    ],
    [
      'half of them fail',
      { ended: [1000, 1000] },
      '1,000 of the 2,000 jobs that ended in the last 24 hours failed.',
    ],
  ])('%s', (_, changes, text) => {
    expect(said(changes)).toEqual({
      tone: 'danger',
      headline: 'Something is wrong.',
      concerns: [`danger: ${text}`],
    })
  })
})

describe('something needs attention', () => {
  test.each<[string, Changes, string]>([
    [
      'the queue is slow',
      { firstInLine: job(at - limits.slowMs) },
      'The first in the queue has waited for 15 minutes.',
    ],
    [
      'a schedule is failing',
      { failingSchedules: 1, needs: { ...noNeeds, schedules: [schedule] } },
      'The schedule “Weekly” is failing: its last run made no job.',
    ],
    [
      'more schedules are failing than are counted',
      { failingSchedules: 100, needs: { ...noNeeds, schedules: [schedule] } },
      '100 or more schedules are failing.',
    ],
    ['a fifth fails', { ended: [4, 1] }, '1 of the 5 jobs that ended in the last 24 hours failed.'],
    [
      'a result waits for days',
      { open: { IN_REVIEW: 1 }, needs: { ...noNeeds, reviews: [job(at - limits.patientMs)] } },
      '1 result waits for review, for 3 days now.',
    ],
    [
      'questions wait for days',
      { open: { INPUT_REQUIRED: 7 }, needs: { ...noNeeds, questions: [job(at), job(at - 5 * dayMs)] } },
      '7 questions wait for an answer, one of them for 5 days now.',
    ],
    [
      'jobs wait for a paused agent',
      { agents: [agent(), agent({ id: 'a2', name: 'Night shift', state: 'PAUSED', waiting: 1 })] },
      'Night shift is paused, and 1 job waits for it.',
    ],
    [
      'many jobs wait for it',
      { agents: [agent(), agent({ id: 'a2', name: 'Night shift', state: 'PAUSED', waiting: mostWaiting })] },
      'Night shift is paused, and 1,000 or more jobs wait for it.',
    ],
    [
      'an agent fails more often than not',
      { agents: [agent({ done: 2, failed: 6 })] },
      'Sorter failed 6 of its 8 attempts in the last 24 hours.',
    ],
  ])('%s', (_, changes, text) => {
    expect(said(changes)).toEqual({
      tone: 'warn',
      headline: 'Something needs attention.',
      concerns: [`warn: ${text}`],
    })
  })

  test('the worst comes first, whatever is found first', () => {
    const { tone, concerns } = verdictOf(
      overview({
        ended: [0, 9],
        firstInLine: job(at - limits.slowMs),
        agents: [agent({ state: 'PAUSED', waiting: 3 })],
      }),
    )
    expect(tone).toBe('danger')
    expect(concerns.map((each) => each.tone)).toEqual(['danger', 'warn', 'warn'])
    expect(concerns.map(({ about }) => about.kind)).toEqual(['failed', 'job', 'agent'])
  })
})

test('a summary says what is going on', () => {
  const summary = (changes: Changes) => verdictOf(overview(changes)).summary
  expect(summary({})).toBe('No job is open.')
  expect(summary({ open: { IN_PROGRESS: 1 } })).toBe('Open jobs: 1 in progress.')
  expect(
    summary({ open: { IN_PROGRESS: 2, PENDING: 1000, ASSIGNED: 3, IN_REVIEW: 4, INPUT_REQUIRED: 1 } }),
  ).toBe('Open jobs: 2 in progress, 1,003 waiting for an agent, 5 waiting for a person.')
})

test('lengths of time are said in one unit, to the nearest', () => {
  expect(
    [0, 59_999, 60_000, 59 * 60_000, hourMs, 12.6 * hourMs, 23 * hourMs, 47.9 * hourMs].map(lengthText),
  ).toEqual([
    'less than a minute',
    'less than a minute',
    '1 minute',
    '59 minutes',
    '1 hour',
    '13 hours',
    '23 hours',
    '2 days',
  ])
})

test('a period ends with the bucket that runs, has one for every hour, and keeps what was before apart', () => {
  const now = Math.floor(at / hourMs)
  const starts = startsOf('hour', at, 'UTC')
  const rows = [
    { number: 17, ...quiet, created: 8 },
    { number: 23, ...quiet, failed: 1 },
    { number: 24, ...quiet, created: 2 },
    { number: 47, ...quiet, created: 5, completed: 1 },
  ]
  const period = periodOf(
    'hour',
    'UTC',
    starts,
    rows.map((row) => ({ ...row, coarse: 7 })),
  )
  expect(period.buckets).toHaveLength(24)
  expect(period.buckets[0]).toEqual({ at: (now - 23) * hourMs, ...quiet, created: 2 })
  expect(period.buckets[1]).toEqual({ at: (now - 22) * hourMs, ...quiet })
  expect(period.buckets[23]).toEqual({ at: now * hourMs, ...quiet, created: 5, completed: 1 })
  expect(period.total).toEqual({ ...quiet, created: 7, completed: 1 })
  expect(period.before).toEqual({ ...quiet, created: 8, failed: 1 })
  // what was counted by the hour of UTC is exact there
  expect(period.exactSince).toBeNull()
})
