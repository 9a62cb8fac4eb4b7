import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findAgent, listAgentChoices, listAgents } from '~/domain/agents/queries.server'
import { median, passRate } from '~/domain/agents/stats'
import { agentStats } from '~/domain/agents/stats.server'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import { failAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import type { Attempt, JobLog } from '~db/schema'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let desk: Desk
let owner: UserActor
let worker: AgentActor
let other: AgentActor

beforeEach(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  worker = await addAgent(desk, 'Worker', { concurrency: 100 })
  other = await addAgent(desk, 'Other', { concurrency: 100 })
})
afterEach(() => stage.close())

const hour = 3_600_000
const usage = (inputTokens: number, outputTokens: number, costUsd: number) =>
  JSON.stringify({ inputTokens, outputTokens, costUsd })

async function begin(agent = worker) {
  const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 1 })
  const [held] = await claim(desk, agent, 1, false)
  if (!held) throw new Error('not claimed')
  return { id, lease: held.lease }
}

async function submitted(ms: number, used?: string, agent = worker) {
  const { id, lease } = await begin(agent)
  stage.advance(ms)
  await submitAttempt(desk, agent, lease, { result: '1', usage: used })
  return id
}

async function failed(ms: number) {
  const { lease } = await begin()
  stage.advance(ms)
  await failAttempt(desk, worker, lease, { reason: 'no', retryable: false, usage: usage(1, 0, 0) })
}

test('an agent that did nothing has a record of nothing', async () => {
  const nothing = { done: 0, failed: 0, medianMs: null, inputTokens: 0, outputTokens: 0, costUsd: 0 }
  const { last24Hours, last30Days, ...workload } = await agentStats(desk, worker.id)
  expect(workload).toEqual({ runs: [], waiting: 0 })
  expect(last24Hours).toMatchObject({ ...nothing, accepted: 0, sentBack: 0 })
  expect(last30Days).toMatchObject(nothing)
})

test('done, failed, time, tokens, cost and how results were judged, of this agent alone', async () => {
  const first = await submitted(1000, usage(100, 10, 0.25))
  const second = await submitted(3000, usage(50, 5, 0.5))
  await failed(60_000)
  const asked = await begin()
  stage.advance(5000)
  await requestInput(desk, worker, asked.lease, { question: 'Which?', usage: usage(7, 0, 0) })
  await acceptJob(desk, owner, first, {})
  await sendBackJob(desk, owner, second, { feedback: 'More' })
  await begin(other)
  stage.advance(20_000)
  await expireAttempts(desk)
  await submitted(1, usage(1000, 1000, 1000), other)

  const { last24Hours, last30Days } = await agentStats(desk, worker.id)
  const expected = {
    ...{ done: 3, failed: 1, medianMs: 3000, inputTokens: 158, outputTokens: 15, costUsd: 0.75 },
    ...{ accepted: 1, sentBack: 1 },
  }
  expect(last24Hours).toMatchObject(expected)
  expect(last30Days).toMatchObject(expected)
  expect(last24Hours.since).toBe(Math.floor(desk.now() / hour) * hour - 23 * hour)
  expect((await agentStats(desk, other.id)).last24Hours).toMatchObject({ done: 1, failed: 0 })
})

test('a period is the hour that runs and the whole ones before it', async () => {
  await acceptJob(desk, owner, await submitted(0), {})
  stage.advance(24 * hour - 1)
  expect((await agentStats(desk, worker.id)).last24Hours).toMatchObject({
    done: 1,
    accepted: 1,
    medianMs: 0,
  })
  stage.advance(1)
  const later = await agentStats(desk, worker.id)
  expect(later.last24Hours).toMatchObject({ done: 0, accepted: 0, medianMs: null })
  expect(later.last30Days).toMatchObject({ done: 1, accepted: 1, medianMs: 0 })
  expect(await findAgent(desk, worker.id)).toMatchObject({ accepted: 1 })
  stage.advance(29 * 24 * hour)
  expect((await agentStats(desk, worker.id)).last30Days).toMatchObject({ done: 0, accepted: 0 })
  expect(await findAgent(desk, worker.id)).toMatchObject({ accepted: 0 })
})

