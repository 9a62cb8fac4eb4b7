import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { disableUser } from '~/domain/accounts/disable.server'
import { submitAttempt } from '~/domain/attempts/settle.server'
import { listAudit } from '~/domain/audit-queries.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch, type NewBatch } from '~/domain/batches/freeze.server'
import { batchItems, findBatch } from '~/domain/batches/queries.server'
import { retryBatch } from '~/domain/batches/retry.server'
import { batchesFor, letGo, workOn } from '~/domain/batches/run.server'
import { BatchRunner } from '~/domain/batches/runner.server'
import { batchLeaseMs } from '~/domain/batches/slice.server'
import { stopBatch } from '~/domain/batches/stop.server'
import type { BatchArgs } from '~/domain/batches/view'
import type { Desk } from '~/domain/desk'
import { Conflict } from '~/domain/errors'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJobs } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { tagJob } from '~/domain/jobs/tag.server'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { sentStatements } from '../support/sent-statements'
import { until } from '../support/until'

const one = { id: 'one', alone: false }
const two = { id: 'two', alone: false }

let stage: TestDesk
let desk: Desk
let olive: UserActor
let ada: UserActor

const open = async (on: 'file' | 'server') => {
  stage = await testDesk(on)
  desk = stage.desk
  olive = await addUser(desk, 'Olive')
  ada = await addUser(desk, 'Ada', 'ADMIN')
}
beforeEach(() => open('file'))
afterEach(async () => {
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

const jobs = (count: number, owner = olive) =>
  createJobs(
    desk,
    owner,
    Array.from({ length: count }, (_, n) => ({
      name: `Job ${n}`,
      description: '/stats\none two',
      acceptanceCriteria: 'It counts',
    })),
  )

async function started(actor: UserActor, wanted: NewBatch, args: BatchArgs = {}): Promise<string> {
  const id = await freezeBatch(desk, actor, wanted)
  await confirmBatch(desk, actor, id, args)
  return id
}

const canceling = (ids: string[]): NewBatch => ({ scope: 'own', verb: 'cancel', ids })

async function workUntilOver(id: string, worker = one, size = 50) {
  while ((await workOn(desk, worker, id, size)) > 0);
}

const byOutcome = async (actor: UserActor, id: string) => {
  const { rows } = await batchItems(desk, actor, id, { limit: 100 })
  return Object.fromEntries(rows.map(({ jobId, outcome, reason }) => [jobId, [outcome, reason]]))
}

test('each job gets what it would get alone, and its log says by which batch', async () => {
  const [first = '', second = ''] = await jobs(2)
  const id = await started(olive, canceling([first]))
  await workUntilOver(id)
  await cancelJob(desk, olive, second, {})
  const [inBatch, alone] = await Promise.all(
    [first, second].map(async (job) => (await jobLogs(desk, olive, job, { order: 'newest' })).rows[0]),
  )
  const same = { seq: 0, id: '', requestPayload: null, payloadBytes: 0 }
  expect({ ...inBatch, ...same }).toEqual({ ...alone, ...same })
  expect(JSON.parse(inBatch?.requestPayload ?? '')).toEqual({ batch: id })
  expect(await findBatch(desk, olive, id)).toMatchObject({
    state: 'DONE',
    done: 1,
    refused: 0,
    endedAt: desk.now(),
  })
})

test('every verb', async () => {
  const agent = await addAgent(desk, 'Heir')
  const ids = await jobs(3)
  const all = { scope: 'all' as const, ids }
  const steps: [NewBatch['verb'], BatchArgs, object][] = [
    ['priority', { priority: 7 }, { priority: 7, status: 'PENDING' }],
    ['addTag', { tag: 'urgent' }, { tags: ['urgent'] }],
    ['removeTag', { tag: 'urgent' }, { tags: [] }],
    ['reassign', { agentId: agent.id }, { assignedAgentId: agent.id, status: 'ASSIGNED' }],
    ['complete', { reason: 'Good enough' }, { status: 'COMPLETED', completedByAdmin: true }],
    ['resubmit', {}, { status: 'ASSIGNED', result: null }],
    ['cancel', {}, { status: 'CANCELED' }],
  ]
  for (const [verb, args, expected] of steps) {
    const id = await started(ada, { ...all, verb }, args)
    await workUntilOver(id, one, 2)
    expect(await findBatch(desk, ada, id), verb).toMatchObject({ state: 'DONE', done: 3, refused: 0 })
    for (const job of ids) expect(await findJob(desk, ada, job), verb).toMatchObject(expected)
  }
  const { rows } = await listAudit(desk, ada, { subject: ids[0] })
  expect(rows.map(({ action }) => action)).toEqual([
    ...['job.cancel', 'job.resubmit', 'job.complete', 'job.reassign', 'job.tag', 'job.tag', 'job.edit'],
  ])
})

test('accepting takes what waits for a review', async () => {
  const agent = await addAgent(desk, 'Agent')
  const [reviewed = '', waiting = ''] = [await handIn(desk, olive), await handIn(desk, olive)]
  const [{ lease } = { lease: null }] = await claim(desk, agent)
  if (!lease) throw new Error('nothing was claimed')
  await submitAttempt(desk, agent, lease, { result: '1' })
  const id = await started(olive, { scope: 'own', verb: 'accept', ids: [reviewed, waiting] })
  await workUntilOver(id)
  expect(await byOutcome(olive, id)).toEqual({
    [reviewed]: ['DONE', null],
    [waiting]: ['REFUSED', 'You can accept a job that is in review; this one is pending.'],
  })
})

test('what changed since it was frozen is refused, in words, and the rest is done', async () => {
  const [gone = '', canceled = '', open = ''] = await jobs(3)
  const id = await started(olive, canceling([gone, canceled, open]))
  for (const job of [gone, canceled]) await cancelJob(desk, olive, job, {})
  await purgeJob(desk, ada, gone, {})
  await workUntilOver(id)
  expect(await byOutcome(olive, id)).toEqual({
    [gone]: ['REFUSED', 'The job is not there any more.'],
    [canceled]: ['REFUSED', expect.stringContaining('this one is canceled.')],
    [open]: ['DONE', null],
  })
  expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', total: 3, done: 1, refused: 2 })
})

test('a priority’s change is told from what it was; a job that has it already is left alone, but not one that is closed', async () => {
  const [two = '', three = '', has = '', closed = ''] = await jobs(4)
  await editJob(desk, olive, two, { priority: 2 })
  await editJob(desk, olive, three, { priority: 3 })
  for (const id of [has, closed]) await editJob(desk, olive, id, { priority: 7 })
  await cancelJob(desk, olive, closed, {})
  const ids = [two, three, has, closed]
  const batch = { scope: 'all', verb: 'priority', ids } as const
  const batchId = await started(ada, batch, { priority: 7 })
  await workUntilOver(batchId)
  const told = async (id: string) =>
    (await jobLogs(desk, olive, id, { order: 'newest', limit: 1 })).rows[0]?.message
  expect(await Promise.all([two, three, has].map(told))).toEqual([
    'Changed priority from 2 to 7.',
    'Changed priority from 3 to 7.',
    'Changed priority from 0 to 7.',
  ])
  expect((await findJob(desk, olive, has)).version).toBe(2)
  const { rows } = await batchItems(desk, ada, batchId, {})
  const outcomes = new Map(rows.map(({ jobId, outcome, at }) => [jobId, [outcome, (at ?? 0) > 1000]]))
  expect(ids.map((id) => outcomes.get(id))).toEqual([
    ['DONE', true],
    ['DONE', true],
    ['DONE', true],
    ['REFUSED', true],
  ])
  const audits = await desk.db.all<{ changed: string }>(
    "SELECT detail ->> 'changed' AS changed FROM audit WHERE action = 'job.edit' AND subjectId IN (?, ?) ORDER BY 1",
    [two, three],
  )
  expect(audits.map(({ changed }) => changed)).toEqual([
    '["priority from 2 to 7"]',
    '["priority from 3 to 7"]',
  ])
})

test('a job that has the tag already counts as done and is left alone; one that is full of tags is refused', async () => {
  const [has = '', full = '', bare = ''] = await jobs(3)
  await tagJob(desk, olive, has, { add: ['urgent'] })
  await tagJob(desk, olive, full, { add: Array.from({ length: 20 }, (_, n) => `tag-${n}`) })
  const { version } = await findJob(desk, olive, has)
  const id = await started(olive, { scope: 'own', verb: 'addTag', ids: [has, full, bare] }, { tag: 'Urgent' })
  await workUntilOver(id)
  expect(await byOutcome(olive, id)).toEqual({
    [has]: ['DONE', null],
    [full]: ['REFUSED', 'It has as many tags as a job can have.'],
    [bare]: ['DONE', null],
  })
  expect((await findJob(desk, olive, has)).version).toBe(version)
})

test('stopped, it leaves the rest alone; tried again, it takes what was refused and what was left', async () => {
  const ids = (await jobs(6)).sort()
  const [refused = ''] = ids
  const id = await started(olive, canceling(ids))
  await expect(retryBatch(desk, olive, id)).rejects.toThrow(Conflict)
  await cancelJob(desk, olive, refused, {})
  await workOn(desk, one, id, 3)
  await stopBatch(desk, olive, id)
  expect(await workOn(desk, one, id, 3)).toBe(0)
  expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'STOPPED', done: 2, refused: 1 })
  for (const job of ids.slice(3)) expect((await findJob(desk, olive, job)).status).toBe('PENDING')

  const again = await retryBatch(desk, olive, id)
  expect(await findBatch(desk, olive, again)).toMatchObject({
    ...{ state: 'DRAFT', verb: 'cancel', retryOf: id, total: 4 },
    preview: { eligible: 3, ineligible: [{ count: 1 }] },
  })
  await confirmBatch(desk, olive, again, {})
  await workUntilOver(again)
  expect(await findBatch(desk, olive, again)).toMatchObject({ state: 'DONE', done: 3, refused: 1 })
  const last = await retryBatch(desk, olive, again)
  expect((await findBatch(desk, olive, last)).total).toBe(1)
})

