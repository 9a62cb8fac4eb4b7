import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import type { AgentAdapter } from '~/dispatch/adapters/adapter'
import { Dispatcher, type DispatcherOptions } from '~/dispatch/dispatcher.server'
import { agentStats } from '~/domain/agents/stats.server'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import type { Desk } from '~/domain/desk'
import { answerJob } from '~/domain/jobs/answer.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { monotonicClock } from '~/domain/lease-clock'
import type { UserActor } from '~/domain/policy'
import type { JobStatus } from '~db/vocabulary'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { until } from '../support/until'

let stage: TestDesk
let desk: Desk
let owner: UserActor
let workRoot: string
let dispatchers: Dispatcher[]
let faults: unknown[]

async function setTheStage(on: 'file' | 'server') {
  // leases and backoff run by the real clock here
  stage = await testDesk(on, 'real')
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
}

beforeEach(async () => {
  workRoot = mkdtempSync(join(tmpdir(), 'docket-work-'))
  dispatchers = []
  faults = []
  await setTheStage('file')
})

afterEach(async () => {
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()))
  expect(await violations(desk.db)).toEqual([])
  expect(faults).toEqual([])
  await stage.close()
  rmSync(workRoot, { recursive: true, force: true })
})

async function dispatch(options: Partial<DispatcherOptions> = {}) {
  const dispatcher = new Dispatcher({
    ...{ desk, adapters, workRoot, ownsDatabase: true, onError: (error: unknown) => faults.push(error) },
    ...options,
  })
  dispatchers.push(dispatcher)
  await dispatcher.start()
  return dispatcher
}

const inStatus = (id: string, ...statuses: JobStatus[]) =>
  until(async () => {
    const job = await findJob(desk, owner, id)
    return statuses.includes(job.status) && job
  })

const node = (code: string) => ({ kind: 'command' as const, config: { argv: ['node', '-e', code] } })

test('an agent does a job as soon as it is handed in, and the log shows request and response', async () => {
  await addAgent(desk, 'Toolbox')
  await dispatch({ pollMs: 60_000 })
  const id = await handIn(desk, owner)
  const job = await inStatus(id, 'IN_REVIEW')
  expect(JSON.parse(job.result as string)).toMatchObject({ words: 2 })
  const { rows } = await jobLogs(desk, owner, id, {})
  expect(rows.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['create', 'claim', 'call', 'submit']))
  const call = rows.find(({ kind }) => kind === 'call')
  expect(call?.requestPayload).toContain('one two')
  expect(call?.responsePayload).not.toBeNull()
})

test('review none completes the job when it is handed in', async () => {
  await addAgent(desk, 'Toolbox')
  await dispatch()
  expect(await inStatus(await handIn(desk, owner, { review: 'none' }), 'COMPLETED')).toMatchObject({
    failures: 0,
  })
})

test('what the toolbox can not do fails at once, with the list of what it can', async () => {
  await addAgent(desk, 'Toolbox')
  await dispatch()
  const job = await inStatus(await handIn(desk, owner, { description: 'Write a poem' }), 'FAILED')
  expect(job.failures).toBe(1)
  const [attempt] = (await jobAttempts(desk, owner, job.id)).rows
  expect(attempt?.error).toMatch(/\/stats/)
})

test('no more runs at once than the agent takes, and the rest follows', async () => {
  const agent = await addAgent(desk, 'Two', {
    concurrency: 2,
    ...node('setTimeout(() => console.log("done"), 150)'),
  })
  await dispatch()
  const ids: string[] = []
  for (let n = 0; n < 5; n++) ids.push(await handIn(desk, owner, { agentId: agent.id }))
  let most = 0
  await until(async () => {
    const [live] = await desk.db.all<{ n: number }>(
      'SELECT count(*) AS n FROM attempts WHERE endedAt IS NULL',
    )
    most = Math.max(most, live?.n ?? 0)
    const jobs = await Promise.all(ids.map((id) => findJob(desk, owner, id)))
    return jobs.every(({ status }) => status === 'IN_REVIEW')
  })
  expect(most).toBe(2)
})

