import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { completeJob } from '~/domain/jobs/complete.server'
import { type ExportedJob, exportJobs } from '~/domain/jobs/export.server'
import type { JobFilter } from '~/domain/jobs/list-filter'
import { findJob } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let desk: TestDesk['desk']
  let close: TestDesk['close']
  let owner: UserActor
  let admin: UserActor
  const ids: string[] = []

  beforeAll(async () => {
    ;({ desk, close } = await testDesk(on))
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
    const agent = await addAgent(desk, 'Agent')
    for (let n = 0; n < 250; n++) {
      const tags = n % 50 === 0 ? ['rare'] : []
      ids.unshift(await handIn(desk, owner, { name: `Job ${n}`, agentId: agent.id, tags }))
    }
    await handIn(desk, await addUser(desk, 'Sam'))
  })
  afterAll(() => close())

  async function slicesOf(actor: UserActor, filter: JobFilter = {}, scope: 'own' | 'all' = 'own') {
    const slices: ExportedJob[][] = []
    for await (const slice of exportJobs(desk, actor, { scope, filter })) slices.push(slice)
    return slices
  }
  const idsOf = (slices: ExportedJob[][]) => slices.flat().map(({ id }) => id)

  test('every job of the list once, newest first, twenty-five at a time', async () => {
    const slices = await slicesOf(owner)
    expect(idsOf(slices)).toEqual(ids)
    expect(Math.max(...slices.map(({ length }) => length))).toBe(25)
  })

  test('of a filter only what it lets in; everyone’s for admins alone', async () => {
    const rare = ids.filter((_, at) => (ids.length - 1 - at) % 50 === 0)
    expect(idsOf(await slicesOf(owner, { tags: ['rare'] }))).toEqual(rare)
    expect(idsOf(await slicesOf(owner, { statuses: ['FAILED'] }))).toEqual([])
    expect(idsOf(await slicesOf(admin, {}, 'all'))).toHaveLength(251)
    await expect(slicesOf(owner, {}, 'all')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a job is as its page has it', async () => {
    const [first] = (await slicesOf(owner)).flat()
    const { waitingFor: _, ...shown } = await findJob(desk, owner, ids[0] as string)
    expect(first).toMatchObject(shown)
    expect(first?.ownerEmail).toBe(`${owner.id}@example.com`)
  })

  test('big ones come by themselves, so that little is held at once', async () => {
    const big = ids.slice(0, 5)
    for (const id of big) {
      await completeJob(desk, admin, id, { reason: 'big', result: JSON.stringify('x'.repeat(200_000)) })
    }
    const slices = await slicesOf(owner, { statuses: ['COMPLETED'] })
    expect(idsOf(slices)).toEqual(big)
    expect(slices.map(({ length }) => length)).toEqual([2, 2, 1])
  })

  test('other work comes in between', async () => {
    let turns = 0
    const ticking = setInterval(() => turns++, 0)
    await slicesOf(owner)
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(1)
  })

  test('one that leaves early reads no further', async () => {
    const jobs = exportJobs(desk, owner, { scope: 'own', filter: {} })
    expect((await jobs.next()).done).toBe(false)
    await jobs.return()
    expect(await jobs.next()).toEqual({ done: true, value: undefined })
  })
})
