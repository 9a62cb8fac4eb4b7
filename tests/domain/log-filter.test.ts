import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostLookedAt } from '~/domain/jobs/log.server'
import { olderThan } from '~/domain/jobs/log-cursor'
import { fitsLogFilter, type LogFilter, readLogFilter } from '~/domain/jobs/log-filter'
import { findJobRecord, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { addLongJob } from '../support/long-job'
import { sentStatements } from '../support/sent-statements'

/**
 * A job with a hundred thousand rows: what its agents said, a call every thousandth. The first attempt failed at once, the
 * second one was another agent's and was lost, the third one goes on; the first one's result came in the middle of it.
 */
const rows = 100_000
const late = 70_001
let stage: TestDesk
let owner: UserActor
let agent: AgentActor
let other: AgentActor
let id: string

beforeAll(async () => {
  stage = await testDesk()
  const { desk } = stage
  owner = await addUser(desk, 'Olive')
  agent = await addAgent(desk, 'Agent')
  other = await addAgent(desk, 'Other')
  id = await handIn(desk, owner, { agentId: agent.id })
  await claim(desk, agent, 1, false)
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `WITH RECURSIVE n (n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM n WHERE n < :rows)
          INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, actorId, agentId, attempt,
            version, failures, createdAt)
          SELECT 'w' || n, :id, :owner, n,
            CASE n WHEN 50 THEN 'fail' WHEN 51 THEN 'claim' WHEN 59999 THEN 'expire' WHEN 60000 THEN 'claim'
              WHEN :late THEN 'late' ELSE iif(n % 1000 = 0, 'call', 'message') END,
            'IN_PROGRESS', 'Line ' || n, 'agent', :agent, iif(n BETWEEN 51 AND 59999, :other, :agent),
            CASE WHEN n <= 50 OR n = :late THEN 1 WHEN n < 60000 THEN 2 ELSE 3 END, 2, 0, n
          FROM n`,
        args: { rows, late, id, owner: owner.id, agent: agent.id, other: other.id },
      },
    ],
  })
}, 60_000)
afterAll(() => stage.close())

const numbers = (page: { rows: { number: number }[] }) => page.rows.map(({ number }) => number)
const read = (filter: LogFilter, cursor: string | null = null) =>
  jobLogs(stage.desk, owner, id, { order: 'newest', filter, cursor, limit: 50 })

test('the tail, the middle and the beginning are pages like any other', async () => {
  const { log } = await findJobRecord(stage.desk, owner, id)
  expect(numbers(log)).toEqual(Array.from({ length: 50 }, (_, n) => rows - n))
  const middle = await read({}, olderThan(50_000))
  expect(numbers(middle)).toEqual(Array.from({ length: 50 }, (_, n) => 49_999 - n))
  const first = await read({}, olderThan(4))
  expect(numbers(first)).toEqual([3, 2, 1])
  expect(first.nextCursor).toBeNull()
})

test('a narrowed log looks at so many rows a page, says how far, and goes on from there to the end', async () => {
  const found: number[] = []
  let cursor: string | null = null
  let pages = 0
  do {
    const page = await read({ kind: 'calls' }, cursor)
    found.push(...numbers(page))
    expect(page.lookedTo === null || page.rows.length <= mostLookedAt / 1000).toBe(true)
    cursor = page.nextCursor
    pages++
  } while (cursor)
  // one of them is a claim
  expect(found).toEqual(Array.from({ length: 100 }, (_, n) => rows - n * 1000).filter((n) => n !== 60_000))
  expect(pages).toBe(rows / mostLookedAt)
})

test('a page that holds nothing leads on and back: it is no end of the log', async () => {
  const start = olderThan(69_000)
  const empty = await read({ kind: 'late' }, start)
  expect(empty).toMatchObject({ rows: [], lookedTo: 69_000 - mostLookedAt })
  expect(empty.nextCursor).not.toBeNull()
  // from both ends of the empty stretch to the nearest row of the kind
  const back = await read({ kind: 'late' }, empty.prevCursor)
  expect(numbers(back)).toEqual([late])
  expect(back.prevCursor).not.toBeNull()
  const there = await read({ kind: 'late' }, back.nextCursor)
  expect(there.rows).toEqual([])
})

const oldest = (filter: LogFilter, cursor: string | null = null) =>
  jobLogs(stage.desk, owner, id, { filter, cursor, limit: 50 })

