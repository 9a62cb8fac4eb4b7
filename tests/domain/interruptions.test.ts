import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { agentStats } from '~/domain/agents/stats.server'
import type { Claim } from '~/domain/attempts/brief'
import {
  drainAttempt,
  drainRestored,
  expireAttempts,
  expireOrphans,
} from '~/domain/attempts/interrupt.server'
import { keepUnsubmitted } from '~/domain/attempts/late.server'
import { ownLease } from '~/domain/attempts/lease'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, releaseAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { recordRestore } from '~/domain/backups.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { overviewOf } from '~/domain/overview/queries.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let admin: UserActor
  let agent: AgentActor

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  beforeEach(async () => {
    // one of its own, so that it claims no job of another test
    agent = await addAgent(desk, 'Painter')
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  async function claimed(): Promise<Claim['lease']> {
    // past every pause
    stage.advance(600_000)
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('not claimed')
    return held.lease
  }

  /** Each way an attempt can end, by its name. */
  const ends = {
    crash: () => expireOrphans(desk),
    lapse: async () => {
      stage.advance(ownLease.lengthMs + 1)
      await expireAttempts(desk)
    },
    restore: async () => {
      await recordRestore(desk, 'docket-2026.db', null)
      await drainRestored(desk)
    },
    drain: (lease: Claim['lease']) => drainAttempt(desk, lease),
    decline: (lease: Claim['lease']) => releaseAttempt(desk, agent, lease, { reason: 'busy' }),
    fail: (lease: Claim['lease']) => failAttempt(desk, agent, lease, { reason: 'no', retryable: true }),
  }
  type End = keyof typeof ends

  /** How many failures the job has after each of these ends of an attempt. */
  async function failuresAfter(id: string, row: End[]): Promise<number[]> {
    const counted: number[] = []
    for (const end of row) {
      await ends[end](await claimed())
      counted.push((await findJob(desk, owner, id)).failures)
    }
    return counted
  }

  test.each<[string, End[], number[]]>([
    ['two crashes count nothing', ['crash', 'crash'], [0, 0]],
    ['the third in a row counts, and each after it', ['crash', 'crash', 'crash', 'crash'], [0, 0, 1, 2]],
    ['a lapsed lease is a crash too', ['lapse', 'crash', 'lapse'], [0, 0, 1]],
    [
      'any other end in between begins a new row',
      ['crash', 'crash', 'drain', 'crash', 'crash'],
      [0, 0, 0, 0, 0],
    ],
    ['a failure in between too', ['crash', 'crash', 'fail', 'crash', 'crash', 'crash'], [0, 0, 1, 1, 1, 2]],
    [
      'drains and restores never count',
      ['drain', 'drain', 'drain', 'drain', 'restore', 'restore', 'restore'],
      [0, 0, 0, 0, 0, 0, 0],
    ],
    ['the third decline counts', ['decline', 'decline', 'decline', 'decline'], [0, 0, 1, 1]],
    ['Docket’s own ends are no decline', ['decline', 'drain', 'decline', 'crash', 'drain'], [0, 0, 0, 0, 0]],
    ['and hide none', ['decline', 'drain', 'decline', 'crash', 'decline'], [0, 0, 0, 0, 1]],
  ])('%s', async (_, row, counted) => {
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 20 })
    expect(await failuresAfter(id, row)).toEqual(counted)
  })

  test('a job that kills Docket ends, and says why', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 2 })
    expect(await failuresAfter(id, ['crash', 'crash', 'crash'])).toEqual([0, 0, 1])
    const third = await findJob(desk, owner, id)
    expect(third.status).toBe('ASSIGNED')
    // no pause before that, so that a restart goes on at once
    expect(third.runAfter).toBeGreaterThan(desk.now())
    expect(await failuresAfter(id, ['crash'])).toEqual([2])
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'FAILED', runAfter: null })
    const attempts = (await jobAttempts(desk, owner, id)).rows
    expect(attempts.map(({ outcome }) => outcome)).toEqual(Array(4).fill('INTERRUPTED'))
    const crashed = 'Docket crashed or was killed during this attempt.'
    const counts = ' It happened at least 3 times in a row with this job, so it counts as a failure.'
    expect(attempts.map(({ error }) => error)).toEqual([crashed, crashed, crashed + counts, crashed + counts])
    const said = (await jobLogs(desk, owner, id, {})).rows.filter(({ kind }) => kind === 'expire')
    expect(said.map(({ message }) => message)).toEqual([
      `${crashed} It does not count as a failure, and the job runs again.`,
      `${crashed} It does not count as a failure, and the job runs again.`,
      `${crashed}${counts} It is tried again (failure 1 of 2).`,
      `${crashed}${counts} That was failure 2 of 2: no more tries.`,
    ])
    // resubmitted as it is, it is still the job that kills Docket
    await resubmitJob(desk, owner, id, {})
    expect(await failuresAfter(id, ['crash'])).toEqual([1])
  })

  test('a job of one attempt survives a crash, a drain and a restore', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 1 })
    await failuresAfter(id, ['crash', 'drain', 'restore', 'lapse'])
    await submitAttempt(desk, agent, await claimed(), { result: '1' })
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_REVIEW', failures: 0 })
    const attempts = (await jobAttempts(desk, owner, id)).rows
    expect(attempts.map(({ outcome, error }) => [outcome, error])).toEqual([
      ['INTERRUPTED', 'Docket crashed or was killed during this attempt.'],
      ['DRAINED', 'Docket was stopped during this attempt.'],
      ['DRAINED', 'Docket was restored from a backup that was made during this attempt.'],
      ['INTERRUPTED', 'The Docket process that ran this attempt crashed or stopped responding.'],
      ['SUBMITTED', null],
    ])
    const log = (await jobLogs(desk, owner, id, {})).rows
    const own = log.filter(({ kind }) => kind === 'expire' || kind === 'release')
    expect(own.map(({ actorKind }) => actorKind)).toEqual(Array(4).fill('system'))
    for (const { message } of own)
      expect(message).toMatch(/ It does not count as a failure, and the job runs again\.$/)
    // it is not the agent that failed
    expect((await agentStats(desk, agent.id)).last24Hours).toMatchObject({ done: 1, failed: 0 })
  })

  test('what began after a restore is none of the backup’s', async () => {
    await recordRestore(desk, 'docket-2026.db', null)
    const id = await handIn(desk, owner, { agentId: agent.id })
    await claimed()
    await drainRestored(desk)
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_PROGRESS' })
  })

  // the same statements on a server: nothing in them depends on its clock
  if (on === 'server') return

  describe('what an attempt used counts, however it ended', () => {
    const report = (lease: Claim['lease'], usage: object) =>
      recordEvents(desk, agent.id, lease, [{ kind: 'usage', message: 'Usage so far', usage }])
    const figures = async () => {
      const agents = await desk.db.all<{ id: string }>('SELECT id FROM agents')
      const each = await Promise.all(agents.map(async ({ id }) => (await agentStats(desk, id)).last24Hours))
      const { usage } = await overviewOf(desk, admin)
      for (const name of ['inputTokens', 'outputTokens', 'costUsd'] as const) {
        expect(usage.day[name]).toBeCloseTo(each.reduce((sum, period) => sum + period[name], 0))
      }
      const { inputTokens, outputTokens, costUsd } = (await agentStats(desk, agent.id)).last24Hours
      return { inputTokens, outputTokens, costUsd }
    }
    const usageOf = async (id: string) =>
      JSON.parse((await jobAttempts(desk, owner, id)).rows[0]?.usage ?? '{}')
    const some = { inputTokens: 100, outputTokens: 20, costUsd: 0.25 }

    test.each<End>(['crash', 'lapse', 'restore', 'drain', 'decline', 'fail'])('%s', async (end) => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      const lease = await claimed()
      await report(lease, { inputTokens: 60, requestModel: 'm' })
      await report(lease, some)
      await ends[end](lease)
      expect(await figures()).toEqual(some)
      expect(await usageOf(id)).toEqual({ ...some, requestModel: 'm' })
    })

    test('a cancel: what was reported before it, and what the agent says when it has ended', async () => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      const lease = await claimed()
      await report(lease, some)
      await cancelJob(desk, owner, id, {})
      expect(await figures()).toEqual(some)
      const whole = { inputTokens: 130, outputTokens: 25, costUsd: 0.5 }
      stage.advance(7_200_000)
      await keepUnsubmitted(desk, agent, lease, { usage: JSON.stringify({ durationMs: 5, ...whole }) })
      expect(await figures()).toEqual(whole)
      expect(await usageOf(id)).toEqual({ durationMs: 5, ...whole })
      // by another's token nothing is added
      const stranger = { ...lease, leaseToken: 'guess' }
      await keepUnsubmitted(desk, agent, stranger, { usage: JSON.stringify({ inputTokens: 1_000 }) })
      expect(await figures()).toEqual(whole)
    })

    test('a result that comes too late', async () => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      const lease = await claimed()
      await ends.crash()
      const late = submitAttempt(desk, agent, lease, { result: '1', usage: JSON.stringify(some) })
      await expect(late).rejects.toThrow('no longer holds the job')
      expect(await figures()).toEqual(some)
      expect(await usageOf(id)).toEqual(some)
    })
  })
})
