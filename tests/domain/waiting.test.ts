import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { disableUser, enableUser } from '~/domain/accounts/disable.server'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import type { Lease } from '~/domain/attempts/lease'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { answerJob } from '~/domain/jobs/answer.server'
import { assignJob } from '~/domain/jobs/assign.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob, createJobs } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { findJob, listJobs } from '~/domain/jobs/queries.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { leaseClockOf } from '~/domain/lease-clock'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
  })
  afterEach(() => stage.close())

  const waiting = async (id: string) => {
    // as every sweep does
    await leaseClockOf(desk).read()
    return (await findJob(desk, owner, id)).waitingFor
  }
  const only = { concurrency: 1, takesUnassigned: false }
  const input = { name: 'A job', description: 'd', acceptanceCriteria: 'c' }

  /** A job that this agent does, and the lease it holds. */
  async function running(agent: AgentActor, more: object = {}): Promise<{ id: string; lease: Lease }> {
    const id = await handIn(desk, owner, { agentId: agent.id, priority: 9, ...more })
    const [held] = await claim(desk, agent, 1, false)
    if (held?.job.id !== id) throw new Error('not claimed')
    return { id, lease: held.lease }
  }

  test('an agent that has a place', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const id = await handIn(desk, owner, { agentId: agent.id })
    expect(await waiting(id)).toMatchObject({ reason: 'starting', who: 'nobody', at: null, position: null })
    const anyones = await handIn(desk, owner)
    expect(await waiting(anyones)).toMatchObject({ reason: 'no_taker', who: 'owner' })
    await addAgent(desk, 'Toolbox')
    expect(await waiting(anyones)).toMatchObject({
      reason: 'starting',
      sentence: expect.stringContaining('Toolbox'),
    })
  })

  test('agents that are paused or retired, and none at all', async () => {
    const anyones = await handIn(desk, owner)
    expect(await waiting(anyones)).toMatchObject({ reason: 'no_agent', who: 'admin' })
    const agent = await addAgent(desk, 'Painter', { takesUnassigned: true })
    const id = await handIn(desk, owner, { agentId: agent.id })
    await setAgentState(desk, agent, 'PAUSED')
    expect(await waiting(id)).toMatchObject({ reason: 'agent_paused', who: 'admin', at: null })
    expect(await waiting(anyones)).toMatchObject({ reason: 'takers_paused', who: 'admin', at: null })
    await setAgentState(desk, agent, 'RETIRED')
    expect(await waiting(id)).toMatchObject({ reason: 'agent_retired', who: 'nobody' })
    expect(await waiting(anyones)).toMatchObject({ reason: 'no_agent', who: 'admin' })
  })

  test('a place in line: by priority, then by age; who waits for later or for another agent does not count', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const other = await addAgent(desk, 'Sorter', only)
    const { lease } = await running(agent)
    await running(other)
    const hand = (more: object) => handIn(desk, owner, { agentId: agent.id, ...more })
    const first = await hand({})
    const later = await hand({ runAfter: desk.now() + 5_000, priority: 9 })
    const second = await hand({})
    const elsewhere = await hand({ agentId: other.id, priority: 9 })
    const urgent = await hand({ priority: 1 })
    const canceled = await hand({ priority: 9 })
    await cancelJob(desk, owner, canceled, {})
    const positions = async () =>
      Promise.all([urgent, first, second, later, elsewhere].map(async (id) => (await waiting(id))?.position))
    expect(await positions()).toEqual([1, 2, 3, null, 1])
    expect(await waiting(second)).toMatchObject({ reason: 'in_line', who: 'nobody', at: null })
    stage.advance(5_000)
    expect(await positions()).toEqual([2, 3, 4, 1, 1])
    await submitAttempt(desk, agent, lease, { result: '1' })
    expect(await waiting(second)).toMatchObject({ reason: 'starting', position: null })
  })

  test('a place in both queues of an agent that takes unassigned jobs: just as it claims them', async () => {
    const agent = await addAgent(desk, 'Toolbox', { concurrency: 1, takesUnassigned: true })
    const paused = await addAgent(desk, 'Rester', { takesUnassigned: true, state: 'PAUSED' })
    const narrow = await addAgent(desk, 'Painter', only)
    let { lease } = await running(agent)
    await running(narrow)
    const own = { ...input, agentId: agent.id }
    const ids = await createJobs(desk, owner, [
      ...[own, input, { ...input, priority: 1 }, own, { ...own, priority: 2 }, input],
      ...[
        { ...input, runAfter: desk.now() + 60_000, priority: 9 },
        { ...own, priority: 1 },
      ],
    ])
    const narrows = await handIn(desk, owner, { agentId: narrow.id })
    await handIn(desk, owner, { agentId: paused.id, priority: 9 })
    const inOrder = [4, 2, 7, 0, 1, 3, 5].map((n) => ids[n] as string)
    for (const [n, id] of inOrder.entries())
      expect(await waiting(id)).toMatchObject({ reason: 'in_line', position: n + 1 })
    expect(await waiting(narrows)).toMatchObject({ reason: 'in_line', position: 1 })
    for (const id of inOrder) {
      expect(await waiting(id)).toMatchObject({ position: 1 })
      await submitAttempt(desk, agent, lease, { result: '1' })
      const [held] = await claim(desk, agent)
      expect(held?.job.id).toBe(id)
      lease = held?.lease ?? lease
    }
  })

  test('among the unassigned only, where several agents could take it', async () => {
    const agents = await Promise.all(
      ['Toolbox', 'Sorter'].map((name) => addAgent(desk, name, { concurrency: 1, takesUnassigned: true })),
    )
    for (const agent of agents) {
      await running(agent)
      await handIn(desk, owner, { agentId: agent.id, priority: 5 })
    }
    const [first, second] = await createJobs(desk, owner, [input, input])
    expect(await waiting(first as string)).toMatchObject({ reason: 'in_line', position: 1 })
    const last = await waiting(second as string)
    expect(last).toMatchObject({ reason: 'in_line', position: 2 })
    expect(last?.sentence).toContain('number 2 among the unassigned ones')
    const assigned = await handIn(desk, owner, { agentId: agents[0]?.id })
    expect(await waiting(assigned)).toMatchObject({ reason: 'in_line', position: 4 })
  })

  test('of both queues together a hundred are counted', async () => {
    const agent = await addAgent(desk, 'Toolbox', { concurrency: 1, takesUnassigned: true })
    await running(agent)
    const own = { ...input, agentId: agent.id }
    const ids = await createJobs(desk, owner, [...Array(50).fill(own), ...Array(52).fill(input)])
    expect(await waiting(ids[100] as string)).toMatchObject({ position: 101 })
    expect(await waiting(ids[101] as string)).toMatchObject({ reason: 'in_line', position: null })
  })

  test('of those ahead a hundred are counted', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    await running(agent)
    const ids = await createJobs(desk, owner, Array(103).fill({ ...input, agentId: agent.id }))
    const answers = (await listJobs(desk, owner, { scope: 'own', limit: 100 })).rows
    expect(answers.slice(0, 3).map(({ id }) => id)).toEqual(ids.slice(-3).toReversed())
    expect(answers.map(({ waitingFor }) => waitingFor?.position)).toEqual([
      null,
      null,
      ...Array.from({ length: 98 }, (_, n) => 101 - n),
    ])
    expect(answers[0]?.waitingFor?.sentence).toContain('more than 100 others ahead')
    expect(await waiting(ids[102] as string)).toEqual(answers[0]?.waitingFor)
  })

  test('of those that may start later so many are passed over, and no more', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    await running(agent)
    const later = { ...input, agentId: agent.id, runAfter: desk.now() + 60_000 }
    await createJobs(desk, owner, Array(999).fill(later))
    const id = await handIn(desk, owner, { agentId: agent.id })
    expect(await waiting(id)).toMatchObject({ reason: 'in_line', position: 1 })
    await createJobs(desk, owner, [{ ...later, priority: 1 }])
    expect(await waiting(id)).toMatchObject({ reason: 'in_line', position: null })
  })

  test('a start time that a person set', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const at = desk.now() + 3_600_000
    const id = await handIn(desk, owner, { agentId: agent.id, runAfter: at })
    expect(await waiting(id)).toMatchObject({ reason: 'start_time', who: 'nobody', at })
    await setAgentState(desk, agent, 'PAUSED')
    expect(await waiting(id)).toMatchObject({ reason: 'start_time', who: 'admin', at })
    stage.advance(3_600_000)
    expect(await waiting(id)).toMatchObject({ reason: 'agent_paused', who: 'admin', at: null })
  })

  test.each(['fail', 'expire', 'release'] as const)(
    'the pause after %s, and a later time set meanwhile',
    async (how) => {
      const agent = await addAgent(desk, 'Painter', only)
      const { id, lease } = await running(agent, { maxAttempts: 9 })
      if (how === 'fail') await failAttempt(desk, agent, lease, { reason: 'no', retryable: true })
      if (how === 'release') await releaseAttempt(desk, agent, lease, { reason: 'drain' })
      if (how === 'expire') {
        stage.advance(10_001)
        expect(await waiting(id)).toMatchObject({ reason: 'lease_lapsed', who: 'nobody', at: null })
        await expireAttempts(desk)
      }
      const { runAfter, waitingFor } = await findJob(desk, owner, id)
      expect(runAfter).toBeGreaterThan(desk.now())
      expect(waitingFor).toMatchObject({ reason: 'backoff', who: 'nobody', at: runAfter })
      stage.advance(1)
      await editJob(desk, owner, id, { runAfter: desk.now() + 3_600_000 })
      expect(await waiting(id)).toMatchObject({ reason: 'start_time', at: desk.now() + 3_600_000 })
      await editJob(desk, owner, id, { runAfter })
      stage.advance(10_000)
      expect(await waiting(id)).toMatchObject({ reason: 'starting', at: null })
    },
  )

  test('every pause up to the longest is told from a wish', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    let { id, lease } = await running(agent, { maxAttempts: 12 })
    for (let failure = 1; failure < 12; failure++) {
      await failAttempt(desk, agent, lease, { reason: 'no', retryable: true })
      expect(await waiting(id), `after failure ${failure}`).toMatchObject({ reason: 'backoff' })
      stage.advance(600_000)
      const [held] = await claim(desk, agent)
      lease = held?.lease ?? lease
    }
  })

  test('what runs, what is asked, what is handed in, and nothing when it is closed', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const { id, lease } = await running(agent)
    expect(await waiting(id)).toMatchObject({ reason: 'running', who: 'agent', at: desk.now() + 10_000 })
    await requestInput(desk, agent, lease, { question: 'Which colour?' })
    expect(await waiting(id)).toMatchObject({ reason: 'answer', who: 'owner', at: null })
    await answerJob(desk, owner, id, { answer: 'Blue' })
    expect(await waiting(id)).toMatchObject({ reason: 'starting' })
    for (const sendBack of [true, false]) {
      const [held] = await claim(desk, agent)
      await submitAttempt(desk, agent, held?.lease as Lease, { result: '1' })
      const { waitingFor } = await findJob(desk, owner, id)
      expect(waitingFor).toMatchObject({ reason: 'review', who: 'owner', at: null })
      expect(waitingFor?.sentence).toMatch(/^Painter \w+ handed in a result\. Olive has to/)
      if (sendBack) await sendBackJob(desk, owner, id, { feedback: 'more' })
    }
    await acceptJob(desk, owner, id, {})
    expect(await waiting(id)).toBeNull()
  })

  test.each(['PAUSED', 'RETIRED'] as const)(
    'an agent that was %s after its question and its result: what happens then does',
    async (state) => {
      const agent = await addAgent(desk, 'Painter', only)
      const asked = await running(agent)
      await requestInput(desk, agent, asked.lease, { question: 'Which colour?' })
      const done = await running(agent)
      await submitAttempt(desk, agent, done.lease, { result: '1' })
      const taker = await addAgent(desk, 'Toolbox')
      await setAgentState(desk, agent, state)
      const then = state === 'PAUSED' ? 'it waits until an admin resumes Painter' : 'any agent that takes'
      for (const { id } of [asked, done]) {
        const answer = await waiting(id)
        expect(answer).toMatchObject({ who: 'owner', at: null, next: expect.stringContaining(then) })
        expect((await listJobs(desk, owner, { scope: 'own' })).rows).toContainEqual(
          expect.objectContaining({ id, waitingFor: answer }),
        )
      }
      await setAgentState(desk, taker, 'PAUSED')
      const resumed =
        state === 'PAUSED' ? then : 'until an admin resumes an agent that takes unassigned jobs.'
      expect((await waiting(asked.id))?.next).toContain(resumed)
      await setAgentState(desk, taker, 'ACTIVE')
      await answerJob(desk, owner, asked.id, { answer: 'Blue' })
      await sendBackJob(desk, owner, done.id, { feedback: 'more' })
      for (const { id } of [asked, done]) {
        const [status, reason] = state === 'PAUSED' ? ['ASSIGNED', 'agent_paused'] : ['PENDING', 'starting']
        expect(await findJob(desk, owner, id)).toMatchObject({ status, waitingFor: { reason } })
      }
    },
  )

  test('an owner that can’t sign in any more: an admin acts', async () => {
    const root = await addUser(desk, 'Ada', 'ADMIN')
    const agent = await addAgent(desk, 'Painter', only)
    const asked = await running(agent)
    await requestInput(desk, agent, asked.lease, { question: 'Which colour?' })
    const done = await running(agent)
    await submitAttempt(desk, agent, done.lease, { result: '1' })
    const anyones = await handIn(desk, owner)
    const all = [asked.id, done.id, anyones]
    const who = () => Promise.all(all.map(async (id) => (await waiting(id))?.who))
    expect(await who()).toEqual(['owner', 'owner', 'owner'])
    await disableUser(desk, root, `${owner.id}@example.com`)
    expect(await who()).toEqual(['admin', 'admin', 'admin'])
    expect((await waiting(anyones))?.sentence).toContain('Olive’s account is disabled')
    await answerJob(desk, root, asked.id, { answer: 'Blue' })
    await acceptJob(desk, root, done.id, {})
    await assignJob(desk, root, anyones, { agentId: agent.id })
    expect(await waiting(anyones)).toMatchObject({ reason: 'starting' })
    await enableUser(desk, root, `${owner.id}@example.com`)
    const other = await addAgent(desk, 'Sorter', only)
    const again = await running(other)
    await submitAttempt(desk, other, again.lease, { result: '1' })
    expect(await waiting(again.id)).toMatchObject({ reason: 'review', who: 'owner' })
  })

  test('handing in says it at once, and as the list and the page do then', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    await running(agent)
    const inputs = [
      { agentId: agent.id },
      { agentId: agent.id, priority: 3 },
      {},
      { runAfter: desk.now() + 1 },
    ]
    for (const more of inputs) {
      const { job, id } = await createJob(desk, owner, { ...input, ...more })
      expect(job?.waitingFor).not.toBeNull()
      expect(await waiting(id)).toEqual(job?.waitingFor)
    }
    const { rows } = await listJobs(desk, owner, { scope: 'own' })
    expect(rows).toHaveLength(5)
    for (const row of rows) expect(row.waitingFor).toEqual(await waiting(row.id))
  })

  test('a page costs one statement more, however many jobs it has, and none where nothing waits', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const other = await addAgent(desk, 'Sorter', { concurrency: 1, takesUnassigned: true })
    const { lease } = await running(agent)
    await running(other)
    const sent = async () => {
      const { execute } = desk.db.client
      let count = 0
      desk.db.client.execute = ((each: string) => {
        count++
        return execute.call(desk.db.client, each)
      }) as typeof execute
      await listJobs(desk, owner, { scope: 'own', limit: 100 })
      desk.db.client.execute = execute
      return count
    }
    expect(await sent()).toBe(1)
    await createJobs(
      desk,
      owner,
      Array.from({ length: 60 }, (_, n) => ({ ...input, agentId: [agent.id, other.id, undefined][n % 3] })),
    )
    expect(await sent()).toBe(2)
    await submitAttempt(desk, agent, lease, { result: '1' })
    expect(await sent()).toBe(2)
  })

  test('shows nothing that is not for readers', async () => {
    const agent = await addAgent(desk, 'Painter', only)
    const { id } = await running(agent)
    const shown = Object.keys(await findJob(desk, owner, id))
    expect(
      shown.filter((field) =>
        /^(no|ownerDisabled.*|last(Outcome|EndedAt|LeaseExpiresAt|AgentState)|leaseToken)$/.test(field),
      ),
    ).toEqual([])
  })
})
