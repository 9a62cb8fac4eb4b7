import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAudit } from '~/domain/audit-queries.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { dropBatch } from '~/domain/batches/drop.server'
import { freezeBatch, type NewBatch, previewBatch } from '~/domain/batches/freeze.server'
import { newBatchForm, newBatchJson } from '~/domain/batches/input'
import { batchItems, findBatch, listBatches } from '~/domain/batches/queries.server'
import { stopBatch } from '~/domain/batches/stop.server'
import { Conflict, Forbidden, Invalid, NotFound } from '~/domain/errors'
import { sweepExpired } from '~/domain/housekeeping.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import type { Page } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { dayOf } from '~/domain/zones/calendar'
import { localText } from '~/domain/zones/clock'
import { addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

let stage: TestDesk
let desk: TestDesk['desk']
let olive: UserActor
let sam: UserActor
let ada: UserActor

beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  olive = await addUser(desk, 'Olive')
  sam = await addUser(desk, 'Sam')
  ada = await addUser(desk, 'Ada', 'ADMIN')
})
afterAll(async () => {
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

const jobs = (owner: UserActor, count: number) =>
  Promise.all(Array.from({ length: count }, () => handIn(desk, owner)))
const canceled = async (owner: UserActor, count: number) => {
  const ids = await jobs(owner, count)
  for (const id of ids) await cancelJob(desk, owner, id, {})
  return ids
}
const own = (ids: string[], verb: NewBatch['verb'] = 'cancel'): NewBatch => ({ scope: 'own', verb, ids })

test('the ids are frozen, and it is said how many can be done and why the others can not', async () => {
  const open = await jobs(olive, 3)
  const closed = await canceled(olive, 2)
  const foreign = await jobs(sam, 1)
  const picked = [...open, ...open, ...closed, ...foreign, 'no-such-job']
  const id = await freezeBatch(desk, olive, own(picked))
  const expected = {
    eligible: 3,
    ineligible: [
      {
        reason:
          'You can cancel a job that is pending, assigned, in progress, input required or in review; this one is canceled.',
        count: 2,
      },
      { reason: 'There is no such job, or it is not yours.', count: 2 },
    ],
  }
  expect(await findBatch(desk, olive, id)).toMatchObject({
    ...{ id, actorName: 'Olive', scope: 'own', verb: 'cancel', args: {}, state: 'DRAFT', total: 5 },
    ...{ filter: null, retryOf: null, preview: expected, done: 0, refused: 0, startedAt: null },
  })
  const { rows } = await batchItems(desk, olive, id)
  expect(rows.map(({ jobId }) => jobId)).toEqual([...open, ...closed].sort())
  // a dry run says the same and keeps nothing
  const before = await desk.db.first('SELECT count(*) AS n FROM batches')
  expect(await previewBatch(desk, olive, own(picked))).toEqual({ total: 5, preview: expected })
  expect(await desk.db.first('SELECT count(*) AS n FROM batches')).toEqual(before)
})

test('a filter freezes what matches it, all pages of it', async () => {
  const owner = await addUser(desk, 'Fil')
  await canceled(owner, 3)
  const open = await jobs(owner, 40)
  const id = await freezeBatch(desk, owner, { scope: 'own', verb: 'cancel', query: 'status=PENDING' })
  const batch = await findBatch(desk, owner, id)
  expect(batch).toMatchObject({
    total: 40,
    filter: 'status=PENDING',
    preview: { eligible: 40, ineligible: [] },
  })
  // whatever comes later is no part of it
  await jobs(owner, 1)
  const { rows } = await batchItems(desk, owner, id, { limit: 100 })
  expect(rows.map(({ jobId }) => jobId)).toEqual([...open].sort())
  const wrong = { scope: 'own', verb: 'cancel', query: 'status=NONSENSE' } as const
  await expect(freezeBatch(desk, owner, wrong)).rejects.toThrow(Invalid)
})

test('a filter by day takes the days of its zone, and keeps the zone', async () => {
  const owner = await addUser(desk, 'Zoe')
  await jobs(owner, 2)
  const { from } = dayOf(desk.now(), 'Pacific/Kiritimati')
  const wanted = { scope: 'own', verb: 'cancel', query: 'created=today' } as const
  const filterOf = async (timeZone?: string) =>
    (await findBatch(desk, owner, await freezeBatch(desk, owner, { ...wanted, timeZone }))).filter
  expect(await filterOf('Pacific/Kiritimati')).toBe('created=today&timeZone=Pacific%2FKiritimati')
  expect(await filterOf()).toBe('created=today&timeZone=UTC')
  const local = { ...wanted, query: `created=<${localText(from, 'Pacific/Kiritimati')}` }
  const total = async (timeZone: string) => (await previewBatch(desk, owner, { ...local, timeZone })).total
  // that day begins by its own clocks before the jobs were made; by those of Honolulu it is yet to come
  expect([await total('Pacific/Kiritimati'), await total('Pacific/Honolulu')]).toEqual([0, 2])
})

test('more jobs than a batch takes are refused, and nothing is kept of them', async () => {
  const ids = Array.from({ length: 10_001 }, (_, n) => `job-${n}`)
  await expect(freezeBatch(desk, olive, own(ids))).rejects.toThrow(Invalid)
  expect(newBatchForm.safeParse({ verb: 'cancel', scope: 'own', id: ids }).success).toBe(false)
  expect(newBatchJson.safeParse({ verb: 'cancel', ids }).success).toBe(false)
  expect(newBatchJson.safeParse({ verb: 'cancel' }).success).toBe(false)
  expect(newBatchJson.safeParse({ verb: 'cancel', ids: [], filter: 'q=x' }).success).toBe(false)
})

test('everyone’s jobs are for admins, and so are their verbs', async () => {
  const ids = await jobs(olive, 1)
  const all = { scope: 'all', verb: 'cancel', ids } as const
  await expect(freezeBatch(desk, olive, all)).rejects.toThrow(NotFound)
  await expect(freezeBatch(desk, olive, own(ids, 'reassign'))).rejects.toThrow(Forbidden)
  await expect(freezeBatch(desk, olive, own(ids, 'complete'))).rejects.toThrow(
    'Only an admin can complete a job.',
  )
  // of their own jobs admins do what owners do: the desk is where they may do more
  await expect(freezeBatch(desk, ada, own(ids, 'complete'))).rejects.toThrow(Forbidden)
  expect((await findBatch(desk, ada, await freezeBatch(desk, ada, all))).total).toBe(1)
})

test('an admin’s batch counts what an admin may do', async () => {
  const agent = await addAgent(desk, 'Runs')
  const [id = ''] = await jobs(olive, 1)
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: 'UPDATE jobs SET priority = 9 WHERE id = ?', args: [id] }],
  })
  await claim(desk, agent, 1)
  const wanted = { verb: 'resubmit' as const, ids: [id] }
  const asOwner = await previewBatch(desk, olive, { scope: 'own', ...wanted })
  const asAdmin = await previewBatch(desk, ada, { scope: 'all', ...wanted })
  expect([asOwner.preview.eligible, asAdmin.preview.eligible]).toEqual([0, 1])
})