test('what is all done has nothing to try again', async () => {
  const id = await started(olive, canceling(await jobs(2)))
  await workUntilOver(id)
  await expect(retryBatch(desk, olive, id)).rejects.toThrow('Every job of this batch is done.')
})

describe('its maker is looked at again before each slice', () => {
  test('an admin who is none any more changes nothing more', async () => {
    const boss = await addUser(desk, 'Bo', 'ADMIN')
    const id = await started(boss, { scope: 'all', verb: 'cancel', ids: await jobs(4) })
    await workOn(desk, one, id, 2)
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE users SET role = 'USER' WHERE id = ?", args: [boss.id] }],
    })
    expect(await workOn(desk, one, id, 2)).toBe(0)
    expect(await findBatch(desk, ada, id)).toMatchObject({
      ...{ state: 'STOPPED', done: 2, refused: 0, endedAt: desk.now() },
      note: 'Stopped, because Bo is no admin any more.',
    })
  })

  test('nor does who is disabled', async () => {
    const id = await started(olive, canceling(await jobs(4)))
    await workOn(desk, one, id, 2)
    const { email } = (await desk.db.first<{ email: string }>('SELECT email FROM users WHERE id = ?', [
      olive.id,
    ])) as { email: string }
    await disableUser(desk, ada, email)
    expect(await workOn(desk, one, id, 2)).toBe(0)
    const batch = await findBatch(desk, ada, id)
    expect(batch).toMatchObject({ state: 'STOPPED', done: 2, note: 'Stopped, because Olive was disabled.' })
  })

  test('and an agent that was retired gets nothing more', async () => {
    const agent = await addAgent(desk, 'Gone')
    const id = await started(
      ada,
      { scope: 'all', verb: 'reassign', ids: await jobs(4) },
      { agentId: agent.id },
    )
    await workOn(desk, one, id, 2)
    await setAgentState(desk, agent, 'RETIRED')
    expect(await workOn(desk, one, id, 2)).toBe(0)
    const batch = await findBatch(desk, ada, id)
    expect(batch).toMatchObject({
      state: 'STOPPED',
      done: 2,
      note: 'Stopped, because the agent was retired.',
    })
  })
})

