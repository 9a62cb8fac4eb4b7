import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import type { Claim } from '~/domain/attempts/brief'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import { ownLease } from '~/domain/attempts/lease'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch } from '~/domain/batches/freeze.server'
import { findBatch } from '~/domain/batches/queries.server'
import { workOn } from '~/domain/batches/run.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { acceptJob } from '~/domain/jobs/review.server'
import { leaseClockOf } from '~/domain/lease-clock'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

/** A laptop slept, a virtual machine was resumed, NTP corrected the time: of a minute, an hour, a day, and back. */
const jumps = [60_000, 3_600_000, 86_400_000].flatMap((ms) => [ms, -ms])

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let agent: AgentActor

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
  })
  beforeEach(async () => {
    // one of its own, so that it claims no job of another test
    agent = await addAgent(desk, 'Painter')
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const expired = async () => (await expireAttempts(desk)).map(({ id }) => id)

  async function running(more: object = {}): Promise<Claim> {
    const id = await handIn(desk, owner, { agentId: agent.id, ...more })
    const [held] = await claim(desk, agent, 1, false)
    if (held?.job.id !== id) throw new Error('not claimed')
    return held
  }

  test.each(jumps)('the wall clock jumps by %i ms in mid-run: the attempt goes on, once', async (ms) => {
    const { lease } = await running()
    const say = (message: string) => recordEvents(desk, agent.id, lease, [{ kind: 'message', message }])
    await say('before')
    stage.jump(ms)
    expect(await expired()).not.toContain(lease.jobId)
    await leaseClockOf(desk).read()
    expect((await findJob(desk, owner, lease.jobId)).waitingFor).toMatchObject({ reason: 'running' })
    await say('after')
    stage.advance(9_000)
    expect(await renewLeases(desk, [lease], ownLease.lengthMs)).toEqual(new Set([lease.attemptId]))
    stage.advance(9_000)
    expect(await expired()).not.toContain(lease.jobId)
    await submitAttempt(desk, agent, lease, { result: '1' })
    await acceptJob(desk, owner, lease.jobId, {})
    await archiveJob(desk, owner, lease.jobId, {})

    const job = await findJob(desk, owner, lease.jobId)
    expect(job).toMatchObject({ status: 'COMPLETED', attemptCount: 1, failures: 0 })
    expect(job.archivedAt).toBeGreaterThanOrEqual(job.closedAt as number)
    expect(job.closedAt).toBeGreaterThanOrEqual(job.createdAt)
    const [attempt] = (await jobAttempts(desk, owner, job.id)).rows
    expect(attempt?.endedAt).toBeGreaterThanOrEqual(attempt?.startedAt as number)
    const times = (await jobLogs(desk, owner, job.id, {})).rows.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  })

  test.each(jumps)(
    'after a jump of the wall clock by %i ms a lease that lapses is rescued in time',
    async (ms) => {
      const { lease } = await running()
      stage.jump(ms)
      stage.advance(ownLease.lengthMs + 1)
      expect(await expired()).toContain(lease.jobId)
    },
  )

  test.each(jumps)(
    'the end of a lease is shown as the wall clock has it after a jump by %i ms',
    async (ms) => {
      const { lease } = await running()
      stage.jump(ms)
      await leaseClockOf(desk).read()
      const { waitingFor } = await findJob(desk, owner, lease.jobId)
      // the server's clock is known by its last reading, some milliseconds ago
      expect(Math.abs((waitingFor?.at as number) - desk.now() - ownLease.lengthMs)).toBeLessThan(1_000)
    },
  )

  test('a pause stays wall time, also where the clock was set back', async () => {
    const { lease } = await running()
    stage.jump(-3_600_000)
    await failAttempt(desk, agent, lease, { reason: 'no', retryable: true })
    const { runAfter, waitingFor } = await findJob(desk, owner, lease.jobId)
    expect(runAfter).toBeGreaterThan(desk.now() + 7_000)
    expect(runAfter).toBeLessThanOrEqual(desk.now() + 10_000)
    expect(waitingFor).toMatchObject({ reason: 'backoff', at: runAfter })
  })

  test('a batch ends after it began, and goes on when the clock was set back', async () => {
    const picked = [await handIn(desk, owner)]
    const id = await freezeBatch(desk, owner, { scope: 'own', verb: 'cancel', ids: picked })
    await confirmBatch(desk, owner, id, {})
    stage.jump(-3_600_000)
    const worker = { id: 'a', alone: false }
    while ((await workOn(desk, worker, id, 10)) > 0);
    const { state, createdAt, startedAt, endedAt } = await findBatch(desk, owner, id)
    expect(state).toBe('DONE')
    expect(startedAt).toBeGreaterThanOrEqual(createdAt)
    expect(endedAt).toBeGreaterThanOrEqual(startedAt as number)
  })
})

describe('the clock of the server jumps', () => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let held: Claim
  let dispatcher: Dispatcher
  let monotonic = 1_000_000

  beforeAll(async () => {
    stage = await testDesk('server')
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
  })
  beforeEach(async () => {
    const agent = await addAgent(desk, 'Painter')
    await handIn(desk, owner, { agentId: agent.id })
    const onError = (error: unknown) => {
      throw error
    }
    vi.spyOn(performance, 'now').mockImplementation(() => monotonic)
    dispatcher = new Dispatcher({ desk, adapters, workRoot: '/nowhere', ownsDatabase: false, onError })
    // from the start on it waits for the length of a lease: so it has begun long before
    await passes(15)
    ;[held] = (await claim(desk, agent, 1, false)) as [Claim]
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  /** So much time, with a sweep every 2.5 s; another process renews the lease in time, or does not. */
  async function passes(seconds: number, { isAlive = false } = {}) {
    for (let passed = 0; passed < seconds; passed += 2.5) {
      monotonic += 2_500
      stage.advance(2_500)
      // in the worst case the sweep comes first
      await dispatcher.sweep()
      if (isAlive) await renewLeases(desk, [held.lease], ownLease.lengthMs)
    }
  }

  const outcome = async () =>
    (
      await desk.db.first<{ outcome: string }>('SELECT outcome FROM attempts WHERE id = ?', [
        held.lease.attemptId,
      ])
    )?.outcome

  test.each(jumps)('by %i ms: what another process runs and renews is left alone', async (ms) => {
    await passes(2.5)
    stage.jumpLeaseClock(ms)
    await passes(30, { isAlive: true })
    expect(await outcome()).toBe('RUNNING')
  })

  test.each(jumps)('by %i ms: what a dead process left is rescued within two leases', async (ms) => {
    await passes(2.5)
    stage.jumpLeaseClock(ms)
    await passes(5)
    expect(await outcome()).toBe('RUNNING')
    await passes(15)
    expect(await outcome()).toBe('INTERRUPTED')
  })

  test('a database that was away: everybody may renew first', async () => {
    const { client } = desk.db
    const execute = vi.spyOn(client, 'execute').mockRejectedValueOnce(new Error('away'))
    monotonic += 1_000
    await expect(dispatcher.sweep()).rejects.toThrow('away')
    execute.mockRestore()
    // the lease has lapsed meanwhile
    stage.advance(ownLease.lengthMs + 1_000)
    await passes(2.5)
    expect(await outcome()).toBe('RUNNING')
    await passes(20, { isAlive: true })
    expect(await outcome()).toBe('RUNNING')
  })
})