test('the oldest first: the same both ways', async () => {
  const empty = await oldest({ kind: 'late' })
  expect(empty).toMatchObject({ rows: [], lookedTo: mostLookedAt, prevCursor: null })
  const next = await oldest({ kind: 'late' }, empty.nextCursor)
  expect(next).toMatchObject({ rows: [], lookedTo: 2 * mostLookedAt })
  expect(next.prevCursor).not.toBeNull()
  const back = await oldest({ kind: 'changes' }, next.prevCursor)
  expect(numbers(back)).toEqual([1, 2, 50, 51])
})

test('changes and errors are found at once, wherever they are', async () => {
  expect(numbers(await read({ kind: 'changes' }))).toEqual([60_000, 59_999, 51, 50, 2, 1])
  expect(await read({ kind: 'fail' })).toMatchObject({
    rows: [{ number: 50 }],
    lookedTo: null,
    nextCursor: null,
  })
  expect(numbers(await read({ kind: 'errors' }))).toEqual([59_999, 50])
  expect(numbers(await read({ kind: 'claim', attempt: 1 }))).toEqual([2])
  const { turns, life, newestError } = await findJobRecord(stage.desk, owner, id)
  expect(turns.map(({ number }) => number)).toEqual([1, 2, 50, 51, 59_999, 60_000])
  expect(life.map(({ kind, attempt }) => [kind, attempt])).toEqual(
    turns.map((turn) => [turn.kind, turn.attempt]),
  )
  expect(newestError).toBe(59_999)
})

test('an attempt is found at once, wherever it is, and what came after it too', async () => {
  const first = Array.from({ length: 49 }, (_, n) => 50 - n)
  for (const filter of [{ attempt: 1 }, { attempt: 1, agent: agent.id }]) {
    const whole = { lookedTo: null, nextCursor: null, prevCursor: null }
    expect(await read(filter)).toMatchObject(whole)
    expect(numbers(await read(filter))).toEqual([late, ...first])
    expect(await oldest(filter)).toMatchObject(whole)
    expect(numbers(await oldest(filter))).toEqual([...first.reverse(), late])
    first.reverse()
  }
  expect((await read({ attempt: 1, agent: other.id })).rows).toEqual([])
  expect(await read({ attempt: 9 })).toMatchObject({ rows: [], lookedTo: null, nextCursor: null })
  // what an attempt said of one kind is looked for within it alone
  expect(await read({ attempt: 1, kind: 'calls' })).toMatchObject({ rows: [], lookedTo: null })
  expect(await read({ attempt: 2, kind: 'calls' })).toMatchObject({ lookedTo: 59_999 - mostLookedAt + 1 })
  expect(numbers(await read({ attempt: 2, kind: 'calls' }))).toEqual([59_000, 58_000])
})

test('an agent as well: over whatever others did meanwhile', async () => {
  expect(numbers(await read({ agent: other.id }))).toEqual(Array.from({ length: 50 }, (_, n) => 59_999 - n))
  expect(numbers(await oldest({ agent: other.id })).slice(0, 2)).toEqual([51, 52])
  const over = await read({ agent: agent.id }, olderThan(60_002))
  expect(numbers(over).slice(0, 4)).toEqual([60_001, 60_000, 50, 49])
  const back = await read({ agent: agent.id }, over.prevCursor)
  expect(numbers(back).at(-1)).toBe(60_002)
  const on = await oldest({ agent: agent.id }, (await oldest({ agent: agent.id })).nextCursor)
  expect(numbers(on).slice(0, 2)).toEqual([60_000, 60_001])
  const stranger = await addAgent(stage.desk, 'Third')
  expect(await read({ agent: stranger.id })).toMatchObject({ rows: [], lookedTo: null })
  expect((await read({ agent: agent.id, kind: 'messages' })).rows).toHaveLength(50)
})

test('whatever is asked of a job of many attempts: page by page, both ways, it is what fits', async () => {
  const { desk } = stage
  const agents = [agent.id, other.id, (await addAgent(desk, 'Fourth')).id]
  const long = await addLongJob(desk.db, {
    ...{ id: '7'.repeat(26), ownerId: owner.id, agents, attempts: 33, lines: 7, begin: 0, end: 1_000_000 },
    lateOf: 12,
  })
  const filters = [undefined, ...agents].flatMap((agent) =>
    [undefined, 1, 12, 33].flatMap((attempt) =>
      ([undefined, 'changes', 'errors', 'messages', 'late', 'claim'] as const).map((kind) => ({
        ...(agent && { agent }),
        ...(attempt && { attempt }),
        ...(kind && { kind }),
      })),
    ),
  )
  for (const filter of filters)
    for (const order of ['oldest', 'newest'] as const) {
      const fitting = long.filter((row) => fitsLogFilter(filter, row)).map(({ number }) => number)
      if (order === 'newest') fitting.reverse()
      const ask = (cursor: string | null) =>
        jobLogs(desk, owner, '7'.repeat(26), { order, filter, cursor, limit: 6 })
      const there: number[] = []
      let page = await ask(null)
      there.push(...numbers(page))
      while (page.nextCursor) {
        page = await ask(page.nextCursor)
        there.push(...numbers(page))
      }
      expect(there, JSON.stringify({ filter, order })).toEqual(fitting)
      const back = numbers(page)
      while (page.prevCursor) {
        page = await ask(page.prevCursor)
        back.unshift(...numbers(page))
      }
      expect(back, JSON.stringify({ filter, order })).toEqual(fitting)
    }
})