test('what runs now comes with its job, the longest first; what waits is counted', async () => {
  const first = await begin()
  stage.advance(1000)
  const second = await begin()
  await handIn(desk, owner, { agentId: worker.id })
  expect(await agentStats(desk, worker.id)).toMatchObject({
    runs: [
      { jobId: first.id, jobName: 'A job', attempt: 1, startedAt: desk.now() - 1000 },
      { jobId: second.id },
    ],
    waiting: 1,
  })
})

test('lists say how the results of the last 30 days were judged', async () => {
  await acceptJob(desk, owner, await submitted(1), {})
  await acceptJob(desk, owner, await submitted(1), {})
  await sendBackJob(desk, owner, await submitted(1), { feedback: 'More' })
  for (const list of [await listAgents(desk), await listAgentChoices(desk)]) {
    expect(list.map(({ id, accepted, sentBack }) => ({ id, accepted, sentBack }))).toEqual([
      { id: other.id, accepted: 0, sentBack: 0 },
      { id: worker.id, accepted: 2, sentBack: 1 },
    ])
  }
})

test('the counters kept by trigger are what a recount gives, over days of work by two agents', async () => {
  let seed = 7
  const random = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  for (let n = 0; n < 60; n++) {
    const agent = random(2) === 0 ? worker : other
    stage.advance(random(3 * hour))
    const { id, lease } = await begin(agent)
    stage.advance(random(8000))
    const used = random(3) === 0 ? undefined : usage(random(500), random(50), random(100) / 64)
    const fate = random(6)
    if (fate === 0) await failAttempt(desk, agent, lease, { reason: 'no', retryable: false, usage: used })
    else if (fate === 1) await requestInput(desk, agent, lease, { question: 'Which?', usage: used })
    else if (fate === 2) {
      stage.advance(30_000)
      await expireAttempts(desk)
      await cancelJob(desk, owner, id, {})
    } else {
      await submitAttempt(desk, agent, lease, { result: '1', usage: used })
      stage.advance(random(2 * hour))
      if (random(3) > 0) await acceptJob(desk, owner, id, {})
      else {
        await sendBackJob(desk, owner, id, { feedback: 'More' })
        await cancelJob(desk, owner, id, {})
      }
    }
  }
  const [kept] = await desk.db.all<{ hours: number }>('SELECT count(*) AS hours FROM agent_hours')
  expect(kept?.hours).toBeGreaterThan(40)
  for (const { id } of [worker, other]) {
    const { last30Days } = await agentStats(desk, id)
    expect(last30Days).toMatchObject(await recount(id))
  }

  /** From the attempts and the log themselves. */
  async function recount(agentId: string) {
    const attempts = await desk.db.all<Attempt>('SELECT * FROM attempts WHERE agentId = ?', [agentId])
    const logs = await desk.db.all<JobLog>('SELECT * FROM job_logs WHERE agentId = ?', [agentId])
    const ended = (...outcomes: string[]) => attempts.filter(({ outcome }) => outcomes.includes(outcome))
    const used = attempts.map((each) => JSON.parse(each.usage ?? '{}') as Record<string, number | undefined>)
    const sum = (field: string) => used.reduce((total, each) => total + (each[field] ?? 0), 0)
    const judged = (verb: string) => logs.filter(({ kind }) => kind === verb).length
    return {
      done: ended('SUBMITTED', 'WAITING').length,
      failed: ended('FAILED', 'EXPIRED').length,
      medianMs: median(
        ended('SUBMITTED', 'WAITING').map(({ startedAt, endedAt }) => Number(endedAt) - startedAt),
      ),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      costUsd: sum('costUsd'),
      accepted: judged('accept'),
      sentBack: judged('sendBack'),
    }
  }
})

describe('figures', () => {
  test('the median is the middle one, or between the two in the middle', () => {
    expect(median([])).toBeNull()
    expect(median([5])).toBe(5)
    expect(median([9, 1])).toBe(5)
    expect(median([100, 1, 3])).toBe(3)
    expect(median([4, 1, 100, 2])).toBe(3)
  })

  test('the pass rate is of what was judged', () => {
    expect(passRate({ accepted: 0, sentBack: 0 })).toBeNull()
    expect(passRate({ accepted: 3, sentBack: 1 })).toBe(0.75)
    expect(passRate({ accepted: 0, sentBack: 2 })).toBe(0)
  })
})
