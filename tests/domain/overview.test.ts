import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { NotFound } from '~/domain/errors'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob } from '~/domain/jobs/review.server'
import type { Period } from '~/domain/overview/period'
import { overviewOf } from '~/domain/overview/queries.server'
import { verdictOf } from '~/domain/overview/verdict'
import type { UserActor } from '~/domain/policy'
import { createSchedule } from '~/domain/schedules/create.server'
import { runDueSchedules } from '~/domain/schedules/due.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { dayOf, hourStart } from '~/domain/zones/calendar'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { addTemplate, dropTemplate } from '../support/templates'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let admin: UserActor
  let agent: AgentActor

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    // midnight is an edge of hours and days alike
    stage.advance(14 * hour + 30 * minute)
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
    agent = await addAgent(desk, 'Agent', { takesUnassigned: false })
  })
  afterEach(() => stage.close())

  const read = () => overviewOf(desk, admin)
  const usage = JSON.stringify({ inputTokens: 100, outputTokens: 20, costUsd: 0.25 })

  async function begun(name = 'A job', by = agent) {
    const id = await handIn(desk, owner, { name, agentId: by.id })
    const [held] = await claim(desk, by)
    if (held?.job.id !== id) throw new Error('another job was claimed')
    return { id, lease: held.lease }
  }
  async function failed(name: string, by = agent) {
    const { id, lease } = await begun(name, by)
    await failAttempt(desk, by, lease, { reason: `No ${name}`, retryable: false, usage })
    return id
  }
  async function handedIn(name: string) {
    const { id, lease } = await begun(name)
    await submitAttempt(desk, agent, lease, { result: '1', usage })
    return id
  }

  test('is for admins alone', async () => {
    await expect(overviewOf(desk, owner)).rejects.toBeInstanceOf(NotFound)
  })

  test('where nothing has happened all is well', async () => {
    const overview = await read()
    expect(overview).toMatchObject({ oldestWaiting: null, firstInLine: null, retiredAgents: 0 })
    expect(Object.values(overview.open)).toEqual([0, 0, 0, 0, 0])
    expect(overview.day.buckets).toHaveLength(24)
    expect(overview.month.buckets).toHaveLength(30)
    expect(Object.values(overview.needs)).toEqual([[], [], [], [], []])
    expect(verdictOf(overview).headline).toBe('All is well.')
  })

  test('counts what came and closed by the hour and the day, and what was before', async () => {
    await acceptJob(desk, owner, await handedIn('long ago'), {})
    stage.advance(40 * day)
    await cancelJob(desk, owner, await handIn(desk, owner), {})
    stage.advance(25 * hour)
    await failed('yesterday')
    stage.advance(3 * hour)
    await acceptJob(desk, owner, await handedIn('now'), {})

    const { day: hours, month, usage: used } = await read()
    const none = { created: 0, completed: 0, failed: 0, canceled: 0 }
    expect(hours.total).toEqual({ ...none, created: 2, completed: 1, failed: 1 })
    expect(hours.before).toEqual({ ...none, created: 1, canceled: 1 })
    expect(hours.buckets.at(-1)).toMatchObject({ created: 1, completed: 1 })
    expect(hours.buckets.at(-4)).toMatchObject({ created: 1, failed: 1 })
    expect(month.total).toEqual({ created: 3, completed: 1, failed: 1, canceled: 1 })
    expect(month.before).toEqual({ ...none, created: 1, completed: 1 })
    expect(used).toEqual({
      day: { since: hours.buckets[0]?.at, inputTokens: 200, outputTokens: 40, costUsd: 0.5 },
      month: { since: month.buckets[0]?.at, inputTokens: 200, outputTokens: 40, costUsd: 0.5 },
    })
  })

  test.each([
    // the desk's clock is at 14:30 UTC of a day
    ['Asia/Kolkata', [0, 30, 150, 570]],
    ['Asia/Kathmandu', [0, 15, 135, 555]],
    ['America/St_Johns', [0, 30, 150, 690]],
    ['Australia/Adelaide', [0, 30, 150, 690]],
  ])('hours and days begin when they do in %s', async (zone, minutes) => {
    // each job is alone between two quarters of an hour
    const from = desk.now()
    const made: number[] = []
    for (const after of minutes) {
      stage.advance(from + after * minute - desk.now())
      await handIn(desk, owner)
      made.push(desk.now())
    }
    const { day: hours, month } = await overviewOf(desk, admin, zone)
    const counted = ({ buckets }: Period) => {
      const filled = buckets.filter(({ created }) => created > 0)
      return filled.map(({ at: start, created }) => ({ start, created }))
    }
    const expected = (startOf: (at: number) => number) => {
      const starts = made.map(startOf)
      return [...new Set(starts)].map((start) => ({
        start,
        created: starts.filter((each) => each === start).length,
      }))
    }
    expect(counted(hours)).toEqual(expected((at) => hourStart(at, zone)))
    expect(counted(month)).toEqual(expected((at) => dayOf(at, zone).from))
    expect([hours.exactSince, month.exactSince]).toEqual([null, null])
    // an hour that was counted before there were quarters says so, where it matters
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE job_quarters SET minutes = 60', args: [] }],
    })
    const coarse = (await overviewOf(desk, admin, zone)).day.exactSince
    expect(coarse).toBeGreaterThan(made.at(-1) as number)
    expect((await overviewOf(desk, admin)).day.exactSince).toBeNull()
  })

  test('an agent: its load, its queue and its last day; one that is retired is counted alone', async () => {
    await begun('runs')
    await failed('fails')
    await handedIn('is handed in')
    for (let n = 0; n < 3; n++) await handIn(desk, owner, { agentId: agent.id })
    const gone = await addAgent(desk, 'Gone')
    await failed('by one who is gone', gone)
    await setAgentState(desk, gone, 'RETIRED')
    const { agents, retiredAgents, usage: used, open } = await read()
    expect(agents).toMatchObject([
      { id: agent.id, state: 'ACTIVE', takesUnassigned: false, running: 1, waiting: 3, done: 1, failed: 1 },
    ])
    expect(retiredAgents).toBe(1)
    expect(used.day.inputTokens).toBe(300)
    expect(open).toEqual({ PENDING: 0, ASSIGNED: 3, IN_PROGRESS: 1, INPUT_REQUIRED: 0, IN_REVIEW: 1 })
  })

  test('the oldest that waits: since it is due, not since it was made', async () => {
    await handIn(desk, owner, { name: 'later', agentId: agent.id, runAfter: desk.now() + hour })
    await handIn(desk, owner, { name: 'much later', agentId: agent.id, runAfter: desk.now() + day })
    stage.advance(10 * minute)
    const due = await handIn(desk, owner, { name: 'due', agentId: agent.id })
    stage.advance(30 * minute)
    expect(await read()).toMatchObject({ oldestWaiting: { id: due, since: desk.now() - 30 * minute } })
    expect(verdictOf(await read()).concerns.map(({ text }) => text)).toEqual([
      'The first in the queue has waited for 30 minutes.',
    ])
    const [held] = await claim(desk, agent)
    expect(held?.job.id).toBe(due)
    expect(await read()).toMatchObject({ oldestWaiting: null })
    stage.advance(50 * minute)
    expect((await read()).oldestWaiting).toMatchObject({ name: 'later', since: desk.now() - 30 * minute })
  })

  test('the oldest that waits may wait for a person', async () => {
    const asked = await begun('asks')
    await requestInput(desk, agent, asked.lease, { question: 'Which?' })
    stage.advance(minute)
    const judged = await handedIn('is judged')
    stage.advance(minute)
    const line = await handIn(desk, owner, { agentId: agent.id })
    const oldest = async () => {
      const { oldestWaiting, firstInLine } = await read()
      return [oldestWaiting?.id, oldestWaiting?.waitsFor, firstInLine?.id]
    }
    expect(await oldest()).toEqual([asked.id, 'answer', line])
    await cancelJob(desk, owner, asked.id, {})
    expect(await oldest()).toEqual([judged, 'review', line])
    await acceptJob(desk, owner, judged, {})
    expect(await oldest()).toEqual([line, 'agent', line])
  })

  test('schedules that are failing, the newest first, with who and why', async () => {
    const add = async (name: string, agentId: string | null = null) => {
      const templateId = await addTemplate(desk, owner, { agentId })
      const input = { name, templateId, values: { topic: 'x' }, cron: '0 * * * *' }
      return createSchedule(desk, owner, newScheduleInput.parse(input))
    }
    const jobFails = await add('its job fails', agent.id)
    stage.advance(1)
    const noJob = await add('makes none')
    stage.advance(1)
    await add('works')
    await dropTemplate(desk, noJob.templateId)
    stage.advance(hour)
    await runDueSchedules(desk, (error) => expect(error).toBeUndefined())
    const [held] = await claim(desk, agent, 1, false)
    if (!held) throw new Error('nothing was claimed')
    await failAttempt(desk, agent, held.lease, { reason: 'No orders', retryable: false })
    const { needs, failingSchedules } = await read()
    expect(failingSchedules).toBe(2)
    expect(needs.schedules).toEqual([
      {
        ...{ id: noJob.id, name: 'makes none', ownerName: 'Olive', job: null },
        ...{ why: 'Its template was removed, or is no longer shared.', since: noJob.nextAt },
      },
      {
        ...{ id: jobFails.id, name: 'its job fails', ownerName: 'Olive', why: 'No orders' },
        ...{ job: { id: held.job.id, name: 'Report on x' }, since: desk.now() },
      },
    ])
    expect(verdictOf(await read()).concerns.map(({ text, about }) => [text, about.kind])).toContainEqual([
      '2 schedules are failing.',
      'schedules',
    ])
  })

  test('what waits for a paused agent or for nobody is stuck, and is not the first in line', async () => {
    const paused = await addAgent(desk, 'Night shift', { state: 'PAUSED' })
    const first = await handIn(desk, owner, { name: 'for the paused', agentId: paused.id })
    stage.advance(minute)
    const second = await handIn(desk, owner, { name: 'for nobody' })
    stage.advance(minute)
    const third = await handIn(desk, owner, { name: 'for the active', agentId: agent.id })
    const overview = await read()
    expect(overview.needs.stuck.map(({ id }) => id)).toEqual([first, second])
    expect(overview.oldestWaiting?.id).toBe(first)
    expect(overview.firstInLine?.id).toBe(third)
    expect(verdictOf(overview).concerns.map(({ tone, about }) => [tone, about.kind])).toEqual([
      ['danger', 'agents'],
      ['warn', 'agent'],
    ])

    await addAgent(desk, 'Takes them')
    const later = await read()
    expect(later.needs.stuck.map(({ id }) => id)).toEqual([first])
    expect(later.firstInLine?.id).toBe(second)
  })

  /** As many jobs that wait for the agent since now, put straight into the table. */
  const line = (many: number, { id }: AgentActor) => {
    const sql = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
      INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, assignedAgentId, writeId, createdAt, updatedAt)
      SELECT ? || i, ?, 'Job ' || i, 'd', 'c', 'ASSIGNED', ?, ? || i, ?, ? FROM n`
    const at = desk.now()
    return desk.db.write({
      repeatable: true,
      statements: [{ sql, args: [many, id, owner.id, id, id, at, at] }],
    })
  }

  test("a paused agent's long line does not hide that an active one's has stalled", async () => {
    await line(250, await addAgent(desk, 'Night shift', { state: 'PAUSED' }))
    stage.advance(19 * hour)
    const stalled = await handIn(desk, owner, { agentId: agent.id })
    stage.advance(5 * hour)
    const overview = await read()
    expect(overview.firstInLine).toMatchObject({ id: stalled, since: desk.now() - 5 * hour })
    expect(overview.oldestWaiting?.since).toBe(desk.now() - day)
    expect(overview.needs.stuck).toHaveLength(5)
    expect(verdictOf(overview).concerns.map(({ text }) => text)).toContain(
      'The first in the queue has waited for 5 hours.',
    )
  })

  test("an active agent's long line does not hide what is stuck", async () => {
    await line(250, agent)
    stage.advance(hour)
    const paused = await addAgent(desk, 'Night shift', { state: 'PAUSED' })
    const stuck = [await handIn(desk, owner, { agentId: paused.id })]
    stage.advance(minute)
    stuck.push(await handIn(desk, owner))
    const overview = await read()
    expect(overview.needs.stuck.map(({ id }) => id)).toEqual(stuck)
    expect(overview.oldestWaiting?.id).toBe(overview.firstInLine?.id)
  })

  test('a newer job that has waited longer for a person comes first', async () => {
    const older: string[] = []
    for (let n = 0; n < 5; n++) older.push(await handIn(desk, owner, { agentId: agent.id }))
    stage.advance(minute)
    const newer = await handIn(desk, owner, { agentId: agent.id, priority: 9 })
    const claims = await claim(desk, agent, 1)
    for (const { lease } of claims) await submitAttempt(desk, agent, lease, { result: '1' })
    stage.advance(4 * day)
    for (const { lease } of await claim(desk, agent, 5)) {
      await submitAttempt(desk, agent, lease, { result: '1' })
      stage.advance(1000)
    }
    const overview = await read()
    expect(overview.needs.reviews.map(({ id }) => id)).toEqual([newer, ...older.slice(0, 4)])
    expect(verdictOf(overview).concerns.map(({ text }) => text)).toContain(
      '6 results wait for review, one of them for 4 days now.',
    )
  })

  test('what people must do: five of each at the most, with who, since when and why', async () => {
    const asked = await begun('asks')
    await requestInput(desk, agent, asked.lease, { question: 'Which?' })
    const reviews: string[] = []
    for (let n = 0; n < 6; n++) {
      reviews.push(await handedIn(`result ${n}`))
      stage.advance(minute)
    }
    const failures: string[] = []
    for (let n = 0; n < 6; n++) {
      failures.push(await failed(`${n}`))
      stage.advance(minute)
    }
    const { needs, open } = await read()
    expect(needs.questions).toMatchObject([
      { id: asked.id, ownerName: 'Olive', why: 'Which?', since: desk.now() - 12 * minute },
    ])
    expect(needs.reviews.map(({ id }) => id)).toEqual(reviews.slice(0, 5))
    expect(open.IN_REVIEW).toBe(6)
    expect(needs.failures.map(({ id }) => id)).toEqual(failures.slice(1).reverse())
    expect(needs.failures[0]).toMatchObject({ why: 'No 5', since: desk.now() - minute, status: 'FAILED' })

    // handed in again, it needs nobody; and so a day later
    await resubmitJob(desk, owner, failures[5] as string, {})
    expect((await read()).needs.failures.map(({ id }) => id)).toEqual(failures.slice(0, 5).reverse())
    stage.advance(day + hour)
    expect((await read()).needs.failures).toEqual([])
  })

  test('a purged job stays counted, and a counter that is off is seen', async () => {
    const id = await failed('gone')
    await failed('kept')
    expect(await violations(desk.db)).toEqual([])
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE job_quarters SET failed = failed + 1', args: [] }],
    })
    expect(await violations(desk.db)).toMatchObject([expect.stringContaining('failed at')])
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE job_quarters SET failed = failed - 1', args: [] }],
    })
    await purgeJob(desk, admin, id)
    expect((await read()).day.total).toMatchObject({ created: 2, failed: 2 })
    expect(await violations(desk.db)).toEqual([])
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE job_quarters SET failed = 0', args: [] }],
    })
    expect(await violations(desk.db)).toMatchObject([expect.stringContaining('failed at')])
  })
})