test('a draft is its maker’s alone; dropped, it is gone with its lines', async () => {
  const id = await freezeBatch(desk, olive, own(await jobs(olive, 2)))
  for (const other of [sam, ada]) {
    await expect(findBatch(desk, other, id)).rejects.toThrow(NotFound)
    await expect(confirmBatch(desk, other, id, {})).rejects.toThrow(NotFound)
    await expect(dropBatch(desk, other, id)).rejects.toThrow(NotFound)
  }
  expect((await listBatches(desk, olive)).rows).toEqual([])
  await dropBatch(desk, olive, id)
  await expect(findBatch(desk, olive, id)).rejects.toThrow(NotFound)
  expect(await desk.db.all('SELECT * FROM batch_items WHERE batchId = ?', [id])).toEqual([])
})

test('a verb that needs something is not started without it', async () => {
  const agent = await addAgent(desk, 'Heir')
  const gone = await addAgent(desk, 'Gone')
  await setAgentState(desk, gone, 'RETIRED')
  const ids = await jobs(olive, 1)
  const draft = (verb: NewBatch['verb']) => freezeBatch(desk, ada, { scope: 'all', verb, ids })
  const reassign = await draft('reassign')
  const complete = await draft('complete')
  const priority = await draft('priority')
  const tag = await draft('addTag')
  const refusals = [
    [reassign, {}, 'agentId'],
    [reassign, { agentId: '' }, 'agentId'],
    [reassign, { agentId: gone.id }, 'agentId'],
    [complete, { reason: ' ' }, 'reason'],
    [priority, { priority: '10' }, 'priority'],
    [priority, { priority: '' }, 'priority'],
    [tag, { tag: 'two words' }, 'tag'],
  ] as const
  for (const [id, input, field] of refusals) {
    const error = await confirmBatch(desk, ada, id, input).catch((each: unknown) => each)
    expect((error as Invalid).fields, JSON.stringify(input)).toHaveProperty(field)
    expect((await findBatch(desk, ada, id)).state).toBe('DRAFT')
  }
  await confirmBatch(desk, ada, reassign, { agentId: agent.id, reason: 'not asked for' })
  await confirmBatch(desk, ada, priority, { priority: '7' })
  await confirmBatch(desk, ada, tag, { tag: ' Invoices ' })
  expect(await findBatch(desk, ada, reassign)).toMatchObject({
    ...{ state: 'RUNNING', args: { agentId: agent.id }, startedAt: desk.now() },
    agentName: expect.stringContaining('Heir'),
  })
  expect((await findBatch(desk, ada, priority)).args).toEqual({ priority: 7 })
  expect((await findBatch(desk, ada, tag)).args).toEqual({ tag: 'invoices' })
})

