import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Claim } from '~/domain/attempts/brief'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { Conflict, DomainError } from '~/domain/errors'
import { answerJob } from '~/domain/jobs/answer.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { assignJob } from '~/domain/jobs/assign.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { editJob } from '~/domain/jobs/edit.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { nextStatus, statusesFor } from '~/domain/jobs/status'
import { tagJob } from '~/domain/jobs/tag.server'
import { undoJob } from '~/domain/jobs/undo.server'
import { can, partyOf, type UserActor } from '~/domain/policy'
import { type JobStatus, type JobVerb, jobStatuses } from '~db/vocabulary'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let desk: TestDesk['desk']
  let close: TestDesk['close']
  let advance: TestDesk['advance']
  let owner: UserActor
  let stranger: UserActor
  let admin: UserActor
  let other: AgentActor

  beforeAll(async () => {
    ;({ desk, close, advance } = await testDesk(on))
    owner = await addUser(desk, 'Olive')
    stranger = await addUser(desk, 'Sam')
    admin = await addUser(desk, 'Ada', 'ADMIN')
    other = await addAgent(desk, 'Other', { concurrency: 100 })
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await close()
  })

  /** A job in the wanted status, brought there by the real verbs; with the claim of its last attempt. */
  async function jobIn(status: JobStatus): Promise<{ id: string; held?: Claim; agent: AgentActor }> {
    // an agent of its own, so that no other job's claim comes between
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: status === 'PENDING' ? null : agent.id, maxAttempts: 1 })
    if (status === 'PENDING' || status === 'ASSIGNED') return { id, agent }
    if (status === 'CANCELED') {
      await cancelJob(desk, owner, id, {})
      return { id, agent }
    }
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('not claimed')
    if (status === 'INPUT_REQUIRED') await requestInput(desk, agent, held.lease, { question: 'Which?' })
    if (status === 'FAILED') await failAttempt(desk, agent, held.lease, { reason: 'no', retryable: true })
    if (status === 'IN_REVIEW' || status === 'COMPLETED')
      await submitAttempt(desk, agent, held.lease, { result: '1' })
    if (status === 'COMPLETED') await acceptJob(desk, owner, id, {})
    return { id, held, agent }
  }

  type Do = (actor: UserActor, id: string) => Promise<unknown>
  const personVerbs: Partial<Record<JobVerb, Do>> = {
    edit: (actor, id) => editJob(desk, actor, id, { name: 'Another name' }),
    assign: (actor, id) => assignJob(desk, actor, id, { agentId: other.id }),
    answer: (actor, id) => answerJob(desk, actor, id, { answer: 'This one' }),
    accept: (actor, id) => acceptJob(desk, actor, id, {}),
    sendBack: (actor, id) => sendBackJob(desk, actor, id, { feedback: 'Not enough' }),
    cancel: (actor, id) => cancelJob(desk, actor, id, {}),
    resubmit: (actor, id) => resubmitJob(desk, actor, id, {}),
    complete: (actor, id) => completeJob(desk, actor, id, { reason: 'Done by hand', result: '"by hand"' }),
    reassign: (actor, id) => reassignJob(desk, actor, id, { agentId: other.id }),
    archive: (actor, id) => archiveJob(desk, actor, id, {}),
    undo: (actor, id) => undoJob(desk, actor, id, {}),
    tag: (actor, id) => tagJob(desk, actor, id, { add: ['billing'], metadata: { ticket: '4711' } }),
  }

  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: unknown) => (error instanceof DomainError ? error.code : Promise.reject(error)),
    )

  describe.each(Object.keys(personVerbs) as JobVerb[])('%s', (verb) => {
    test.each(jobStatuses)('from %s, by owner, stranger and admin', async (status) => {
      for (const actor of [owner, stranger, admin]) {
        const { id } = await jobIn(status)
        const before = await findJob(desk, admin, id)
        const party = partyOf(actor, before)
        const may = party !== 'stranger' && statusesFor(verb, party).includes(status)
        expect(can(actor, verb, before).allowed).toBe(may)
        const outcome = await codeOf((personVerbs[verb] as Do)(actor, id))
        const after = await findJob(desk, admin, id)
        if (may) {
          expect(outcome).toBe('done')
          const hasAgent = verb === 'assign' || verb === 'reassign' || before.assignedAgentId !== null
          expect(after.status).toBe(
            nextStatus(verb, { status, hasAgent, review: 'required', retriable: true, before: 'ASSIGNED' }),
          )
          expect(after.version).toBe(before.version + 1)
          const last = (await jobLogs(desk, admin, id, { order: 'newest', limit: 1 })).rows[0]
          expect(last).toMatchObject({
            kind: verb,
            status: after.status,
            actorId: actor.id,
            version: after.version,
          })
        } else {
          const refusal =
            party === 'stranger'
              ? 'not_found'
              : statusesFor(verb, party).length === 0
                ? 'forbidden'
                : 'conflict'
          expect(outcome).toBe(refusal)
          expect(after).toEqual(before)
        }
      }
    })
  })

  const agentVerbs = {
    submit: (agent: AgentActor, lease: Claim['lease']) =>
      submitAttempt(desk, agent, lease, { result: '{"late":true}' }),
    fail: (agent: AgentActor, lease: Claim['lease']) =>
      failAttempt(desk, agent, lease, { reason: 'broke', retryable: false }),
    requestInput: (agent: AgentActor, lease: Claim['lease']) =>
      requestInput(desk, agent, lease, { question: 'What?' }),
    release: (agent: AgentActor, lease: Claim['lease']) =>
      releaseAttempt(desk, agent, lease, { reason: 'draining' }),
  }

  describe.each(Object.keys(agentVerbs) as (keyof typeof agentVerbs)[])('%s by an agent', (verb) => {
    test.each(jobStatuses)('on a job that is %s', async (status) => {
      const { id, held, agent } = await jobIn(status)
      const before = await findJob(desk, admin, id)
      const lease = held?.lease ?? { jobId: id, attemptId: `${id}.1`, leaseToken: 'guess' }
      const outcome = await codeOf(agentVerbs[verb](agent, lease))
      const after = await findJob(desk, admin, id)
      if (status === 'IN_PROGRESS') {
        expect(outcome).toBe('done')
        expect(after.status).toBe(
          nextStatus(verb, { status, hasAgent: true, review: 'required', retriable: verb === 'release' }),
        )
      } else {
        expect(outcome).toBe('conflict')
        expect(after).toEqual(before)
        const late = (await jobLogs(desk, admin, id, {})).rows.filter(({ kind }) => kind === 'late')
        expect(late).toHaveLength(held ? 1 : 0)
      }
    })
  })

  test('a wrong token changes nothing and leaves no row', async () => {
    const { id, held, agent } = await jobIn('IN_PROGRESS')
    const lease = { ...(held as Claim).lease, leaseToken: 'wrong' }
    await expect(submitAttempt(desk, agent, lease, { result: '1' })).rejects.toThrow(Conflict)
    const rows = (await jobLogs(desk, admin, id, {})).rows
    expect(rows.map(({ kind }) => kind)).toEqual(['create', 'claim'])
  })

  test('a late result is kept once, and never lands on the job', async () => {
    const { id, held, agent } = await jobIn('IN_PROGRESS')
    const { lease } = held as Claim
    await reassignJob(desk, admin, id, { agentId: other.id })
    for (let n = 0; n < 3; n++) {
      await expect(submitAttempt(desk, agent, lease, { result: '"late"' })).rejects.toMatchObject({
        reason: 'lease_lost',
      })
    }
    const late = (await jobLogs(desk, admin, id, {})).rows.filter(({ kind }) => kind === 'late')
    expect(late).toHaveLength(1)
    expect(late[0]).toMatchObject({ responsePayload: '"late"', attempt: 1 })
    expect(await findJob(desk, admin, id)).toMatchObject({
      status: 'ASSIGNED',
      assignedAgentId: other.id,
      result: null,
    })
  })

  test('an attempt that fails is retried with backoff until maxAttempts failures, then FAILED', async () => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 3 })
    const waits: number[] = []
    for (let n = 1; n <= 3; n++) {
      const [held] = await claim(desk, agent, 1, false)
      await failAttempt(desk, agent, (held as Claim).lease, { reason: 'again', retryable: true })
      const job = await findJob(desk, owner, id)
      expect(job.failures).toBe(n)
      if (n < 3) {
        expect(job.status).toBe('ASSIGNED')
        waits.push((job.runAfter as number) - desk.now())
        expect(await claim(desk, agent, 1, false)).toEqual([])
        advance((job.runAfter as number) - desk.now())
      } else expect(job).toMatchObject({ status: 'FAILED', runAfter: null })
    }
    expect(waits[0]).toBeGreaterThanOrEqual(7_500)
    expect(waits[0]).toBeLessThanOrEqual(10_000)
    expect(waits[1]).toBeGreaterThanOrEqual(15_000)
    expect(waits[1]).toBeLessThanOrEqual(20_000)
  })

  test('backoff never passes ten minutes', async () => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 20 })
    for (let n = 1; n <= 12; n++) {
      const [held] = await claim(desk, agent, 1, false)
      await failAttempt(desk, agent, (held as Claim).lease, { reason: 'again', retryable: true })
      const wait = ((await findJob(desk, owner, id)).runAfter as number) - desk.now()
      expect(wait).toBeLessThanOrEqual(600_000)
      if (n > 7) expect(wait).toBeGreaterThanOrEqual(450_000)
      advance(wait)
    }
  })

  test.each([
    ['a shorter wait that is asked for', 5_000, 7_500, 10_000],
    ['a longer one', 3_600_000, 3_600_000, 3_600_000],
    ['one past a day', 99_999_999_000, 86_400_000, 86_400_000],
    ['one without end', Number.POSITIVE_INFINITY, 86_400_000, 86_400_000],
  ])('backoff and %s: the later counts', async (_, retryAfterMs, least, most) => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    const [held] = await claim(desk, agent, 1, false)
    await failAttempt(desk, agent, (held as Claim).lease, { reason: 'busy', retryable: true, retryAfterMs })
    const wait = ((await findJob(desk, owner, id)).runAfter as number) - desk.now()
    expect(wait).toBeGreaterThanOrEqual(least)
    expect(wait).toBeLessThanOrEqual(most)
  })

  test('the third release by one agent counts as a failure', async () => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    const failures: number[] = []
    for (let n = 0; n < 4; n++) {
      const [held] = await claim(desk, agent, 1, false)
      await releaseAttempt(desk, agent, (held as Claim).lease, { reason: 'busy' })
      const job = await findJob(desk, owner, id)
      expect((job.runAfter as number) - desk.now()).toBe(10_000)
      failures.push(job.failures)
      advance(10_000)
    }
    expect(failures).toEqual([0, 0, 1, 1])
  })

  test('lapsed leases alone are rescued, and no failure is counted', async () => {
    const first = await jobIn('IN_PROGRESS')
    advance(9_000)
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    await claim(desk, agent, 1, false)
    advance(1_001)
    const rescued = await expireAttempts(desk)
    expect(rescued.map((each) => each.id)).toContain(first.id)
    expect(rescued.map((each) => each.id)).not.toContain(id)
    expect(await findJob(desk, owner, first.id)).toMatchObject({ status: 'ASSIGNED', failures: 0 })
    expect((await findJob(desk, owner, id)).status).toBe('IN_PROGRESS')
  })

  test('what would assign to a retired agent gives PENDING and says so', async () => {
    const gone = await addAgent(desk, 'Gone')
    const id = await handIn(desk, owner, { agentId: gone.id })
    const [held] = await claim(desk, gone, 1, false)
    await submitAttempt(desk, gone, (held as Claim).lease, { result: '1' })
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE agents SET state = 'RETIRED' WHERE id = ?", args: [gone.id] }],
    })
    await sendBackJob(desk, owner, id, { feedback: 'More' })
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
    const last = (await jobLogs(desk, owner, id, { order: 'newest', limit: 1 })).rows[0]
    expect(last?.message).toContain('Its agent is retired')
  })

  test('the next attempt carries question, answer and feedback', async () => {
    const { id, agent } = await jobIn('INPUT_REQUIRED')
    await answerJob(desk, owner, id, { answer: 'The red one' })
    const [second] = await claim(desk, agent, 1, false)
    expect(second?.job.earlier).toMatchObject([{ number: 1, question: 'Which?', answer: 'The red one' }])
    await submitAttempt(desk, agent, (second as Claim).lease, { result: '"red"' })
    await sendBackJob(desk, owner, id, { feedback: 'Redder' })
    const [third] = await claim(desk, agent, 1, false)
    expect(third?.job.earlier[1]).toMatchObject({ number: 2, result: '"red"', feedback: 'Redder' })
  })

  test('priority first, then the oldest; not before runAfter', async () => {
    const lone = await addAgent(desk, 'Lone')
    const late = await handIn(desk, owner, { agentId: lone.id, priority: 9, runAfter: desk.now() + 60_000 })
    const low = await handIn(desk, owner, { agentId: lone.id })
    const high = await handIn(desk, owner, { agentId: lone.id, priority: 5 })
    const order = async () => (await claim(desk, lone, 1, false)).map(({ lease }) => lease.jobId)
    expect(await order()).toEqual([high])
    expect(await order()).toEqual([low])
    expect(await order()).toEqual([])
    advance(60_000)
    expect(await order()).toEqual([late])
  })

  test('of many claimers one wins, and no agent gets more than its concurrency', async () => {
    const narrow = await addAgent(desk, 'Narrow', { concurrency: 2 })
    for (let n = 0; n < 6; n++) await handIn(desk, owner, { agentId: narrow.id })
    const all = (await Promise.all(Array.from({ length: 8 }, () => claim(desk, narrow, 2, false)))).flat()
    expect(all).toHaveLength(2)
    expect(new Set(all.map(({ lease }) => lease.jobId)).size).toBe(2)
  })
})
