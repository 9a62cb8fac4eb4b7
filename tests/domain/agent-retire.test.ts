import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { moveJobsOfRetired } from '~/domain/agents/move-jobs.server'
import { pauseAgent, resumeAgent } from '~/domain/agents/pause.server'
import { findAgent } from '~/domain/agents/queries.server'
import { retireAgent } from '~/domain/agents/retire.server'
import { workloadOf } from '~/domain/agents/stats.server'
import { failAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import type { Desk } from '~/domain/desk'
import { Forbidden, NotFound } from '~/domain/errors'
import { answerJob } from '~/domain/jobs/answer.server'
import { createJobs } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import { mostWaiting } from '~/domain/overview/view'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

let stage: TestDesk
let desk: Desk
let admin: UserActor
let owner: UserActor
let leaver: AgentActor
let heir: AgentActor

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    admin = await addUser(desk, 'Ada', 'ADMIN')
    owner = await addUser(desk, 'Olive')
    leaver = await addAgent(desk, 'Leaver', { concurrency: 100 })
    heir = await addAgent(desk, 'Heir')
  })
  afterEach(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const job = (id: string) => findJob(desk, admin, id)
  const lastWords = async (id: string) =>
    (await jobLogs(desk, admin, id, { order: 'newest', limit: 1 })).rows[0]
  const nameOf = async ({ id }: AgentActor) => (await findAgent(desk, id)).name
  const waiting = async ({ id }: AgentActor) => (await workloadOf(desk, id)).waiting

  test('what waits goes to the successor, with a log row each; what runs is finished', async () => {
    const running = await handIn(desk, owner, { agentId: leaver.id, priority: 9 })
    const [held] = await claim(desk, leaver, 1, false)
    const later = desk.now() + 60_000
    const waits = await handIn(desk, owner, { agentId: leaver.id, runAfter: later })
    const elsewhere = await handIn(desk, owner, { agentId: heir.id })

    const retired = await retireAgent(desk, admin, leaver.id, { successorId: heir.id, version: 1 })
    expect(retired).toMatchObject({
      state: 'RETIRED',
      version: 2,
      successor: { id: heir.id, name: await nameOf(heir), state: 'ACTIVE' },
      running: 1,
    })
    expect(await job(waits)).toMatchObject({
      status: 'ASSIGNED',
      assignedAgentId: heir.id,
      version: 2,
      runAfter: later,
    })
    expect(await lastWords(waits)).toMatchObject({
      kind: 'reassign',
      actorKind: 'system',
      message: `${await nameOf(leaver)} was retired; assigned to ${await nameOf(heir)}.`,
    })
    expect(await job(elsewhere)).toMatchObject({ version: 1 })
    expect(await desk.db.all(`SELECT action, actorId, subjectId, detail FROM audit`)).toEqual([
      {
        action: 'agent.retire',
        actorId: admin.id,
        subjectId: leaver.id,
        detail: JSON.stringify({ successorId: heir.id }),
      },
    ])
    if (!held) throw new Error('not claimed')
    await submitAttempt(desk, leaver, held.lease, { result: '1' })
    expect(await job(running)).toMatchObject({ status: 'IN_REVIEW' })
  })

  test('without a successor it is anybody’s, and the log says so once', async () => {
    const id = await handIn(desk, owner, { agentId: leaver.id })
    await retireAgent(desk, admin, leaver.id, {})
    expect(await job(id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
    const message = `${await nameOf(leaver)} was retired; any agent that takes unassigned jobs may do it.`
    expect(await lastWords(id)).toMatchObject({ message })
    expect(await claim(desk, heir)).toHaveLength(1)
  })

  test('more than a slice of them moves whole', async () => {
    const input = { name: 'A job', description: 'd', acceptanceCriteria: 'c', agentId: leaver.id }
    await createJobs(
      desk,
      owner,
      Array.from({ length: 1201 }, () => input),
    )
    expect(await workloadOf(desk, leaver.id)).toMatchObject({ waiting: mostWaiting })
    await retireAgent(desk, admin, leaver.id, { successorId: heir.id })
    expect(await waiting(leaver)).toBe(0)
    expect(
      await desk.db.all('SELECT status, count(*) AS n FROM jobs WHERE assignedAgentId = ? GROUP BY status', [
        heir.id,
      ]),
    ).toEqual([{ status: 'ASSIGNED', n: 1201 }])
  })

  test('a paused successor is taken; a retired, unknown or same one is not, and nothing happens', async () => {
    const id = await handIn(desk, owner, { agentId: leaver.id })
    const gone = await addAgent(desk, 'Gone', { state: 'RETIRED' })
    for (const successorId of [gone.id, leaver.id, 'nobody']) {
      await expect(retireAgent(desk, admin, leaver.id, { successorId })).rejects.toMatchObject({
        fields: { successorId: [expect.any(String)] },
      })
    }
    expect(await findAgent(desk, leaver.id)).toMatchObject({ state: 'ACTIVE', version: 1, successor: null })
    expect(await job(id)).toMatchObject({ version: 1 })
    await setAgentState(desk, heir, 'PAUSED')
    await retireAgent(desk, admin, leaver.id, { successorId: heir.id })
    expect(await job(id)).toMatchObject({ status: 'ASSIGNED', assignedAgentId: heir.id })
  })

  test('it is refused twice, on an older version, to people who are no admins; afterwards it stays as it is', async () => {
    await expect(retireAgent(desk, owner, leaver.id, {})).rejects.toBeInstanceOf(Forbidden)
    await expect(retireAgent(desk, admin, 'nobody', {})).rejects.toBeInstanceOf(NotFound)
    await expect(retireAgent(desk, admin, leaver.id, { version: 7 })).rejects.toMatchObject({
      reason: 'stale_version',
    })
    await retireAgent(desk, admin, leaver.id, {})
    for (const again of [retireAgent, pauseAgent, resumeAgent]) {
      await expect(again(desk, admin, leaver.id, {})).rejects.toMatchObject({ reason: 'wrong_status' })
    }
    expect(await findAgent(desk, leaver.id)).toMatchObject({ state: 'RETIRED', version: 2 })
    expect(await desk.db.all('SELECT action FROM audit')).toHaveLength(1)
  })

  test('of several at once one retires it', async () => {
    await handIn(desk, owner, { agentId: leaver.id })
    const others = await Promise.all([1, 2, 3].map((n) => addAgent(desk, `Heir ${n}`)))
    const tries = await Promise.allSettled(
      others.map(({ id }) => retireAgent(desk, admin, leaver.id, { successorId: id })),
    )
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const { successor } = await findAgent(desk, leaver.id)
    expect(await desk.db.all('SELECT assignedAgentId FROM jobs')).toEqual([
      { assignedAgentId: successor?.id },
    ])
  })

  test('after a crash between the two steps a sweep moves what was left', async () => {
    const ids = [
      await handIn(desk, owner, { agentId: leaver.id }),
      await handIn(desk, owner, { agentId: leaver.id }),
    ]
    await retiredInTheDatabase(leaver, heir)
    expect(await waiting(leaver)).toBe(2)
    await Promise.all([moveJobsOfRetired(desk), moveJobsOfRetired(desk), moveJobsOfRetired(desk)])
    for (const id of ids) expect(await job(id)).toMatchObject({ assignedAgentId: heir.id, version: 2 })
    await moveJobsOfRetired(desk)
    for (const id of ids) expect(await job(id)).toMatchObject({ version: 2 })
  })

  test('jobs go down the line of successors to the first that is not retired, and never round', async () => {
    const next = await addAgent(desk, 'Next')
    const first = await handIn(desk, owner, { agentId: leaver.id })
    await retiredInTheDatabase(leaver, heir)
    await retiredInTheDatabase(heir, next)
    await moveJobsOfRetired(desk)
    expect(await job(first)).toMatchObject({ assignedAgentId: next.id })
    const second = await handIn(desk, owner, { agentId: next.id })
    await retiredInTheDatabase(next, leaver)
    await moveJobsOfRetired(desk)
    for (const id of [first, second]) {
      expect(await job(id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
    }
  })

  test('whatever comes back to it afterwards is anybody’s, with a note', async () => {
    const names = ['failed', 'answered', 'sent back'] as const
    const ids = await Promise.all(names.map(() => handIn(desk, owner, { agentId: leaver.id })))
    const held = await claim(desk, leaver, 3, false)
    const lease = (at: number) => {
      const found = held.find(({ lease }) => lease.jobId === ids[at])?.lease
      if (!found) throw new Error('not claimed')
      return found
    }
    await requestInput(desk, leaver, lease(1), { question: 'Which?' })
    await submitAttempt(desk, leaver, lease(2), { result: '1' })
    await retireAgent(desk, admin, leaver.id, { successorId: heir.id })
    await failAttempt(desk, leaver, lease(0), { reason: 'no', retryable: true })
    await answerJob(desk, owner, ids[1] as string, { answer: 'This' })
    await sendBackJob(desk, owner, ids[2] as string, { feedback: 'More' })
    for (const id of ids) {
      expect(await job(id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
      expect((await lastWords(id))?.message).toContain('Its agent is retired')
    }
  })

  test('a job handed in or changed at the same moment never waits for it', async () => {
    const before = await handIn(desk, owner)
    const [, ...others] = await Promise.allSettled([
      retireAgent(desk, admin, leaver.id, { successorId: heir.id }),
      ...Array.from({ length: 20 }, () => handIn(desk, owner, { agentId: leaver.id })),
      editJob(desk, owner, before, { agentId: leaver.id }),
    ])
    expect(others).toHaveLength(21)
    await moveJobsOfRetired(desk)
    expect(await waiting(leaver)).toBe(0)
  })

  /** The first of the two steps alone. */
  async function retiredInTheDatabase(agent: AgentActor, successor: AgentActor) {
    await desk.db.write({
      repeatable: true,
      statements: [
        {
          sql: "UPDATE agents SET state = 'RETIRED', successorId = ? WHERE id = ?",
          args: [successor.id, agent.id],
        },
      ],
    })
  }
})