test('confirmed twice it starts once; with something else it is a conflict', async () => {
  const ids = await jobs(olive, 1)
  const id = await freezeBatch(desk, ada, { scope: 'all', verb: 'priority', ids })
  await Promise.all([1, 2].map(() => confirmBatch(desk, ada, id, { priority: 3 })))
  await confirmBatch(desk, ada, id, { priority: 3 })
  await expect(confirmBatch(desk, ada, id, { priority: 4 })).rejects.toThrow(Conflict)
  await expect(dropBatch(desk, ada, id)).rejects.toThrow(Conflict)
  const { rows } = await listAudit(desk, ada, { subject: id })
  expect(rows).toMatchObject([
    { action: 'batch.start', actorId: ada.id, detail: { verb: 'priority', jobs: 1 } },
  ])
})

test('stopped once, by its maker or an admin', async () => {
  const id = await freezeBatch(desk, olive, own(await jobs(olive, 1)))
  await expect(stopBatch(desk, olive, id)).rejects.toThrow(Conflict)
  await confirmBatch(desk, olive, id, {})
  await expect(stopBatch(desk, sam, id)).rejects.toThrow(NotFound)
  await stopBatch(desk, ada, id)
  expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'STOPPED', note: 'Stopped by Ada.' })
  await expect(stopBatch(desk, olive, id)).rejects.toThrow(Conflict)
  expect((await listAudit(desk, ada, { subject: id })).rows).toMatchObject([{ action: 'batch.stop' }])
})

test('lists go by pages, newest first; everyone’s are for admins', async () => {
  const maker = await addUser(desk, 'Mae')
  const made: string[] = []
  for (let n = 0; n < 5; n++) {
    stage.advance(1)
    const id = await freezeBatch(desk, maker, own(await jobs(maker, 1)))
    await confirmBatch(desk, maker, id, {})
    made.unshift(id)
  }
  const all = await walk((cursor) => listBatches(desk, maker, { cursor, limit: 2 }))
  expect(all.map(({ id }) => id)).toEqual(made)
  await expect(listBatches(desk, maker, { scope: 'all' })).rejects.toThrow(NotFound)
  const [newest] = (await listBatches(desk, ada, { scope: 'all' })).rows
  expect(newest?.id).toBe(made[0])
  expect((await findBatch(desk, ada, made[0] as string)).actorName).toBe('Mae')
  await expect(findBatch(desk, sam, made[0] as string)).rejects.toThrow(NotFound)
})

test('who is no admin any more sees nothing of everyone’s jobs', async () => {
  const boss = await addUser(desk, 'Bo', 'ADMIN')
  const id = await freezeBatch(desk, boss, { scope: 'all', verb: 'cancel', ids: await jobs(olive, 1) })
  await confirmBatch(desk, boss, id, {})
  expect((await listBatches(desk, boss)).rows).toHaveLength(1)
  const demoted: UserActor = { ...boss, role: 'USER' }
  await expect(findBatch(desk, demoted, id)).rejects.toThrow(NotFound)
  await expect(batchItems(desk, demoted, id)).rejects.toThrow(NotFound)
  expect((await listBatches(desk, demoted)).rows).toEqual([])
})

test('lines go by pages, by outcome or all', async () => {
  const ids = await jobs(sam, 7)
  const id = await freezeBatch(desk, sam, own(ids))
  for (const outcome of [undefined, 'PENDING'] as const) {
    const all = await walk((cursor) => batchItems(desk, sam, id, { outcome, cursor, limit: 3 }))
    expect(all.map(({ jobId }) => jobId)).toEqual([...ids].sort())
    expect(all[0]).toMatchObject({ jobName: 'A job', jobStatus: 'PENDING', outcome: null, reason: null })
  }
  expect((await batchItems(desk, sam, id, { outcome: 'DONE' })).rows).toEqual([])
  await expect(batchItems(desk, sam, id, { cursor: 'nonsense' })).rejects.toThrow(Invalid)
})

test('a draft that nobody confirmed goes after a day', async () => {
  const forgotten = await freezeBatch(desk, olive, own(await jobs(olive, 3)))
  const started = await freezeBatch(desk, olive, own(await jobs(olive, 1)))
  await confirmBatch(desk, olive, started, {})
  stage.advance(24 * 3_600_000 - 1)
  const young = await freezeBatch(desk, olive, own(await jobs(olive, 1)))
  await sweepExpired(desk)
  expect((await findBatch(desk, olive, forgotten)).total).toBe(3)
  stage.advance(2)
  await sweepExpired(desk)
  await expect(findBatch(desk, olive, forgotten)).rejects.toThrow(NotFound)
  expect(await desk.db.all('SELECT * FROM batch_items WHERE batchId = ?', [forgotten])).toEqual([])
  expect((await findBatch(desk, olive, started)).state).toBe('RUNNING')
  expect((await findBatch(desk, olive, young)).state).toBe('DRAFT')
})

/** Every row of a list, page by page, and that the way back is the same. */
async function walk<Row>(read: (cursor: string | null) => Promise<Page<Row>>): Promise<Row[]> {
  const all: Row[] = []
  let page = await read(null)
  for (;;) {
    all.push(...page.rows)
    if (!page.nextCursor) break
    const next = await read(page.nextCursor)
    expect((await read(next.prevCursor)).rows).toEqual(page.rows)
    page = next
  }
  return all
}
