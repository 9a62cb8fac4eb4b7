import { describe, expect, test } from 'vitest'
import { isOpen } from '~/domain/jobs/status'
import {
  type AgentLoad,
  type WaitingFacts,
  type WaitingFor,
  type WaitingReason,
  waitingFor,
  waitingReasons,
} from '~/domain/jobs/waiting-for'
import { attemptOutcomes, type JobStatus, jobStatuses } from '~db/vocabulary'

const now = 1_000_000_000
const load = (name: string, more: Partial<AgentLoad> = {}): AgentLoad => ({
  ...{ name, state: 'ACTIVE', takesUnassigned: false, concurrency: 2, running: 0 },
  ...more,
})
const free = load('Painter', { running: 1 })
const full = load('Painter', { running: 2 })
const paused = load('Painter', { state: 'PAUSED' })
const retired = load('Painter', { state: 'RETIRED' })
const taker = load('Toolbox', { takesUnassigned: true })
const busyTaker = load('Toolbox', { takesUnassigned: true, running: 2 })
const otherBusyTaker = load('Sorter', { takesUnassigned: true, concurrency: 1, running: 4 })
const pausedTaker = load('Toolbox', { takesUnassigned: true, state: 'PAUSED' })
const otherPausedTaker = load('Sorter', { takesUnassigned: true, state: 'PAUSED' })
const retiredTaker = load('Relic', { takesUnassigned: true, state: 'RETIRED' })

type Who = WaitingFor['who']
interface Situation {
  agent: AgentLoad | null
  agents: AgentLoad[]
  reason: WaitingReason
  who: Who
}

/** What a job meets that may start now. Its own agent is what counts; where it has none, those that take any. */
const situations: Record<string, Situation> = {
  'its agent has a place': { agent: free, agents: [free, pausedTaker], reason: 'starting', who: 'nobody' },
  'its agent is full': { agent: full, agents: [full, taker], reason: 'in_line', who: 'nobody' },
  'its agent does more than it may by now': {
    ...{ agent: otherBusyTaker, agents: [otherBusyTaker], reason: 'in_line', who: 'nobody' },
  },
  'its agent is paused': { agent: paused, agents: [paused, taker], reason: 'agent_paused', who: 'admin' },
  'its agent is retired': { agent: retired, agents: [retired], reason: 'agent_retired', who: 'nobody' },
  'a taker is free': { agent: null, agents: [paused, busyTaker, taker], reason: 'starting', who: 'nobody' },
  'all takers are free': { agent: null, agents: [taker, taker], reason: 'starting', who: 'nobody' },
  'the only taker is full': { agent: null, agents: [free, busyTaker], reason: 'in_line', who: 'nobody' },
  'a taker is full, one paused': {
    ...{ agent: null, agents: [busyTaker, otherPausedTaker], reason: 'in_line', who: 'nobody' },
  },
  'all takers are full': {
    ...{ agent: null, agents: [busyTaker, otherBusyTaker], reason: 'in_line', who: 'nobody' },
  },
  'the only taker is paused': {
    ...{ agent: null, agents: [free, pausedTaker, retiredTaker], reason: 'takers_paused', who: 'admin' },
  },
  'all takers are paused': {
    ...{ agent: null, agents: [pausedTaker, otherPausedTaker], reason: 'takers_paused', who: 'admin' },
  },
  'nobody takes any': { agent: null, agents: [free, paused, retiredTaker], reason: 'no_taker', who: 'owner' },
  'nobody is active': { agent: null, agents: [paused, retiredTaker], reason: 'no_agent', who: 'admin' },
  'there is no agent': { agent: null, agents: [], reason: 'no_agent', who: 'admin' },
}

const leases = { holds: now + 5_000, 'ends now': now, lapsed: now - 1 }
const attempts: WaitingFacts['attempt'][] = [
  null,
  ...attemptOutcomes.flatMap((outcome) =>
    Object.values(leases).map((leaseExpiresAt) => ({
      ...{ number: 2, agentName: 'Painter', outcome, leaseExpiresAt },
      endedAt: outcome === 'RUNNING' ? null : now - 1_000,
    })),
  ),
]
const runAfters = {
  none: null,
  past: now - 1,
  now,
  'within a pause': now + 9_000,
  'much later': now + 700_000,
}

/** Every status, situation, attempt, time, count of failures and place in line: also those that can't be. */
function* table(): Generator<{ facts: WaitingFacts; situation: Situation }> {
  for (const status of jobStatuses)
    for (const situation of Object.values(situations))
      for (const attempt of attempts)
        for (const runAfter of Object.values(runAfters))
          for (const failures of [0, 1, 2, 3, 40])
            for (const ahead of [0, 1, 99, 100, 101]) {
              const { agent, agents } = situation
              const facts = { now, status, runAfter, failures, attempt, ahead, agent, agents }
              yield { facts: { ...facts, ownerName: 'Olive', maxAttempts: 3 }, situation }
            }
}

