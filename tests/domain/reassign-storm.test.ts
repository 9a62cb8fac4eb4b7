import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AgentAdapter } from '~/dispatch/adapters/adapter'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { submitAttempt } from '~/domain/attempts/settle.server'
import type { Desk } from '~/domain/desk'
import { Conflict } from '~/domain/errors'
import { completeJob } from '~/domain/jobs/complete.server'
import { findJob, jobAttempts } from '~/domain/jobs/queries.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { isOnRealServer, patience } from '../support/on-real-server'
import { until } from '../support/until'

/** Admins who take jobs away in mid-run, while the agents hand in: one outcome each, and what is late stays off the job. */

let stage: TestDesk
let desk: Desk
let owner: UserActor
let admin: UserActor
let agents: [AgentActor, AgentActor]

beforeEach(async () => {
  stage = await testDesk()
  desk = { db: stage.desk.db, now: Date.now }
  owner = await addUser(desk, 'Olive')
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agents = [await addAgent(desk, 'One'), await addAgent(desk, 'Two')]
})
afterEach(async () => {
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

const rounds = 200
const agentOf = (round: number) => agents[round % 2] as AgentActor

const lateRows = async (jobId: string) => {
  const rows = await desk.db.all<{ attempt: number; responsePayload: string }>(
    "SELECT attempt, responsePayload FROM job_logs WHERE jobId = ? AND kind = 'late' ORDER BY attempt",
    [jobId],
  )
  return rows
}

const outcomeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done' as const,
    (error: unknown) => (error instanceof Conflict ? error.reason : Promise.reject(error)),
  )

test('reassigned 200 times while the agent hands in: one of the two wins each time', {
  timeout: 30_000 * patience,
}, async () => {
  const id = await handIn(desk, owner, { agentId: agentOf(0).id })
  const replaced: number[] = []
  for (let round = 0; round < rounds; round++) {
    const agent = agentOf(round)
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error(`round ${round}: nothing to claim`)
    const { version } = await findJob(desk, admin, id)
    const submit = () =>
      outcomeOf(submitAttempt(desk, agent, held.lease, { result: JSON.stringify(`of round ${round}`) }))
    const reassign = () =>
      outcomeOf(reassignJob(desk, admin, id, { agentId: agentOf(round + 1).id, version }))
    const beside = [
      renewLeases(desk, [held.lease], 10_000),
      outcomeOf(recordEvents(desk, agent.id, held.lease, [{ kind: 'message', message: 'still at it' }])),
    ]
    // a head start from none to enough, so that each of them comes first at times
    const giving = reassign()
    for (let turns = round % 4; turns > 0; turns--) await new Promise(setImmediate)
    // where each statement is a round trip, turns of this process are no head start
    if (isOnRealServer && round % 4 === 3) await giving
    const [submitted, given] = await Promise.all([submit(), giving])
    await Promise.all(beside)
    const now = await findJob(desk, admin, id)
    if (given === 'done') {
      expect([submitted, now.status, now.result]).toEqual(['lease_lost', 'ASSIGNED', null])
      replaced.push(round + 1)
    } else {
      expect([submitted, given, now.status]).toEqual(['done', 'stale_version', 'IN_REVIEW'])
      expect(now.result).toBe(JSON.stringify(`of round ${round}`))
      await reassignJob(desk, admin, id, { agentId: agentOf(round + 1).id, version: now.version })
      expect(await findJob(desk, admin, id)).toMatchObject({ status: 'ASSIGNED', result: null })
    }
  }
  expect(replaced.length).toBeGreaterThan(rounds / 10)
  expect(replaced.length).toBeLessThan(rounds - rounds / 10)
  const late = await lateRows(id)
  expect(late.map(({ attempt }) => attempt)).toEqual(replaced)
  const attempts = (await jobAttempts(desk, admin, id, { limit: 1000 })).rows
  expect(attempts).toHaveLength(rounds)
  for (const { number, outcome, result } of attempts) {
    const given = replaced.includes(number)
    expect([outcome, result === null]).toEqual(given ? ['REPLACED', true] : ['SUBMITTED', false])
  }
})

test('a job that runs is reassigned 200 times; the agents do not stop and hand in late; the last one counts', {
  timeout: 60_000 * patience,
}, async () => {
  const workRoot = mkdtempSync(join(tmpdir(), 'docket-work-'))
  const faults: unknown[] = []
  let last = false
  const stubborn: AgentAdapter = {
    kind: 'toolbox',
    test: async () => ({ ok: true, message: '' }),
    // told to stop it hands in all the same, as an agent elsewhere would that hears of it too late
    run: async ({ attemptId, signal }) => {
      await until(() => signal.aborted || last, 60_000)
      return { type: 'submit', result: JSON.stringify(attemptId) }
    },
  }
  const adapters = { toolbox: stubborn, command: stubborn, openai: stubborn }
  const dispatcher = new Dispatcher({
    ...{ desk, adapters, workRoot, ownsDatabase: true, onError: (error: unknown) => faults.push(error) },
  })
  await dispatcher.start()
  const id = await handIn(desk, owner, { agentId: agentOf(0).id })
  const running = (number: number) =>
    until(async () => {
      const { status, attemptCount } = await findJob(desk, admin, id)
      return status === 'IN_PROGRESS' && attemptCount === number
    })
  for (let round = 0; round < rounds; round++) {
    await running(round + 1)
    await reassignJob(desk, admin, id, { agentId: agentOf(round + 1).id })
    expect((await findJob(desk, admin, id)).result).toBeNull()
  }
  await running(rounds + 1)
  await until(async () => (await lateRows(id)).length === rounds)
  last = true
  const job = await until(async () => {
    const now = await findJob(desk, admin, id)
    return now.status === 'IN_REVIEW' && now
  })
  await dispatcher.stop()
  expect(job.result).toBe(JSON.stringify(`${id}.${rounds + 1}`))
  const late = await lateRows(id)
  expect(late).toEqual(
    Array.from({ length: rounds }, (_, at) => ({
      attempt: at + 1,
      responsePayload: JSON.stringify(`${id}.${at + 1}`),
    })),
  )
  const outcomes = (await jobAttempts(desk, admin, id, { limit: 1000 })).rows.map(({ outcome }) => outcome)
  expect(outcomes.filter((outcome) => outcome === 'RUNNING')).toEqual([])
  expect(outcomes.at(-1)).toBe('SUBMITTED')
  expect(faults).toEqual([])
  rmSync(workRoot, { recursive: true, force: true })
})

test('completed and resubmitted by force, a late result never lands; the mark stays', async () => {
  const id = await handIn(desk, owner, { agentId: agents[0].id })
  const [held] = await claim(desk, agents[0], 1, false)
  if (!held) throw new Error('not claimed')
  await completeJob(desk, admin, id, { reason: 'Known by now', result: '12345678901234567890' })
  expect(await outcomeOf(submitAttempt(desk, agents[0], held.lease, { result: '"late"' }))).toBe('lease_lost')
  expect(await findJob(desk, admin, id)).toMatchObject({
    ...{ status: 'COMPLETED', completedByAdmin: true, result: '12345678901234567890' },
  })
  await resubmitJob(desk, admin, id, {})
  const [again] = await claim(desk, agents[0], 1, false)
  if (!again) throw new Error('not claimed')
  await resubmitJob(desk, admin, id, {})
  expect(await outcomeOf(submitAttempt(desk, agents[0], again.lease, { result: '"late too"' }))).toBe(
    'lease_lost',
  )
  expect(await findJob(desk, admin, id)).toMatchObject({
    ...{ status: 'ASSIGNED', completedByAdmin: true, result: null },
  })
  expect((await lateRows(id)).map(({ responsePayload }) => responsePayload)).toEqual(['"late"', '"late too"'])
})
