import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { retireAgent } from '~/domain/agents/retire.server'
import type { Claim } from '~/domain/attempts/brief'
import { failAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { tagJob } from '~/domain/jobs/tag.server'
import { undoJob } from '~/domain/jobs/undo.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

describe.each(['file', 'server'] as const)('undo of a cancel on a %s', (on) => {
  let desk: TestDesk['desk']
  let close: TestDesk['close']
  let advance: TestDesk['advance']
  let owner: UserActor
  let admin: UserActor

  beforeAll(async () => {
    ;({ desk, close, advance } = await testDesk(on))
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await close()
  })

  const claimed = async (agent: AgentActor) => (await claim(desk, agent, 1, false))[0] as Claim
  const later = () => desk.now() + 3_600_000

  /** Jobs with something to lose, each by the real verbs. */
  const states: Record<string, (agent: AgentActor) => Promise<string>> = {
    'a pending job that starts later': () => handIn(desk, owner, { runAfter: later() }),
    'an assigned job that starts later': (agent) =>
      handIn(desk, owner, { agentId: agent.id, runAfter: later() }),
    'a job that waits for its next attempt': async (agent) => {
      const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 3 })
      const { lease } = await claimed(agent)
      await failAttempt(desk, agent, lease, { reason: 'broke', retryable: true })
      return id
    },
    'a question': async (agent) => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      await requestInput(desk, agent, (await claimed(agent)).lease, { question: 'Which?' })
      return id
    },
    'a result in review': async (agent) => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      await submitAttempt(desk, agent, (await claimed(agent)).lease, { result: '{"n":12345678901234567890}' })
      return id
    },
  }

  test.each(Object.keys(states))('%s is as it was, by whoever canceled it', async (name) => {
    for (const actor of [owner, admin]) {
      const agent = await addAgent(desk, 'Agent')
      const id = await (states[name] as (agent: AgentActor) => Promise<string>)(agent)
      const before = await findJob(desk, owner, id)
      const attempts = await jobAttempts(desk, owner, id, {})
      await cancelJob(desk, actor, id, {})
      advance(9_000)
      const { version } = await undoJob(desk, actor, id, { version: before.version + 1 })
      expect(version).toBe(before.version + 2)
      const { waitingFor: _, updatedAt, ...after } = await findJob(desk, owner, id)
      const { waitingFor: __, updatedAt: then, ...was } = before
      expect(after).toEqual({ ...was, version })
      expect(updatedAt).toBe(then + 9_000)
      expect(await jobAttempts(desk, owner, id, {})).toEqual(attempts)
      const last = (await jobLogs(desk, owner, id, { order: 'newest', limit: 1 })).rows[0]
      expect(last).toMatchObject({ kind: 'undo', message: 'Cancel undone.', actorId: actor.id })
    }
  })

  test('a running job goes back to its queue and says so; its stopped attempt stays on the record', async () => {
    for (const named of [true, false]) {
      const agent = await addAgent(desk, 'Agent')
      const id = await handIn(desk, owner, { agentId: named ? agent.id : null, priority: 9 })
      const [held] = await claim(desk, agent, 1, !named)
      await cancelJob(desk, owner, id, {})
      await expect(
        submitAttempt(desk, agent, (held as Claim).lease, { result: '"late"' }),
      ).rejects.toMatchObject({ reason: 'lease_lost' })
      await undoJob(desk, owner, id, {})
      expect(await findJob(desk, owner, id)).toMatchObject({
        status: named ? 'ASSIGNED' : 'PENDING',
        assignedAgentId: named ? agent.id : null,
        result: null,
        closedAt: null,
      })
      const [last] = (await jobLogs(desk, owner, id, { order: 'newest', limit: 1 })).rows
      expect(last?.message).toBe(
        'Cancel undone. The attempt that was running was stopped, so the job is back in its queue.',
      )
      const [again] = await claim(desk, agent, 1, !named)
      expect(again?.lease).toMatchObject({ jobId: id, attemptId: `${id}.2` })
    }
  })

  test('whose agent was retired since goes to anyone, and says so', async () => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    await cancelJob(desk, owner, id, {})
    await retireAgent(desk, admin, agent.id, {})
    await undoJob(desk, owner, id, {})
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
    const [last] = (await jobLogs(desk, owner, id, { order: 'newest', limit: 1 })).rows
    expect(last?.message).toContain('Its agent is retired')
  })

  test('an undone cancel is no longer counted, in its own hour', async () => {
    const canceled = async () =>
      (await desk.db.first<{ n: number }>('SELECT sum(canceled) AS n FROM job_quarters'))?.n
    const id = await handIn(desk, owner)
    const before = await canceled()
    // the undo falls into the next hour
    advance(3_599_000 - (desk.now() % 3_600_000))
    await cancelJob(desk, owner, id, {})
    expect(await canceled()).toBe((before ?? 0) + 1)
    advance(2_000)
    await undoJob(desk, owner, id, {})
    expect(await canceled()).toBe(before)
  })

  test('is refused with the reason', async () => {
    const job = async () => {
      const id = await handIn(desk, owner, { agentId: (await addAgent(desk, 'Agent')).id })
      await cancelJob(desk, owner, id, {})
      return id
    }
    const refusal = (id: string, actor = owner, version?: number) =>
      undoJob(desk, actor, id, { version }).then(
        () => 'undone',
        ({ code, reason, message }) => ({ code, reason, message }),
      )
    const late = await job()
    advance(15_000)
    const notUndoable = { code: 'conflict', reason: 'not_undoable' }
    expect(await refusal(await job())).toBe('undone')
    expect(await refusal(late)).toBe('undone')

    const tooLate = await job()
    advance(15_001)
    expect(await refusal(tooLate)).toEqual({
      ...notUndoable,
      message:
        'A cancel can be undone for 10 seconds, and that time is over. You can resubmit the job instead.',
    })
    const archived = await job()
    await archiveJob(desk, owner, archived, {})
    const tagged = await job()
    await tagJob(desk, owner, tagged, { add: ['x'] })
    for (const id of [archived, tagged]) {
      expect(await refusal(id)).toMatchObject({
        ...notUndoable,
        message: 'The job has changed since it was canceled. You can resubmit the job instead.',
      })
    }
    expect(await refusal(await job(), owner, 1)).toMatchObject({ reason: 'stale_version' })
    const open = await handIn(desk, owner)
    expect(await refusal(open)).toMatchObject({ reason: 'wrong_status' })
    expect(await refusal(await job(), await addUser(desk, 'Sam'))).toMatchObject({ code: 'not_found' })

    const byAdmin = await handIn(desk, owner)
    await cancelJob(desk, admin, byAdmin, {})
    expect(await refusal(byAdmin)).toMatchObject({
      ...notUndoable,
      message: expect.stringContaining('Only the person who canceled the job or an admin can undo that.'),
    })
    expect(await refusal(byAdmin, await addUser(desk, 'Bea', 'ADMIN'))).toBe('undone')
    expect(await refusal(byAdmin)).toMatchObject({ reason: 'wrong_status' })
  })

  test('resubmit with `undo` is the same', async () => {
    const agent = await addAgent(desk, 'Agent')
    const id = await handIn(desk, owner, { agentId: agent.id })
    await submitAttempt(desk, agent, (await claimed(agent)).lease, { result: '"work"' })
    await cancelJob(desk, owner, id, {})
    await resubmitJob(desk, owner, id, { undo: true })
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_REVIEW', result: '"work"' })
    await expect(resubmitJob(desk, owner, id, { undo: true })).rejects.toMatchObject({
      reason: 'wrong_status',
    })
  })
})