const timed: readonly WaitingReason[] = ['start_time', 'backoff']
const queued: readonly JobStatus[] = ['PENDING', 'ASSIGNED']

/** The same again, said in another way: what must hold of each answer. */
function faultsOf(facts: WaitingFacts, { reason, who }: Situation, answer: WaitingFor | null): string[] {
  const { status, runAfter, attempt, ahead } = facts
  if (!answer) return isOpen(status) ? ['an open job without a reason'] : []
  const later = runAfter !== null && runAfter > now
  const lapsed = attempt !== null && attempt.leaseExpiresAt < now
  const others: Partial<Record<JobStatus, [WaitingReason, Who]>> = {
    IN_PROGRESS: lapsed ? ['lease_lapsed', 'nobody'] : ['running', 'agent'],
    INPUT_REQUIRED: ['answer', 'owner'],
    IN_REVIEW: ['review', 'owner'],
  }
  const [expected, whoActs] = others[status] ?? [reason, who]
  const moment = queued.includes(status) && later ? runAfter : null
  const lease = answer.reason === 'running' ? (attempt?.leaseExpiresAt ?? null) : null
  const { sentence, next } = answer
  const names = [attempt?.agentName ?? 'The agent', ...facts.agents.map(({ name }) => name)].join('|')
  return Object.entries({
    'a closed job with a reason': isOpen(status),
    'the reason':
      queued.includes(status) && later ? timed.includes(answer.reason) : answer.reason === expected,
    'who acts': answer.who === whoActs,
    'a time only where it passes by itself': answer.at === (moment ?? lease),
    'a place only in a line':
      answer.position === (answer.reason === 'in_line' && ahead <= 100 ? ahead + 1 : null),
    'ends with what is next': sentence.endsWith(` ${next}`) && sentence.length > next.length + 10,
    'is a whole line': /^[A-Z][^\n]+\.$/.test(sentence) && !/undefined|null|NaN| {2}/.test(sentence),
    'begins with a name or a word': new RegExp(`^(${names}|Its|No|Every|More|Attempt)\\b`).test(sentence),
    'says that an admin has to': (answer.who === 'admin') === next.startsWith('An admin has to '),
    'says that the owner has to': (answer.who === 'owner') === next.startsWith('Olive has to '),
    'is short enough for a line or two': sentence.length <= 160,
  })
    .filter(([, holds]) => !holds)
    .map(([what]) => `${what}: ${JSON.stringify({ facts, answer })}`)
}

test('holds over the whole table, and every reason is reached', () => {
  const reached = new Set<WaitingReason>()
  const faults: string[] = []
  let rows = 0
  for (const { facts, situation } of table()) {
    rows++
    const answer = waitingFor(facts)
    if (answer) reached.add(answer.reason)
    faults.push(...faultsOf(facts, situation, answer))
    if (faults.length > 5) break
  }
  expect(faults).toEqual([])
  expect(rows).toBe(jobStatuses.length * Object.keys(situations).length * attempts.length * 5 * 5 * 5)
  expect([...reached].sort()).toEqual([...waitingReasons].sort())
})

const facts = (more: Partial<WaitingFacts> = {}): WaitingFacts => ({
  ...{ now, status: 'ASSIGNED', ownerName: 'Olive', runAfter: null, failures: 0, maxAttempts: 3 },
  ...{ attempt: null, agent: free, agents: [free], ahead: 0 },
  ...more,
})

describe('a pause of Docket’s own and a wish of a person', () => {
  const endedAt = now - 1_000
  const ended = (outcome: 'FAILED' | 'EXPIRED' | 'RELEASED' | 'SUBMITTED', pause: number, failures: number) =>
    waitingFor(
      facts({
        ...{ failures, maxAttempts: 30, runAfter: endedAt + pause },
        attempt: { number: 1, agentName: 'Painter', outcome, leaseExpiresAt: endedAt, endedAt },
      }),
    )?.reason

  test.each(['FAILED', 'EXPIRED'] as const)(
    '%s: as long as a pause may be after so many failures',
    (outcome) => {
      expect(ended(outcome, 7_500, 1)).toBe('backoff')
      expect(ended(outcome, 10_000, 1)).toBe('backoff')
      expect(ended(outcome, 10_001, 1)).toBe('start_time')
      expect(ended(outcome, 40_000, 3)).toBe('backoff')
      expect(ended(outcome, 40_001, 3)).toBe('start_time')
      expect(ended(outcome, 600_000, 20)).toBe('backoff')
      expect(ended(outcome, 600_001, 20)).toBe('start_time')
      // resubmitted since then
      expect(ended(outcome, 7_500, 0)).toBe('start_time')
    },
  )

  test('given back: it rests for just so long', () => {
    expect(ended('RELEASED', 10_000, 0)).toBe('backoff')
    expect(ended('RELEASED', 10_000, 1)).toBe('backoff')
    expect(ended('RELEASED', 9_999, 0)).toBe('start_time')
    expect(ended('RELEASED', 60_000, 1)).toBe('start_time')
  })

  test('after an attempt that ended well there is none', () => {
    expect(ended('SUBMITTED', 7_500, 1)).toBe('start_time')
  })
})

