import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { runAttempt } from '~/dispatch/run.server'
import type { Claim } from '~/domain/attempts/brief'
import { drainAttempt, expireAttempts } from '~/domain/attempts/interrupt.server'
import { ownLease } from '~/domain/attempts/lease'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { NewerVersion } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

/** Another process migrates the database that this one works on. */

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let agent: AgentActor
  let job: string
  let held: Claim
  const noticed = vi.fn()

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    await migrate(desk.db)
    noticed.mockClear()
    desk.db.version.onSuperseded(noticed)
    owner = await addUser(desk, 'Olive')
    agent = await addAgent(desk, 'Painter')
    job = await handIn(desk, owner)
    const [claimed] = await claim(desk, agent)
    held = claimed as Claim
  })
  afterEach(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const beginNewer = () =>
    desk.db.write({
      repeatable: true,
      statements: [{ sql: "INSERT INTO migrations VALUES (9999, 'later', 0)", args: [] }],
    })
  const stateOfJob = async () => {
    const { status, failures } = await findJob(desk, owner, job)
    const [attempt] = (await jobAttempts(desk, owner, job)).rows
    return { status, failures, outcome: attempt?.outcome, result: attempt?.result }
  }

  test('it claims nothing from the moment a newer migration begins, and takes no lapsed lease back', async () => {
    await handIn(desk, owner)
    await beginNewer()
    expect(await claim(desk, agent)).toEqual([])
    stage.advance(ownLease.lengthMs + 1)
    expect(await expireAttempts(desk)).toEqual([])
    expect(await stateOfJob()).toMatchObject({ status: 'IN_PROGRESS', outcome: 'RUNNING' })
  })

  test.each<[string, () => Promise<unknown>]>([
    ['a result', () => submitAttempt(desk, agent, held.lease, { result: '"a picture"' })],
    ['a failure', () => failAttempt(desk, agent, held.lease, { reason: 'no', retryable: false })],
    ['a question', () => requestInput(desk, agent, held.lease, { question: 'Which color?' })],
    ['a release', () => releaseAttempt(desk, agent, held.lease, { reason: 'busy' })],
  ])('%s is refused, not as a lost lease, and nothing changes', async (_, settle) => {
    await beginNewer()
    await expect(settle()).rejects.toBeInstanceOf(NewerVersion)
    expect(await stateOfJob()).toMatchObject({ status: 'IN_PROGRESS', failures: 0, outcome: 'RUNNING' })
    expect(desk.db.version.isSuperseded).toBe(true)
    await desk.db.version.look()
    expect(noticed).toHaveBeenCalledTimes(1)
  })

  test('what runs is given back, and never counted as a failure', async () => {
    await beginNewer()
    await desk.db.version.look()
    await drainAttempt(desk, held.lease)
    expect(await stateOfJob()).toEqual({ status: 'PENDING', failures: 0, outcome: 'DRAINED', result: null })
    const { rows } = await jobLogs(desk, owner, job, { order: 'newest' })
    expect(rows[0]?.message).toBe(
      'A newer version of Docket took over during this attempt. It does not count as a failure, and the job runs again.',
    )
  })

  test('a result that can no longer be handed in is kept with its attempt, and the job is given back', async () => {
    const faults: unknown[] = []
    const running = runAttempt({
      desk,
      adapter: {
        kind: 'toolbox',
        test: async () => ({ ok: true, message: '' }),
        run: async () => {
          await beginNewer()
          return { type: 'submit', result: '"a picture"' }
        },
      },
      agent: { id: agent.id, name: agent.name, config: '{}' },
      claim: held,
      workRoot: '/nowhere',
      onError: (error) => faults.push(error),
    })
    await running.ended
    expect(faults).toEqual([])
    expect(await stateOfJob()).toEqual({
      ...{ status: 'PENDING', failures: 0, outcome: 'DRAINED', result: '"a picture"' },
    })
  })

  test('closed, it reads and writes nothing more', async () => {
    await beginNewer()
    await desk.db.version.look()
    desk.db.version.close()
    await expect(desk.db.all('SELECT 1')).rejects.toBeInstanceOf(NewerVersion)
    await expect(desk.db.write({ repeatable: true, statements: [] })).rejects.toBeInstanceOf(NewerVersion)
    // the check at the end reads again
    await stage.close()
    stage = await testDesk(on)
    desk = stage.desk
  })
})
