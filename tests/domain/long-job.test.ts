import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt } from '~/domain/attempts/settle.server'
import { newestProgress } from '~/domain/jobs/progress'
import { findJobRecord, jobAttempts } from '~/domain/jobs/queries.server'
import { timelineOf } from '~/domain/jobs/timeline'
import { mostLived } from '~/domain/jobs/turns.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { addLongJob } from '../support/long-job'

/** A job of 300 attempts over ten days, and one of 10,000. */
const day = 86_400_000
const begin = Date.UTC(2025, 10, 19)
const [long, longest] = ['3', '4'].map((each) => each.repeat(26)) as [string, string]
let stage: TestDesk
let owner: UserActor
let agents: AgentActor[]

beforeAll(async () => {
  stage = await testDesk()
  const { desk } = stage
  owner = await addUser(desk, 'Olive')
  agents = [await addAgent(desk, 'Early'), await addAgent(desk, 'Late'), await addAgent(desk, 'Other')]
  const job = { ownerId: owner.id, agents: agents.map(({ id }) => id), begin, end: begin + 10 * day }
  await addLongJob(desk.db, { ...job, id: long, attempts: 300, lines: 3, isRunning: true })
  await addLongJob(desk.db, { ...job, id: longest, attempts: 10_000, lines: 1 })
}, 60_000)
afterAll(() => stage.close())

const read = (id: string, attempts: string | null = null) =>
  findJobRecord(stage.desk, owner, id, { cursor: null, filter: {}, attempts })

test('its timeline is of its whole life, while lists are of its newest part', async () => {
  const { life, turns, attempts } = await read(long)
  const line = timelineOf(life, attempts, begin + 10 * day)
  expect([line.from, line.to, line.isWhole]).toEqual([begin, begin + 10 * day, true])
  expect(Object.values(line.totals).reduce((all, each) => all + each, 0)).toBe(10 * day)
  expect(line.ticks.at(-1)?.lived).toBe(10 * day)
  expect(line.totals.running).toBeCloseTo(5 * day, -3)
  expect([turns.length, attempts.length, line.lanes.length, line.moreLanes]).toEqual([50, 20, 20, 280])
  expect(line.lanes.at(-1)).toMatchObject({ number: 300, isRunning: true, after: 'fail' })
  expect(line.lanes[0]).toMatchObject({ number: 281, after: 'fail' })
})

test('of what changed too often for that it says so', async () => {
  const { life, attempts } = await read(longest)
  expect(life).toHaveLength(mostLived)
  const line = timelineOf(life, attempts, begin + 10 * day)
  expect(line).toMatchObject({ isWhole: false, to: begin + 10 * day })
  expect(line.bars.length).toBeLessThan(200)
})

test('every attempt is on a page of the list, there and back', async () => {
  const there: number[] = []
  let { attemptPage, attempts, agents: tried } = await read(long)
  expect(attempts.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, n) => 281 + n))
  // the early one tried long ago
  expect(Object.keys(tried).sort()).toEqual(agents.map(({ id }) => id).sort())
  const first = attemptPage
  for (;;) {
    there.push(...attemptPage.rows.map(({ number }) => number))
    if (!attemptPage.nextCursor) break
    attemptPage = (await read(long, attemptPage.nextCursor)).attemptPage
  }
  expect(there).toEqual(Array.from({ length: 300 }, (_, n) => 300 - n))
  while (attemptPage.prevCursor) attemptPage = (await read(long, attemptPage.prevCursor)).attemptPage
  expect(attemptPage.rows).toEqual(first.rows)
})

test.each(['oldest', 'newest'] as const)('%s first: whole attempts by pages, both ways', async (order) => {
  const ask = (cursor: string | null) => jobAttempts(stage.desk, owner, long, { order, cursor, limit: 70 })
  const numbers = Array.from({ length: 300 }, (_, n) => (order === 'oldest' ? n + 1 : 300 - n))
  let page = await ask(null)
  const there = [...page.rows]
  while (page.nextCursor) {
    page = await ask(page.nextCursor)
    there.push(...page.rows)
  }
  expect(there.map(({ number }) => number)).toEqual(numbers)
  const back = [...page.rows]
  while (page.prevCursor) {
    page = await ask(page.prevCursor)
    back.unshift(...page.rows)
  }
  expect(back).toEqual(there)
  const other = order === 'oldest' ? 'newest' : 'oldest'
  const { nextCursor } = await ask(null)
  await expect(
    jobAttempts(stage.desk, owner, long, { order: other, cursor: nextCursor }),
  ).rejects.toMatchObject({ fields: { cursor: [expect.any(String)] } })
})

describe('how far it is', () => {
  const start = async () => {
    const { desk } = stage
    const agent = await addAgent(desk, 'At it')
    const id = await handIn(desk, owner, { agentId: agent.id, maxAttempts: 5 })
    const begun = async () => {
      const [held] = await claim(desk, agent, 1, false)
      if (!held) throw new Error('not claimed')
      return {
        lease: held.lease,
        say: (kind: 'progress' | 'message', ...messages: string[]) =>
          recordEvents(
            desk,
            agent.id,
            held.lease,
            messages.map((message) => ({ kind, message })),
          ),
      }
    }
    return { id, agent, begun, progress: async () => (await read(id)).progress }
  }

  test('is what the live attempt said last, however much was said since then and whatever its log is narrowed to', async () => {
    const { id, begun, progress } = await start()
    expect(await progress()).toBeNull()
    const { say } = await begun()
    await say('progress', '10%', '40%: reading\nslowly')
    await say('message', ...Array.from({ length: 200 }, (_, n) => `line ${n}`))
    const said = { percent: 40, message: 'reading\nslowly', number: 4, at: stage.desk.now() }
    expect(await progress()).toEqual(said)
    const narrowed = await findJobRecord(stage.desk, owner, id, { cursor: null, filter: { kind: 'changes' } })
    expect(narrowed.progress).toEqual(said)
    // what says no number is no measure
    await say('progress', 'The model thinks.')
    expect(await progress()).toBeNull()
  })

  test('is nothing once the attempt is over, nor of the next one until it says so', async () => {
    const { agent, begun, progress } = await start()
    const { say, lease } = await begun()
    await say('progress', '90%: nearly')
    await failAttempt(stage.desk, agent, lease, { reason: 'no', retryable: true })
    expect(await progress()).toBeNull()
    stage.advance(3_600_000)
    const again = await begun()
    expect(await progress()).toBeNull()
    await again.say('progress', '5%')
    expect(await progress()).toMatchObject({ percent: 5, message: '' })
  })

  test('what was heard since then counts where it is newer', () => {
    const old = { percent: 40, message: 'reading', number: 4, at: 1 }
    const row = (number: number, kind: 'progress' | 'claim' | 'message', message: string) => ({
      ...{ number, kind, message, createdAt: number },
    })
    expect(newestProgress(old, [])).toBe(old)
    expect(newestProgress(old, [row(3, 'progress', '30%'), row(5, 'message', '99%')])).toBe(old)
    expect(newestProgress(old, [row(5, 'progress', '50%: on')])).toMatchObject({ percent: 50, message: 'on' })
    expect(newestProgress(old, [row(2, 'claim', 'began')])).toBe(old)
    expect(newestProgress(old, [row(6, 'claim', 'began again')])).toBeNull()
    expect(newestProgress(null, [row(6, 'claim', ''), row(7, 'progress', '1%')])?.percent).toBe(1)
  })
})
