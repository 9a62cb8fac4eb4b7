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
import {
  type AgentState,
  type AttemptOutcome,
  attemptOutcomes,
  type JobStatus,
  jobStatuses,
} from '~db/vocabulary'

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

const updatedAt = now - 1_000
/** Who did it, when the lease ends or would have, and whether somebody changed the job after the attempt. */
const doings: { agentState: AgentState; leaseExpiresAt: number; endedAt: number }[] = [
  { agentState: 'ACTIVE', leaseExpiresAt: now + 5_000, endedAt: updatedAt },
  { agentState: 'ACTIVE', leaseExpiresAt: now - 1, endedAt: updatedAt - 1 },
  { agentState: 'PAUSED', leaseExpiresAt: now, endedAt: updatedAt },
  { agentState: 'RETIRED', leaseExpiresAt: now + 5_000, endedAt: updatedAt - 1 },
]
const attempts: WaitingFacts['attempt'][] = [
  null,
  ...attemptOutcomes.flatMap((outcome) =>
    doings.map((doing) => ({
      ...{ ...doing, number: 2, agentName: 'Painter', outcome },
      endedAt: outcome === 'RUNNING' ? null : doing.endedAt,
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

/** Every status, situation, attempt, time, count of failures, place in line and kind of owner: also those that can't be. */
function* table(): Generator<{ facts: WaitingFacts; situation: Situation }> {
  for (const status of jobStatuses)
    for (const situation of Object.values(situations))
      for (const attempt of attempts)
        for (const runAfter of Object.values(runAfters))
          for (const failures of [0, 2, 40])
            for (const ahead of [0, 100, 101])
              for (const ownerDisabled of [false, true]) {
                const { agent, agents } = situation
                const facts = { now, status, runAfter, updatedAt, failures, attempt, ahead, agent, agents }
                yield { facts: { ...facts, ownerName: 'Olive', ownerDisabled }, situation }
              }
}

const timed: readonly WaitingReason[] = ['start_time', 'backoff']
const firstWords = ['Its', 'No', 'Every', 'More', 'Attempt']
const queued: readonly JobStatus[] = ['PENDING', 'ASSIGNED']

/** The same again, said in another way: what must hold of each answer. */
function faultsOf(facts: WaitingFacts, { reason, who }: Situation, answer: WaitingFor | null): string[] {
  const { status, runAfter, attempt, ahead, ownerDisabled, failures } = facts
  if (!answer) return isOpen(status) ? ['an open job without a reason'] : []
  const later = runAfter !== null && runAfter > now
  const lapsed = attempt !== null && attempt.leaseExpiresAt < now
  const others: Partial<Record<JobStatus, [WaitingReason, Who]>> = {
    IN_PROGRESS: lapsed ? ['lease_lapsed', 'nobody'] : ['running', 'agent'],
    INPUT_REQUIRED: ['answer', 'owner'],
    IN_REVIEW: ['review', 'owner'],
  }
  const [expected, whoMay] = others[status] ?? [reason, who]
  const whoActs = whoMay === 'owner' && ownerDisabled ? 'admin' : whoMay
  const decided = status === 'INPUT_REQUIRED' || status === 'IN_REVIEW'
  const gone = decided && attempt !== null && attempt.agentState !== 'ACTIVE' ? attempt.agentState : null
  const takers = facts.agents.filter((each) => each.takesUnassigned && each.state !== 'RETIRED')
  const fate =
    gone === 'PAUSED'
      ? 'until an admin resumes Painter.'
      : takers.some(({ state }) => state === 'ACTIVE')
        ? 'any agent that takes unassigned jobs may do it.'
        : takers.length > 0
          ? 'until an admin resumes an agent that takes unassigned jobs.'
          : 'until an agent is named for it.'
  const untouched = attempt?.endedAt === facts.updatedAt && failures > 0
  const failed = attempt?.outcome === 'FAILED' || attempt?.outcome === 'EXPIRED'
  const moment = queued.includes(status) && later ? runAfter : null
  const lease = answer.reason === 'running' ? (attempt?.leaseExpiresAt ?? null) : null
  const { sentence, next } = answer
  const names = [attempt?.agentName ?? 'The agent', ...facts.agents.map(({ name }) => name), ...firstWords]
  return Object.entries({
    'a closed job with a reason': isOpen(status),
    'the reason':
      queued.includes(status) && later ? timed.includes(answer.reason) : answer.reason === expected,
    'a pause that nobody changed is one, however long':
      answer.reason !== 'start_time' || !(failed && untouched),
    'who acts': answer.who === whoActs,
    'why it is not the owner':
      (whoMay === 'owner' && ownerDisabled) === /Olive’s account is disabled/.test(sentence),
    'what becomes of it where its agent is gone': !gone || (next.endsWith(fate) && !/goes on/.test(next)),
    'that its agent is gone': !gone || sentence.includes(` and is ${gone.toLowerCase()} now`),
    'a time only where it passes by itself': answer.at === (moment ?? lease),
    'a place only in a line':
      answer.position === (answer.reason === 'in_line' && ahead <= 100 ? ahead + 1 : null),
    'ends with what is next': sentence.endsWith(` ${next}`) && sentence.length > next.length + 10,
    'is a whole line': /^[A-Z][^\n]+\.$/.test(sentence) && !/undefined|null|NaN| {2}/.test(sentence),
    'begins with a name or a word': names.some((name) => sentence.startsWith(`${name} `)),
    'says that an admin has to': (answer.who === 'admin') === next.startsWith('An admin has to '),
    'says that the owner has to': (answer.who === 'owner') === next.startsWith('Olive has to '),
    'is short enough for a line or two': sentence.length <= (gone ? 240 : 160),
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
  expect(rows).toBe(jobStatuses.length * Object.keys(situations).length * attempts.length * 5 * 3 * 3 * 2)
  expect([...reached].sort()).toEqual([...waitingReasons].sort())
}, 60_000)

const facts = (more: Partial<WaitingFacts> = {}): WaitingFacts => ({
  ...{ now, status: 'ASSIGNED', ownerName: 'Olive', ownerDisabled: false },
  ...{ runAfter: null, updatedAt: now, failures: 0 },
  ...{ attempt: null, agent: free, agents: [free], ahead: 0 },
  ...more,
})

describe('a pause of Docket’s own and a wish of a person', () => {
  const endedAt = now - 1_000
  const ended = (outcome: AttemptOutcome, pause: number, failures: number, updatedAt = now) =>
    waitingFor(
      facts({
        ...{ failures, runAfter: endedAt + pause, updatedAt },
        attempt: { ...attempt(outcome), leaseExpiresAt: endedAt, endedAt },
      }),
    )?.reason

  test.each(['FAILED', 'EXPIRED', 'INTERRUPTED'] as const)(
    '%s: as long as a pause may be after so many failures',
    (outcome) => {
      expect(ended(outcome, 7_500, 1)).toBe('backoff')
      expect(ended(outcome, 10_000, 1)).toBe('backoff')
      expect(ended(outcome, 10_001, 1)).toBe('start_time')
      expect(ended(outcome, 40_000, 3)).toBe('backoff')
      expect(ended(outcome, 40_001, 3)).toBe('start_time')
      expect(ended(outcome, 600_000, 20)).toBe('backoff')
      expect(ended(outcome, 600_001, 20)).toBe('start_time')
      // as a model server asked for
      expect(ended(outcome, 86_400_000, 1, endedAt)).toBe('backoff')
      // resubmitted since then
      expect(ended(outcome, 7_500, 0)).toBe('start_time')
    },
  )

  test('a failure that a person has wiped out since is none', () => {
    for (const outcome of ['FAILED', 'EXPIRED'] as const) {
      expect(ended(outcome, 86_400_000, 0, endedAt)).toBe('start_time')
    }
  })

  test.each(['RELEASED', 'DRAINED', 'INTERRUPTED'] as const)('%s: it rests for just so long', (outcome) => {
    expect(ended(outcome, 10_000, 0)).toBe('backoff')
    expect(ended(outcome, 10_000, 1)).toBe('backoff')
    expect(ended(outcome, 9_999, 0)).toBe('start_time')
    expect(ended(outcome, 60_000, 1)).toBe('start_time')
    // the clock was set back in mid-run: nobody changed it since, so it is no wish
    expect(ended(outcome, 4_000, 0, endedAt)).toBe('backoff')
  })

  test('after an attempt that ended well there is none', () => {
    expect(ended('SUBMITTED', 7_500, 1)).toBe('start_time')
  })
})

const attempt = (outcome: AttemptOutcome, agentState: AgentState = 'ACTIVE') => ({
  ...{ number: 2, agentName: 'Painter', agentState, outcome, leaseExpiresAt: now + 8_000 },
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
    'Every agent that takes unassigned jobs is at its limit. The job is number 3 among the unassigned ones and starts when its turn comes.',
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
    { status: 'IN_PROGRESS', attempt: attempt('RUNNING'), now: now + 9_000 },
    'Attempt 2 by Painter has stopped responding. Docket takes the job back in a moment, and it is tried again.',
  ],
  [
    { status: 'INPUT_REQUIRED', attempt: attempt('WAITING') },
    'Painter has a question. Olive has to answer; then the agent goes on.',
  ],
  [
    { status: 'IN_REVIEW', attempt: attempt('SUBMITTED') },
    'Painter handed in a result. Olive has to accept it or send it back.',
  ],
  [
    { status: 'INPUT_REQUIRED', attempt: attempt('WAITING', 'PAUSED') },
    'Painter has a question and is paused now. Olive has to answer; then it waits until an admin resumes Painter.',
  ],
  [
    { status: 'INPUT_REQUIRED', attempt: attempt('WAITING', 'RETIRED'), agents: [retired, busyTaker] },
    'Painter has a question and is retired now. Olive has to answer; then any agent that takes unassigned jobs may do it.',
  ],
  [
    { status: 'IN_REVIEW', attempt: attempt('SUBMITTED', 'RETIRED'), agents: [free, retiredTaker] },
    'Painter handed in a result and is retired now. Olive has to accept it or send it back; sent back, it waits until an agent is named for it.',
  ],
  [
    {
      status: 'IN_REVIEW',
      attempt: attempt('SUBMITTED', 'RETIRED'),
      agents: [pausedTaker],
      ownerDisabled: true,
    },
    'Painter handed in a result and is retired now, but Olive’s account is disabled. An admin has to accept it or send it back; sent back, it waits until an admin resumes an agent that takes unassigned jobs.',
  ],
  [
    { status: 'INPUT_REQUIRED', attempt: attempt('WAITING'), ownerDisabled: true },
    'Painter has a question, but Olive’s account is disabled. An admin has to answer; then the agent goes on.',
  ],
  [
    { agent: null, ownerDisabled: true },
    'No agent takes unassigned jobs, and Olive’s account is disabled. An admin has to name an agent before the job can start.',
  ],
])('$1', (more, sentence) => {
  expect(waitingFor(facts(more))?.sentence).toBe(sentence)
})