describe('who works on it', () => {
  test('one at a time, until its lease lapses or it lets go', async () => {
    const id = await started(olive, canceling(await jobs(6)))
    expect(await workOn(desk, one, id, 1)).toBe(1)
    expect(await batchesFor(desk, two)).toEqual([])
    expect(await workOn(desk, two, id, 1)).toBe(0)
    stage.advance(batchLeaseMs - 1)
    expect(await workOn(desk, one, id, 1)).toBe(1)
    stage.advance(batchLeaseMs - 1)
    expect(await workOn(desk, two, id, 1)).toBe(0)
    stage.advance(1)
    expect(await batchesFor(desk, two)).toEqual([id])
    expect(await workOn(desk, two, id, 1)).toBe(1)
    // who was away too long finds it taken
    expect(await workOn(desk, one, id, 1)).toBe(0)
    await letGo(desk, two)
    expect(await workOn(desk, one, id, 9)).toBe(3)
    expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', done: 6 })
  })

  test('the owner of a file goes on at once with what a dead process held', async () => {
    const id = await started(olive, canceling(await jobs(4)))
    await workOn(desk, one, id, 2)
    const heir = { id: 'heir', alone: true }
    expect(await batchesFor(desk, heir)).toEqual([id])
    await workUntilOver(id, heir)
    expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', done: 4 })
  })
})

