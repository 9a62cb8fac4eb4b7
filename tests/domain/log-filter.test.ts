import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mostLookedAt } from '~/domain/jobs/log.server'
import { olderThan } from '~/domain/jobs/log-cursor'
import { fitsLogFilter, type LogFilter, readLogFilter } from '~/domain/jobs/log-filter'
import { findJobRecord, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { sentStatements } from '../support/sent-statements'

/** A job with a hundred thousand rows: what its agent said, a call every thousandth, and a failure near its beginning. */
const rows = 100_000
let stage: TestDesk
let owner: UserActor
let agent: AgentActor
let id: string

beforeAll(async () => {
  stage = await testDesk()
  const { desk } = stage
  owner = await addUser(desk, 'Olive')
  agent = await addAgent(desk, 'Agent')
  id = await handIn(desk, owner, { agentId: agent.id })
  await claim(desk, agent, 1, false)
  await desk.db.write({
    statements: [
      {
        sql: `WITH RECURSIVE n (n) AS (SELECT 3 UNION ALL SELECT n + 1 FROM n WHERE n < :rows)
          INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, actorId, agentId, attempt,
            version, failures, createdAt)
          SELECT 'w' || n, :id, :owner, n,
            CASE WHEN n = 50 THEN 'fail' WHEN n % 1000 = 0 THEN 'call' ELSE 'message' END, 'IN_PROGRESS', 'Line ' || n,
            'agent', :agent, :agent, iif(n < 60000, 1, 2), 2, 0, n
          FROM n`,
        args: { rows, id, owner: owner.id, agent: agent.id },
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
  expect(found).toEqual(Array.from({ length: 100 }, (_, n) => rows - n * 1000))
  expect(pages).toBe(rows / mostLookedAt)
})

test('a page that holds nothing leads on and back: it is no end of the log', async () => {
  const start = olderThan(59_000)
  const empty = await read({ attempt: 2 }, start)
  expect(empty).toMatchObject({ rows: [], lookedTo: 59_000 - mostLookedAt })
  expect(empty.nextCursor).not.toBeNull()
  // from both ends of the empty stretch to the nearest row of the attempt
  let cursor = empty.prevCursor
  for (let page = 0; cursor !== null && page < 3; page++) {
    const back = await read({ attempt: 2 }, cursor)
    if (back.rows.length > 0) {
      expect(numbers(back).at(-1)).toBe(60_000)
      expect(back.prevCursor).not.toBeNull()
      const there = await read({ attempt: 2 }, back.nextCursor)
      expect(there.rows).toEqual([])
      return
    }
    cursor = back.prevCursor
  }
  throw new Error('no way back to what is newer')
})

test('the oldest first: the same both ways', async () => {
  const oldest = (filter: LogFilter, cursor: string | null) =>
    jobLogs(stage.desk, owner, id, { filter, cursor, limit: 50 })
  const empty = await oldest({ attempt: 2 }, null)
  expect(empty).toMatchObject({ rows: [], lookedTo: mostLookedAt, prevCursor: null })
  const next = await oldest({ attempt: 2 }, empty.nextCursor)
  expect(next).toMatchObject({ rows: [], lookedTo: 2 * mostLookedAt })
  expect(next.prevCursor).not.toBeNull()
  const back = await oldest({ kind: 'changes' }, next.prevCursor)
  expect(numbers(back)).toEqual([1, 2, 50])
})

test('changes and errors are found at once, wherever they are', async () => {
  expect(numbers(await read({ kind: 'changes' }))).toEqual([50, 2, 1])
  for (const kind of ['fail', 'errors'] as const)
    expect(await read({ kind })).toMatchObject({ rows: [{ number: 50 }], lookedTo: null, nextCursor: null })
  expect(numbers(await read({ kind: 'claim', attempt: 1 }))).toEqual([2])
  const { turns, newestError } = await findJobRecord(stage.desk, owner, id)
  expect(turns.map(({ number }) => number)).toEqual([1, 2, 50])
  expect(newestError).toBe(50)
})

test('by agent and attempt; backwards as well', async () => {
  expect((await read({ attempt: 1 })).rows).toEqual([])
  const page = await read({ attempt: 1 }, olderThan(60_500))
  expect(numbers(page).slice(0, 2)).toEqual([59_999, 59_998])
  const back = await read({ attempt: 1 }, page.prevCursor)
  expect(back.rows).toEqual([])
  expect(back.lookedTo).toBe(59_999 + mostLookedAt)
  const stranger = await addAgent(stage.desk, 'Other')
  expect((await read({ agent: stranger.id })).rows).toEqual([])
  expect((await read({ agent: agent.id, kind: 'messages' })).rows).toHaveLength(50)
})

test('every read of it goes along an index', async () => {
  const { desk } = stage
  for (const filter of [
    {},
    { kind: 'calls' },
    { kind: 'errors', attempt: 1 },
    { kind: 'changes' },
  ] as LogFilter[]) {
    const sent = await sentStatements(desk, async () => {
      await findJobRecord(desk, owner, id, { cursor: olderThan(70_000), filter })
      await jobLogs(desk, owner, id, { filter })
    })
    for (const each of sent) {
      const { rows: plan } = await desk.db.client.execute({ ...each, sql: `EXPLAIN QUERY PLAN ${each.sql}` })
      const steps = plan
        .map(({ detail }) => String(detail))
        .filter((step) => !/SCAN \(?(w|e|subquery|json)/.test(step))
      expect(
        steps.filter((step) => /^SCAN (?!CONSTANT)/.test(step) && !/json_each|VIRTUAL|\(/.test(step)),
      ).toEqual([])
      expect(steps.join('\n')).not.toContain('TEMP B-TREE')
    }
  }
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
    const row = { kind: 'call', agentId: 'a', attempt: 2 } as const
    expect(fitsLogFilter({}, row)).toBe(true)
    expect(fitsLogFilter({ kind: 'calls', attempt: 2 }, row)).toBe(true)
    expect(fitsLogFilter({ kind: 'messages' }, row)).toBe(false)
    expect(fitsLogFilter({ agent: 'b' }, row)).toBe(false)
    expect(fitsLogFilter({ attempt: 1 }, row)).toBe(false)
  })
})