test('cancel ends the running program', async () => {
  const agent = await addAgent(desk, 'Slow', node('console.log(process.pid); setInterval(() => {}, 1000)'))
  await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id })
  const pid = await until(async () => {
    const { rows } = await jobLogs(desk, owner, id, {})
    return (
      Number(rows.find(({ kind, message }) => kind === 'message' && /^\d+$/.test(message ?? ''))?.message) ||
      false
    )
  })
  await cancelJob(desk, owner, id, {})
  await until(() => !isAlive(pid))
  const [attempt] = (await jobAttempts(desk, owner, id)).rows
  expect(attempt).toMatchObject({ outcome: 'CANCELED' })
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'CANCELED' })
})

test('a time limit that passes is a retryable failure', async () => {
  const agent = await addAgent(desk, 'Slow', node('setInterval(() => {}, 1000)'))
  await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id, timeoutSeconds: 1, maxAttempts: 1 })
  const job = await inStatus(id, 'FAILED')
  const [attempt] = (await jobAttempts(desk, owner, job.id)).rows
  expect(attempt?.error).toMatch(/time limit of 1 s/i)
})

test('a stop gives running jobs back without counting a failure', async () => {
  const agent = await addAgent(desk, 'Slow', node('setInterval(() => {}, 1000)'))
  const dispatcher = await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await inStatus(id, 'IN_PROGRESS')
  await dispatcher.stop()
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'ASSIGNED', failures: 0 })
})

test('a stop gives back what does not end, too', async () => {
  await addAgent(desk, 'Deaf')
  const deaf: AgentAdapter = { ...adapters.toolbox, run: () => new Promise(() => {}) }
  const dispatcher = await dispatch({ adapters: { ...adapters, toolbox: deaf }, drainMs: 20 })
  const id = await handIn(desk, owner, { maxAttempts: 1 })
  await inStatus(id, 'IN_PROGRESS')
  await dispatcher.stop()
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'PENDING', failures: 0 })
  expect((await jobAttempts(desk, owner, id)).rows).toMatchObject([{ outcome: 'DRAINED' }])
})

test('what a canceled agent used counts, also what it says when it is ended', async () => {
  const say = (inputTokens: number) =>
    `console.log(JSON.stringify({ type: 'usage', inputTokens: ${inputTokens}, outputTokens: 3, costUsd: 0.5 }))`
  const agent = await addAgent(
    desk,
    'Slow',
    node(
      `${say(100)}; process.on('SIGTERM', () => { ${say(170)}; process.exit(1) }); setInterval(() => {}, 1000)`,
    ),
  )
  await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id })
  const used = async () => (await agentStats(desk, agent.id)).last24Hours
  const usageOf = async () =>
    JSON.parse((await jobAttempts(desk, owner, id)).rows[0]?.usage ?? '{}') as { inputTokens?: number }
  await until(async () => (await usageOf()).inputTokens === 100)
  await cancelJob(desk, owner, id, {})
  expect(await used()).toMatchObject({ inputTokens: 100, outputTokens: 3, costUsd: 0.5 })
  await until(async () => (await usageOf()).inputTokens === 170)
  expect(await used()).toMatchObject({ inputTokens: 170, outputTokens: 3, costUsd: 0.5 })
})

test('after a stall of the event loop our own leases are renewed before any is called lapsed', async () => {
  const agent = await addAgent(desk, 'Slow', node('setInterval(() => {}, 1000)'))
  let late = 0
  const dispatcher = await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await inStatus(id, 'IN_PROGRESS')
  await dispatcher.sweep()
  // what a loop that was blocked for 20 seconds finds when it goes on: every lease has run out meanwhile
  late = 20_000
  const realNow = performance.now.bind(performance)
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => realNow() + late)
  await dispatcher.sweep()
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_PROGRESS', attemptCount: 1 })
  expect(await expireAttempts(desk)).toEqual([])
  clock.mockRestore()
})

