import type { InStatement, Row } from '@libsql/client'
import { expect, test } from 'vitest'
import { overviewOf } from '~/domain/overview/queries.server'
import type { UserActor } from '~/domain/policy'
import { addAgent, addUser, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

const day = 86_400_000

/** So many closed jobs a day for a hundred days, half of them failed, each with an attempt and four log rows. */
async function withHistory({ desk, advance }: TestDesk, perDay: number): Promise<UserActor> {
  const [owner, admin] = [await addUser(desk, 'Olive'), await addUser(desk, 'Ada', 'ADMIN')]
  const agent = await addAgent(desk, 'Agent')
  const from = desk.now()
  advance(160 * day)
  // straight into the tables, by their triggers: twenty thousand jobs through the verbs take minutes
  const args = { owner: owner.id, agent: agent.id, from, all: perDay * 100, each: Math.floor(day / perDay) }
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :all)`
  const status = "iif(i % 2, 'FAILED', 'COMPLETED')"
  const log = (number: number, kind: string, after: string) => `${numbers}
    INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, actorKind, agentId, attempt, version, failures, createdAt)
    SELECT 'l' || i || '.${number}', 'j' || i, :owner, ${number}, ${kind}, ${after}, 'system', :agent,
      ${number > 1 ? 1 : 'NULL'}, ${number}, iif(${number} = 3, i % 2, 0), :from + i * :each FROM n`
  const sqls = [
    `${numbers} INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, result, failures,
       attemptCount, version, writeId, createdAt, updatedAt, closedAt)
     SELECT 'j' || i, :owner, 'Job ' || i, 'd', 'c', ${status}, '1', i % 2, 1, 3, 'w' || i, :from + i * :each,
       :from + i * :each, :from + i * :each FROM n`,
    `${numbers} INSERT INTO attempts (id, jobId, number, agentId, workerId, leaseToken, leaseExpiresAt, startedAt)
     SELECT 'j' || i || '.1', 'j' || i, 1, :agent, 'w', 't' || i, 0, :from + i * :each FROM n`,
    `UPDATE attempts SET endedAt = startedAt, usage = '{"inputTokens": 1}',
       outcome = iif(substr(jobId, 2) % 2, 'FAILED', 'SUBMITTED')`,
    log(1, "'create'", "'PENDING'"),
    log(2, "'claim'", "'IN_PROGRESS'"),
    log(3, "iif(i % 2, 'fail', 'submit')", status),
  ]
  await desk.db.write({
    repeatable: true,
    statements: sqls.map((sql) => ({
      sql,
      args: Object.fromEntries(Object.entries(args).filter(([name]) => sql.includes(`:${name}`))),
    })),
  })
  for (let n = 0; n < 3; n++) await handIn(desk, owner)
  return admin
}

/** So many more that wait in a paused agent's line, put straight into the table. */
async function withLine({ desk }: TestDesk, waiting: number) {
  const owner = await addUser(desk, 'Oscar')
  const paused = await addAgent(desk, 'Night shift', { state: 'PAUSED' })
  const numbers = 'WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)'
  const sql = `${numbers} INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, assignedAgentId,
      writeId, createdAt, updatedAt)
    SELECT 'q' || i, ?, 'Queued ' || i, 'd', 'c', 'ASSIGNED', ?, 'q' || i, ?, ? FROM n`
  const at = desk.now()
  await desk.db.write({
    repeatable: true,
    statements: [{ sql, args: [waiting, owner.id, paused.id, at, at] }],
  })
}

/** How many rows an answer gives, those in its JSON texts among them. */
const rowsIn = (rows: Row[]) =>
  rows.length +
  rows
    .flatMap((row) => Object.values(row))
    .filter((value): value is string => typeof value === 'string' && value.startsWith('['))
    .reduce((sum, text) => sum + (JSON.parse(text) as unknown[]).length, 0)

/** What the overview asks and how it is answered: each statement's text, its plan, and how many rows it gives. */
async function costOf({ desk }: TestDesk, admin: UserActor) {
  const asked: Exclude<InStatement, string>[] = []
  const { client } = desk.db
  const { execute } = client
  client.execute = ((each: Exclude<InStatement, string>) => {
    asked.push(each)
    return (execute as (one: InStatement) => Promise<unknown>).call(client, each)
  }) as unknown as typeof execute
  try {
    await overviewOf(desk, admin)
  } finally {
    client.execute = execute
  }
  const steps: { sql: string; plan: unknown[]; rows: number }[] = []
  for (const { sql, args } of asked) {
    const plan = await client.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args })
    const { rows } = await client.execute({ sql, args })
    steps.push({ sql, plan: plan.rows.map(({ detail }) => detail), rows: rowsIn(rows) })
  }
  return steps.sort((a, b) => (a.sql < b.sql ? -1 : 1))
}

test('a hundred times the history, and a long line, is asked the same, by the same plans, for as many rows', async () => {
  const stages = [await testDesk(), await testDesk()] as const
  try {
    const [few, many] = stages
    const admins = [await withHistory(few, 2), await withHistory(many, 200)] as const
    expect(await many.desk.db.first('SELECT count(*) AS jobs FROM jobs')).toEqual({ jobs: 20_003 })
    expect(await violations(few.desk.db)).toEqual([])
    await withLine(few, 10)
    await withLine(many, 5000)

    const costs = await costOf(few, admins[0])
    expect(costs).toHaveLength(3)
    expect(await costOf(many, admins[1])).toEqual(costs)
    expect(Math.max(...costs.map(({ rows }) => rows))).toBeLessThanOrEqual(120)
  } finally {
    for (const stage of stages) await stage.close()
  }
}, 60_000)
