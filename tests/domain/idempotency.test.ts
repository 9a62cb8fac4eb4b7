import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Conflict, Invalid } from '~/domain/errors'
import { sweepExpired } from '~/domain/housekeeping.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob, createJobs, type Idempotency } from '~/domain/jobs/create.server'
import { listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

const input = { name: 'A job', description: 'd', acceptanceCriteria: 'c' }
const hour = 3_600_000

describe.each(['file', 'server'] as const)('a repeated hand-in, on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
  })
  afterAll(() => stage.close())

  const keyed = (key: string, bodyHash = 'one', route = 'POST /api/jobs'): Idempotency => ({
    key,
    bodyHash,
    route,
    answer: (job) => ({ status: 201, body: JSON.stringify({ id: job.id, status: job.status }) }),
  })
  const jobsOf = async (owner: UserActor) => (await listJobs(desk, owner, { scope: 'own', limit: 100 })).rows

  test('gets the same answer and makes no second job, whatever became of the first', async () => {
    const owner = await addUser(desk, 'Olive')
    const first = await createJob(desk, owner, input, keyed('k'))
    expect(first.job?.id).toBe(first.id)
    await cancelJob(desk, owner, first.id, {})
    stage.advance(hour)
    const again = await createJob(desk, owner, input, keyed('k'))
    expect(again).toEqual({ job: null, id: first.id, answer: first.answer })
    expect(await jobsOf(owner)).toHaveLength(1)
  })

  test('many at once make one job, and all get its answer', async () => {
    const owner = await addUser(desk, 'Olive')
    const all = await Promise.all(Array.from({ length: 8 }, () => createJob(desk, owner, input, keyed('k'))))
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
    expect(new Set(all.map(({ answer }) => answer?.body)).size).toBe(1)
    expect(all.filter(({ job }) => job !== null)).toHaveLength(1)
    expect(await jobsOf(owner)).toHaveLength(1)
  })

  test('with another body is a conflict that names the job', async () => {
    const owner = await addUser(desk, 'Olive')
    const { id } = await createJob(desk, owner, input, keyed('k'))
    const refused = await createJob(desk, owner, input, keyed('k', 'two')).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(Conflict)
    expect(refused).toMatchObject({ reason: 'idempotency_key_reused', jobId: id })
    const [same, other] = await Promise.allSettled([
      createJob(desk, owner, input, keyed('race', 'one')),
      createJob(desk, owner, input, keyed('race', 'two')),
    ])
    expect([same.status, other.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await jobsOf(owner)).toHaveLength(2)
  })

  test("a key is a user's own, and a route's own", async () => {
    const [owner, other] = [await addUser(desk, 'Olive'), await addUser(desk, 'Otto')]
    await createJob(desk, owner, input, keyed('k'))
    await createJob(desk, other, input, keyed('k'))
    await createJob(desk, owner, input, keyed('k', 'one', '/jobs/new'))
    expect(await jobsOf(owner)).toHaveLength(2)
    expect(await jobsOf(other)).toHaveLength(1)
  })

  test('lives for 24 hours, and is swept after', async () => {
    const owner = await addUser(desk, 'Olive')
    const { id } = await createJob(desk, owner, input, keyed('k'))
    const kept = async () =>
      (await desk.db.all('SELECT key FROM idempotency_keys WHERE userId = ?', [owner.id])).length
    stage.advance(24 * hour)
    await sweepExpired(desk)
    expect(await kept()).toBe(1)
    expect((await createJob(desk, owner, input, keyed('k'))).id).toBe(id)
    stage.advance(1)
    // before any sweep: an old key is as none
    const next = await createJob(desk, owner, input, keyed('k', 'two'))
    expect(next.id).not.toBe(id)
    stage.advance(24 * hour + 1)
    await sweepExpired(desk)
    expect(await kept()).toBe(0)
  })

  test('a hand-in that was refused leaves its key free', async () => {
    const owner = await addUser(desk, 'Olive')
    const refused = createJob(desk, owner, { ...input, agentId: 'nobody' }, keyed('k'))
    await expect(refused).rejects.toThrow(Invalid)
    expect(await jobsOf(owner)).toEqual([])
    const agent = await addAgent(desk, 'Agent')
    const made = await createJob(desk, owner, { ...input, agentId: agent.id }, keyed('k', 'corrected'))
    expect(made.job).toMatchObject({ status: 'ASSIGNED', assignedAgentId: agent.id })
  })

  test('without a key each makes a job', async () => {
    const owner = await addUser(desk, 'Olive')
    await Promise.all([createJob(desk, owner, input), createJob(desk, owner, input)])
    expect(await jobsOf(owner)).toHaveLength(2)
  })

  test('an agent must be there and not retired; a paused one will do; many are handed in whole or not at all', async () => {
    const owner = await addUser(desk, 'Olive')
    const [paused, retired] = [await addAgent(desk, 'P', { state: 'PAUSED' }), await addAgent(desk, 'R')]
    await setAgentState(desk, retired, 'RETIRED')
    await createJob(desk, owner, { ...input, agentId: paused.id })
    await expect(createJob(desk, owner, { ...input, agentId: retired.id })).rejects.toThrow(Invalid)
    await expect(createJobs(desk, owner, [input, { ...input, agentId: retired.id }, input])).rejects.toThrow(
      Invalid,
    )
    expect(await jobsOf(owner)).toHaveLength(1)
  })
})