test('a stop gives back what is being claimed just then, too', async () => {
  const agent = await addAgent(desk, 'Slow', { concurrency: 20, ...node('setInterval(() => {}, 1000)') })
  for (let n = 0; n < 20; n++) await handIn(desk, owner, { agentId: agent.id })
  const dispatcher = await dispatch()
  const looking = dispatcher.look()
  await dispatcher.stop()
  await looking
  expect(dispatcher.runningCount).toBe(0)
  const live = await desk.db.all('SELECT id FROM attempts WHERE endedAt IS NULL')
  expect(live).toEqual([])
  expect(await desk.db.all('SELECT id FROM jobs WHERE failures > 0')).toEqual([])
})

test('text that is no text, and text without end, is kept with the cut marked', async () => {
  const say = `const say = (line) => console.log(line)
    say('{"type":"log","message":"a\\\\ud800b"}')
    say('a' + '😀'.repeat(9000))
    say(JSON.stringify({ type: 'log', message: 'x'.repeat(20000) }))
    say(JSON.stringify({ type: 'result', result: 'done' }))`
  const agent = await addAgent(desk, 'Odd', node(say))
  await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await inStatus(id, 'IN_REVIEW')
  const messages = (await jobLogs(desk, owner, id, {})).rows.map(({ message }) => message ?? '')
  expect(messages).toContain('a\ufffdb')
  expect(messages.filter((message) => message.includes('[cut: '))).toHaveLength(2)
  expect(messages.every((message) => message.isWellFormed())).toBe(true)
})

test('a question waits for the person, and the answer reaches the same agent', async () => {
  const agent = await addAgent(desk, 'Asks', {
    kind: 'command',
    config: { argv: ['node', '{root}/examples/agents/ask.mjs'] },
  })
  await dispatch()
  const id = await handIn(desk, owner, { agentId: agent.id, description: 'Do the thing' })
  await inStatus(id, 'INPUT_REQUIRED')
  const [attempt] = (await jobAttempts(desk, owner, id)).rows
  expect(attempt?.question).toBeTruthy()
  await answerJob(desk, owner, id, { answer: 'descending, please' })
  expect((await inStatus(id, 'IN_REVIEW')).result).toContain('descending')
})

test('what a killed process left behind is taken up at start, at once', async () => {
  const agent = await addAgent(desk, 'Toolbox')
  const id = await handIn(desk, owner)
  await claim(desk, agent)
  await dispatch()
  const job = await inStatus(id, 'IN_REVIEW')
  expect(job).toMatchObject({ attemptCount: 2, failures: 0 })
})

test('a lapsed lease is rescued once, and the late result changes nothing', async () => {
  const agent = await addAgent(desk, 'Toolbox', { state: 'ACTIVE' })
  const id = await handIn(desk, owner)
  await claim(desk, agent)
  const later: Desk = { ...desk, leaseClock: monotonicClock(() => Date.now() + 11_000) }
  const both = await Promise.all([expireAttempts(later), expireAttempts(later)])
  expect(both.flat().map((each) => each.id)).toEqual([id])
})

describe('several processes on one server', () => {
  test('do each job once', async () => {
    await stage.close()
    await setTheStage('server')
    await addAgent(desk, 'Toolbox', { concurrency: 3 })
    await addAgent(desk, 'Toolbox', { concurrency: 2 })
    for (let n = 0; n < 3; n++) await dispatch({ ownsDatabase: false, pollMs: 50 })
    const ids: string[] = []
    for (let n = 0; n < 20; n++) ids.push(await handIn(desk, owner, { review: 'none' }))
    for (const id of ids) expect((await inStatus(id, 'COMPLETED')).attemptCount).toBe(1)
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