const attempt = (outcome: 'RUNNING' | 'FAILED' | 'RELEASED' | 'SUBMITTED' | 'WAITING') => ({
  ...{ number: 2, agentName: 'Painter', outcome, leaseExpiresAt: now + 8_000 },
  endedAt: outcome === 'RUNNING' ? null : now - 1_000,
})

test.each<[Partial<WaitingFacts>, string]>([
  [{}, 'Painter has a free place. The job starts in a moment.'],
  [
    { agent: null, agents: [taker, { ...taker, name: 'Sorter' }] },
    'More than one agent has a free place. The job starts in a moment.',
  ],
  [
    { agent: full },
    'Painter is at its limit of 2 jobs. The job is next in its line and starts when its turn comes.',
  ],
  [
    { agent: null, agents: [busyTaker, otherBusyTaker], ahead: 2 },
    'Every agent that takes unassigned jobs is at its limit. The job is number 3 in their line and starts when its turn comes.',
  ],
  [
    { agent: { ...full, concurrency: 1 }, ahead: 101 },
    'Painter is at its limit of 1 job. The job has more than 100 others ahead of it in its line and starts when its turn comes.',
  ],
  [{ agent: paused }, 'Painter is paused. An admin has to resume it before the job can start.'],
  [{ agent: retired }, 'Painter is retired. Docket hands the job on in a moment.'],
  [
    { agent: null, agents: [free, pausedTaker] },
    'Toolbox is paused, and no other agent takes unassigned jobs. An admin has to resume it before the job can start.',
  ],
  [
    { agent: null, agents: [pausedTaker, otherPausedTaker] },
    'Every agent that takes unassigned jobs is paused. An admin has to resume one before the job can start.',
  ],
  [{ agent: null }, 'No agent takes unassigned jobs. Olive has to name an agent before the job can start.'],
  [
    { agent: null, agents: [] },
    'No agent is active. An admin has to add or resume one before the job can start.',
  ],
  [{ runAfter: now + 1 }, 'Its start time is yet to come. From then on Painter may begin.'],
  [
    { runAfter: now + 1, agent: null, agents: [taker] },
    'Its start time is yet to come. From then on any agent that takes unassigned jobs may begin.',
  ],
  [
    { runAfter: now + 1, agent: paused },
    'Its start time is yet to come. Painter is paused. An admin has to resume it before the job can start.',
  ],
  [
    { runAfter: now + 1, failures: 1, attempt: attempt('FAILED') },
    'Attempt 2 failed. It is tried again after a pause.',
  ],
  [
    { runAfter: now + 9_000, attempt: attempt('RELEASED') },
    'Painter gave the job back. It is tried again after a pause.',
  ],
  [
    { status: 'IN_PROGRESS', attempt: attempt('RUNNING') },
    'Painter is doing attempt 2. Should its lease lapse without word from it, the job is taken back and tried again.',
  ],
  [
    { status: 'IN_PROGRESS', attempt: attempt('RUNNING'), failures: 2 },
    'Painter is doing attempt 2. Should its lease lapse without word from it, the job fails.',
  ],
  [
    { status: 'IN_PROGRESS', attempt: attempt('RUNNING'), now: now + 9_000 },
    'Painter is not heard of any more. Docket takes the job back in a moment, and it is tried again.',
  ],
  [
    { status: 'INPUT_REQUIRED', attempt: attempt('WAITING') },
    'Painter has a question. Olive has to answer; then the agent goes on.',
  ],
  [
    { status: 'IN_REVIEW', attempt: attempt('SUBMITTED') },
    'Painter handed in a result. Olive has to accept it or send it back.',
  ],
])('$1', (more, sentence) => {
  expect(waitingFor(facts(more))?.sentence).toBe(sentence)
})