test('several on one server, all at it at once, do each job once, also where two think they hold it', async () => {
  await stage.close()
  await open('server')
  const ids = await jobs(60)
  // what could be done twice: no status stands in its way
  const id = await started(olive, { scope: 'own', verb: 'priority', ids }, { priority: 5 })
  const greedy = (name: string) => ({ id: name, alone: true })
  const work = async (name: string) => {
    let taken = 1
    while (taken > 0) taken = await workOn(desk, greedy(name), id, 4)
  }
  await Promise.all(['one', 'one', 'two', 'two'].map(work))
  await workUntilOver(id, greedy('last'))
  expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', done: 60, refused: 0 })
  for (const job of ids) expect((await findJob(desk, olive, job)).version).toBe(2)
})

test('a slice is as many statements for 5 jobs as for 500', async () => {
  const few = await started(olive, canceling(await jobs(10)))
  const many = await started(olive, canceling(await jobs(600)))
  // claimed before, so that it is the slice alone that is counted
  for (const id of [few, many]) await workOn(desk, one, id, 1)
  const slice = (id: string, size: number) => sentStatements(desk, () => workOn(desk, one, id, size))
  const [five, fiveHundred] = [await slice(few, 5), await slice(many, 500)]
  expect(fiveHundred.map(({ sql }) => sql)).toEqual(five.map(({ sql }) => sql))
  expect(five.length).toBeLessThanOrEqual(13)
})

describe('the runner', () => {
  const errors: unknown[] = []
  const runners: BatchRunner[] = []
  const runner = () => {
    const made = new BatchRunner({ desk, onError: (error) => errors.push(error) })
    runners.push(made)
    return made
  }
  afterEach(async () => {
    // also where the test failed: the invariants are read next
    await Promise.all(runners.splice(0).map((each) => each.stop()))
    expect(errors).toEqual([])
  })

  test('begins when a batch is confirmed, and does several in turn', async () => {
    const ids = await jobs(700)
    const running = runner()
    running.start()
    const long = await started(olive, canceling(ids.slice(0, 600)))
    const short = await started(olive, canceling(ids.slice(600)))
    await until(async () => (await findBatch(desk, olive, short)).state === 'DONE')
    await until(async () => (await findBatch(desk, olive, long)).state === 'DONE')
    expect((await findBatch(desk, olive, long)).done).toBe(600)
    await running.stop()
  })

  test('stops within its slice; the next one goes on where it was', async () => {
    const id = await started(olive, canceling(await jobs(1200)))
    const first = runner()
    first.start()
    await until(async () => (await findBatch(desk, olive, id)).done > 0)
    await first.stop()
    const { done, state } = await findBatch(desk, olive, id)
    expect(state).toBe('RUNNING')
    expect(done).toBeLessThan(1200)
    expect(await batchesFor(desk, two)).toEqual([id])
    const second = runner()
    second.start()
    await until(async () => (await findBatch(desk, olive, id)).state === 'DONE')
    await second.stop()
    expect((await findBatch(desk, olive, id)).done).toBe(1200)
  })

  test('one batch that fails keeps no other waiting', async () => {
    const broken = await started(
      olive,
      { scope: 'own', verb: 'priority', ids: await jobs(1) },
      { priority: 1 },
    )
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE batches SET args = '{}' WHERE id = ?", args: [broken] }],
    })
    const whole = await started(olive, canceling(await jobs(1)))
    const running = runner()
    running.start()
    await until(async () => (await findBatch(desk, olive, whole)).state === 'DONE')
    await running.stop()
    expect(errors.length).toBeGreaterThan(0)
    errors.length = 0
  })
})
