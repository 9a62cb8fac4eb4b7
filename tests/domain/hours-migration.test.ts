/** @about-file it copies rows between files */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { answerJob } from '~/domain/jobs/answer.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import type { NewJobInput } from '~/domain/jobs/input'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { type Database, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

const usage = JSON.stringify({ durationMs: 5, inputTokens: 70, outputTokens: 30, costUsd: 0.25 })

/** Some days of work in which every verb that is counted has its turn, and those that lead elsewhere too. */
async function play({ desk, advance }: TestDesk) {
  const [owner, admin] = [await addUser(desk, 'Olive'), await addUser(desk, 'Ada', 'ADMIN')]
  const agents = [await addAgent(desk, 'One'), await addAgent(desk, 'Two')] as const
  async function begun(agent: AgentActor, input: Partial<NewJobInput> = {}) {
    const id = await handIn(desk, owner, { agentId: agent.id, ...input })
    return { id, lease: await again(agent, id) }
  }
  async function again(agent: AgentActor, id: string) {
    const held = (await claim(desk, agent, 5, false)).find(({ job }) => job.id === id)
    if (!held) throw new Error('not claimed')
    return held.lease
  }
  for (const agent of [...agents, ...agents]) {
    const accepted = await begun(agent)
    await submitAttempt(desk, agent, accepted.lease, { result: '1', usage })
    advance(40 * 60_000)
    await sendBackJob(desk, owner, accepted.id, { feedback: 'more' })
    await submitAttempt(desk, agent, await again(agent, accepted.id), { result: '2', usage })
    await acceptJob(desk, owner, accepted.id, {})

    const unjudged = await begun(agent, { review: 'none' })
    await recordEvents(desk, agent.id, unjudged.lease, [{ kind: 'message', message: 'at it' }])
    await submitAttempt(desk, agent, unjudged.lease, { result: '1', usage })
    advance(5 * 3_600_000)

    const failing = await begun(agent, { maxAttempts: 2 })
    await failAttempt(desk, agent, failing.lease, { reason: 'broke', retryable: true, usage })
    // an hour in which nothing but a failure that is tried again happens
    advance(3 * 3_600_000)
    await failAttempt(desk, agent, await again(agent, failing.id), { reason: 'broke', retryable: true })
    await resubmitJob(desk, owner, failing.id, {})
    await again(agent, failing.id)
    await cancelJob(desk, owner, failing.id, {})

    const lost = await begun(agent, { maxAttempts: 1 })
    advance(3_600_000)
    await expireAttempts(desk)
    await completeJob(desk, admin, lost.id, { reason: 'enough', result: '1' })

    const released = await begun(agent, { maxAttempts: 1 })
    await releaseAttempt(desk, agent, released.lease, { reason: 'drain', usage })
    for (let n = 0; n < 2; n++) {
      advance(3_600_000)
      await releaseAttempt(desk, agent, await again(agent, released.id), { reason: 'drain' })
    }

    const asking = await begun(agent)
    await requestInput(desk, agent, asking.lease, { question: 'Which?', usage })
    await answerJob(desk, owner, asking.id, { answer: 'This' })
    await again(agent, asking.id)
    await reassignJob(desk, admin, asking.id, { agentId: agents[0].id })
    await cancelJob(desk, owner, asking.id, {})
    advance(30 * 3_600_000)
  }
}

const counters = async (db: Database) => ({
  jobs: await db.all(
    `SELECT quarter / 4 AS hour, sum(created) AS created, sum(completed) AS completed, sum(failed) AS failed,
       sum(canceled) AS canceled FROM job_quarters GROUP BY hour ORDER BY hour`,
  ),
  agents: await db.all('SELECT * FROM agent_hours ORDER BY agentId, hour'),
})