test('every read of it goes along an index', async () => {
  const { desk } = stage
  for (const filter of [
    {},
    { kind: 'calls' },
    { kind: 'errors', attempt: 1 },
    { kind: 'changes' },
    { attempt: 2 },
    { agent: other.id, kind: 'calls' },
  ] as LogFilter[]) {
    const sent = await sentStatements(desk, async () => {
      await findJobRecord(desk, owner, id, { cursor: olderThan(70_000), filter })
      await jobLogs(desk, owner, id, { filter })
    })
    for (const each of sent) {
      const { rows: plan } = await desk.db.client.execute({ ...each, sql: `EXPLAIN QUERY PLAN ${each.sql}` })
      const steps = plan
        .map(({ detail }) => String(detail))
        .filter((step) => !/SCAN \(?(w|e|path|subquery|json)/.test(step))
      expect(
        steps.filter((step) => /^SCAN (?!CONSTANT)/.test(step) && !/json_each|VIRTUAL|\(/.test(step)),
      ).toEqual([])
      expect(steps.join('\n')).not.toContain('TEMP B-TREE')
    }
  }
})

test('a job given back once too often went wrong, one given back for now did not', async () => {
  const { desk } = stage
  const [given] = await addLongJob(desk.db, {
    ...{ id: '8'.repeat(26), ownerId: owner.id, agents: [agent.id, other.id], attempts: 1, lines: 0 },
    ...{ begin: 0, end: 10 },
  })
  const add = (number: number, status: string) =>
    desk.db.write({
      repeatable: true,
      statements: [
        {
          sql: `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, actorKind, version, failures, createdAt)
            VALUES (?, ?, ?, ?, 'release', ?, 'agent', 3, 1, 20)`,
          args: [`r${number}`, '8'.repeat(26), owner.id, number, status],
        },
      ],
    })
  expect(given?.kind).toBe('create')
  await add(4, 'FAILED')
  await add(5, 'ASSIGNED')
  const { newestError } = await findJobRecord(desk, owner, '8'.repeat(26))
  expect(newestError).toBe(4)
  const { rows } = await jobLogs(desk, owner, '8'.repeat(26), { filter: { kind: 'errors' } })
  expect(rows.map(({ number }) => number)).toEqual([4])
  expect(rows.every((row) => fitsLogFilter({ kind: 'errors' }, row))).toBe(true)
  expect(
    fitsLogFilter({ kind: 'errors' }, { kind: 'release', status: 'ASSIGNED', agentId: null, attempt: 1 }),
  ).toBe(false)
})

describe('what an address asks', () => {
  const asked = (given: Partial<Record<'kind' | 'agent' | 'attempt', string>>) =>
    readLogFilter({ kind: null, agent: null, attempt: null, ...given })

  test('is read, and what means nothing is said by field', () => {
    const agent = 'a'.repeat(26)
    expect(asked({ kind: ' errors ', agent, attempt: '2' })).toEqual({
      filter: { kind: 'errors', agent, attempt: 2 },
      errors: {},
    })
    expect(Object.keys(asked({ kind: 'constructor', agent: "x' OR 1", attempt: '0' }).errors)).toEqual([
      'kind',
      'agent',
      'attempt',
    ])
    expect(asked({ kind: '', agent: '', attempt: '' })).toEqual({ filter: {}, errors: {} })
  })

  test('a row fits or not, as the database has it', () => {
    const row = { kind: 'call', status: 'IN_PROGRESS', agentId: 'a', attempt: 2 } as const
    expect(fitsLogFilter({}, row)).toBe(true)
    expect(fitsLogFilter({ kind: 'calls', attempt: 2 }, row)).toBe(true)
    expect(fitsLogFilter({ kind: 'messages' }, row)).toBe(false)
    expect(fitsLogFilter({ agent: 'b' }, row)).toBe(false)
    expect(fitsLogFilter({ attempt: 1 }, row)).toBe(false)
  })
})