/** Docket's first migrations, up to the one of that name and without it, in a folder of their own. */
function migrationsBefore(name: string, folder: string): string {
  const to = join(folder, 'migrations')
  cpSync('db/migrations', to, { recursive: true })
  const journal = join(to, 'meta', '_journal.json')
  const { entries, ...rest } = JSON.parse(readFileSync(journal, 'utf8')) as { entries: { tag: string }[] }
  writeFileSync(
    journal,
    JSON.stringify({
      ...rest,
      entries: entries.slice(
        0,
        entries.findIndex(({ tag }) => tag.endsWith(name)),
      ),
    }),
  )
  return to
}

/** Copies a table's rows, as far as the other database has the columns. */
async function copy(from: Database, to: Database, table: string) {
  const columns = (await to.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table}')`)).map(
    ({ name }) => name,
  )
  const rows = await from.all<Record<string, string | number | null>>(`SELECT * FROM ${table} ORDER BY rowid`)
  await to.write({
    repeatable: true,
    statements: rows.map((row) => ({
      sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      args: columns.map((name) => row[name] ?? null),
    })),
  })
}

test('a database from before the counters gets those that the triggers would have kept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docket-hours-'))
  const stage = await testDesk()
  const old = await openDatabase({ url: `file:${join(folder, 'docket.db')}` })
  try {
    await play(stage)
    await migrate(old, { folder: migrationsBefore('_overview', folder) })
    for (const table of ['users', 'agents', 'jobs', 'attempts', 'job_logs'])
      await copy(stage.desk.db, old, table)
    await migrate(old)

    const kept = await counters(stage.desk.db)
    expect(kept.jobs.length).toBeGreaterThan(10)
    expect(kept.agents.length).toBeGreaterThan(10)
    expect(await counters(old)).toEqual(kept)
    expect(await violations(old)).toEqual([])
    expect(await violations(stage.desk.db)).toEqual([])
    // what was counted by the hour says so
    expect(await old.all('SELECT DISTINCT minutes, quarter % 4 AS part FROM job_quarters')).toEqual([
      { minutes: 60, part: 0 },
    ])
  } finally {
    old.close()
    await stage.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('days of views and batches from before stay those of UTC; what was counted by the hour is in its first quarter', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'docket-zones-'))
  const db = await openDatabase({ url: `file:${join(folder, 'docket.db')}` })
  const zoned = ['updated=today', 'status=FAILED&created=2026-01-31&sort=name', 'q=created%3A%3E2026-01-01']
  const other = ['', 'status=FAILED', 'q=created', 'created=today&timeZone=UTC']
  const queries = [...zoned, ...other]
  try {
    await migrate(db, { folder: migrationsBefore('_quarters', folder) })
    await db.write({
      repeatable: true,
      statements: [
        ...queries.flatMap((query, n) => [
          {
            sql: `INSERT INTO saved_views (id, ownerId, name, scope, query, createdAt, updatedAt) VALUES (?, 'u', ?, 'own', ?, 0, 0)`,
            args: [`v${n}`, `View ${n}`, query],
          },
          {
            sql: `INSERT INTO batches (id, actorId, scope, verb, filter, createdAt) VALUES (?, 'u', 'own', 'cancel', ?, 0)`,
            args: [`b${n}`, query],
          },
        ]),
        { sql: 'INSERT INTO job_hours (hour, created, failed) VALUES (10, 7, 2)', args: [] },
      ],
    })
    await migrate(db)
    const expected = [...zoned.map((query) => `${query}&timeZone=UTC`), ...other]
    const read = async (sql: string) => (await db.all<{ query: string }>(sql)).map(({ query }) => query)
    expect(await read('SELECT query FROM saved_views ORDER BY id')).toEqual(expected)
    expect(await read('SELECT filter AS query FROM batches ORDER BY id')).toEqual(expected)
    expect(await db.all('SELECT * FROM job_quarters')).toEqual([
      { quarter: 40, minutes: 60, created: 7, completed: 0, failed: 2, canceled: 0 },
    ])
  } finally {
    db.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
