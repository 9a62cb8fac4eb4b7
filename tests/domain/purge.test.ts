import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch, type NewBatch } from '~/domain/batches/freeze.server'
import { freezeImport } from '~/domain/batches/import.server'
import { batchItems, findBatch } from '~/domain/batches/queries.server'
import { workOn } from '~/domain/batches/run.server'
import { Conflict, Forbidden } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob } from '~/domain/jobs/create.server'
import { finishPurges, purgeArgs, purgeJob } from '~/domain/jobs/purge.server'
import { decidePurge, logSlice, purgedColumns, removePurged } from '~/domain/jobs/purge-statements'
import { findJob } from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import { statement } from '~/domain/sql'
import { csvRows } from '~/domain/templates/csv-rows.server'
import { findTemplate } from '~/domain/templates/queries.server'
import type { Database } from '~db/client.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { addTemplate } from '../support/templates'

const worker = { id: 'test', alone: true }

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let admin: UserActor
  let agent: AgentActor

  beforeAll(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
    agent = await addAgent(desk, 'Agent')
  })
  afterAll(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const canceled = async () => {
    const id = await handIn(desk, owner)
    await cancelJob(desk, owner, id, {})
    return id
  }
  async function done(wanted: NewBatch, actor = admin) {
    const id = await freezeBatch(desk, actor, wanted)
    await confirmBatch(desk, actor, id, {})
    while ((await workOn(desk, worker, id, 2)) > 0);
    const { rows } = await batchItems(desk, actor, id)
    const { state, total, done: count, refused, preview } = await findBatch(desk, actor, id)
    const reasons = Object.fromEntries(rows.map((row) => [row.jobId, row.reason ?? row.outcome]))
    return { id, state, total, done: count, refused, preview, reasons }
  }
  const there = async (ids: string[]) =>
    (await desk.db.all<{ id: string }>('SELECT id FROM jobs ORDER BY id'))
      .map(({ id }) => id)
      .filter((id) => ids.includes(id))

  test('every column that names a job is known to the purge', async () => {
    expect(await jobColumns(desk.db)).toEqual(Object.keys(purgedColumns).sort())
  })

  test('nothing of what a job says is left in any table, but its name in the audit', async () => {
    const word = `quartz${on}`
    const input = {
      name: `Name ${word}`,
      description: `/stats\n${word}`,
      acceptanceCriteria: `It says ${word}`,
      tags: [word],
      metadata: { [word]: word },
    }
    const { id } = await createJob(desk, owner, input, {
      ...{ key: 'k', route: 'POST /api/jobs', bodyHash: 'h' },
      answer: (job) => ({ status: 201, body: JSON.stringify(job) }),
    })
    const claimed = async () => {
      const held = (await claim(desk, agent)).find(({ job }) => job.id === id)
      if (!held) throw new Error('not claimed')
      return held.lease
    }
    const first = await claimed()
    await recordEvents(desk, agent.id, first, [
      { kind: 'message', message: word, responsePayload: `"${word}"` },
    ])
    await submitAttempt(desk, agent, first, { result: JSON.stringify(word) })
    await sendBackJob(desk, owner, id, { feedback: `More ${word}` })
    await failAttempt(desk, agent, await claimed(), { reason: `No ${word}`, retryable: false })
    expect(await tablesWith(desk.db, word)).toEqual(
      expect.arrayContaining(['attempts', 'idempotency_keys', 'job_logs', 'jobs', 'jobs_text_data']),
    )
    const hours = await desk.db.all('SELECT * FROM agent_hours')
    await purgeJob(desk, admin, id)
    // words in the text index go when its parts are merged
    expect((await tablesWith(desk.db, word)).filter((table) => table !== 'jobs_text_data')).toEqual(['audit'])
    expect(await desk.db.all('SELECT detail FROM audit WHERE subjectId = ?', [id])).toEqual([
      { detail: JSON.stringify({ name: input.name, version: 6 }) },
    ])
    expect(await desk.db.all('SELECT * FROM agent_hours')).toEqual(hours)
  })

  test('an import keeps the first of its rows for its draft alone, and no cells of those that became jobs', async () => {
    const word = `basalt${on}`
    const template = await findTemplate(desk, owner, await addTemplate(desk, owner))
    const batch = await freezeImport(desk, owner, { template, rows: csvRows(template, [`topic\n${word}\n`]) })
    expect(await tablesWith(desk.db, word)).toEqual(['batch_items', 'imports'])
    await confirmBatch(desk, owner, batch, {})
    while ((await workOn(desk, worker, batch, 2)) > 0);
    const { rows } = await batchItems(desk, owner, batch)
    const id = rows[0]?.jobId as string
    await cancelJob(desk, owner, id, {})
    await purgeJob(desk, admin, id)
    expect((await tablesWith(desk.db, word)).filter((table) => table !== 'jobs_text_data')).toEqual(['audit'])
    expect(await findBatch(desk, owner, batch)).toMatchObject({ total: 1, done: 1 })
  })

  test('a long log goes in slices; a purge that was cut off holds the job, and is ended later', async () => {
    const long = await canceled()
    await addLog(desk.db, long, owner.id, 3 * logSlice)
    await purgeJob(desk, admin, long)
    expect(await there([long])).toEqual([])

    const cut = await canceled()
    await addLog(desk.db, cut, owner.id, 3 * logSlice)
    const args = purgeArgs([cut], desk.now())
    await desk.db.write({
      repeatable: true,
      statements: [...decidePurge('TRUE'), ...removePurged].map((sql) => statement(sql, args)),
    })
    expect((await findJob(desk, owner, cut)).status).toBe('CANCELED')
    await expect(resubmitJob(desk, owner, cut, {})).rejects.toThrow(Conflict)
    await expect(archiveJob(desk, owner, cut, {})).rejects.toThrow(Conflict)
    await expect(purgeJob(desk, admin, cut)).rejects.toThrow(Conflict)
    await finishPurges(desk)
    expect(await there([cut])).toEqual([])
    expect(await desk.db.all('SELECT * FROM job_purges')).toEqual([])
  })

  test('a batch purges what is closed, by ids and by filter, and each leaves its audit row', async () => {
    const closed = [await canceled(), await canceled(), await canceled()]
    await archiveJob(desk, owner, closed[0] as string, {})
    const open = await handIn(desk, owner)
    const ids = [...closed, open]
    await expect(freezeBatch(desk, owner, { scope: 'own', verb: 'purge', ids })).rejects.toThrow(Forbidden)
    await expect(freezeBatch(desk, admin, { scope: 'own', verb: 'purge', ids })).rejects.toThrow(
      'Only an admin can purge a job.',
    )
    const reason = 'Only a closed job can be purged; this one is pending.'
    const batch = await done({ scope: 'all', verb: 'purge', ids })
    expect(batch).toMatchObject({
      ...{ state: 'DONE', total: 4, done: 3, refused: 1 },
      preview: { eligible: 3, ineligible: [{ reason, count: 1 }] },
      reasons: { ...Object.fromEntries(closed.map((id) => [id, 'DONE'])), [open]: reason },
    })
    expect(await there(ids)).toEqual([open])
    const audits = await desk.db.all<{ subjectId: string }>(
      "SELECT subjectId FROM audit WHERE action = 'job.purge' AND actorId = ? ORDER BY subjectId",
      [admin.id],
    )
    expect(audits.map(({ subjectId }) => subjectId)).toEqual(expect.arrayContaining(closed.toSorted()))

    await cancelJob(desk, owner, open, {})
    expect(await done({ scope: 'all', verb: 'purge', query: 'status=CANCELED' })).toMatchObject({
      refused: 0,
    })
    expect(await there(ids)).toEqual([])
  })

  test('a batch archives what is closed; what is archived already counts as done', async () => {
    const [one, two, three] = [await canceled(), await canceled(), await handIn(desk, owner)]
    await archiveJob(desk, owner, two, {})
    const reason = 'You can archive a job that is completed, failed or canceled; this one is pending.'
    expect(await done({ scope: 'own', verb: 'archive', ids: [one, two, three] }, owner)).toMatchObject({
      ...{ done: 2, refused: 1, reasons: { [one]: 'DONE', [two]: 'DONE', [three]: reason } },
    })
    expect((await findJob(desk, owner, one)).archivedAt).toBe(desk.now())
    expect(await done({ scope: 'own', verb: 'archive', query: 'status=PENDING' }, owner)).toMatchObject({
      done: 0,
    })
  })
})

/** Every column that names a job, as `table.column`: by its name, or because it refers to `jobs`. */
async function jobColumns(db: Database): Promise<string[]> {
  const tables = await db.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'jobs_te%'",
  )
  const found: string[] = []
  for (const { name } of tables) {
    const columns = await db.all<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
    const keys = await db.all<{ from: string }>(
      `SELECT "from" FROM pragma_foreign_key_list('${name}') WHERE "table" = 'jobs'`,
    )
    const named = columns
      .map((column) => column.name)
      .filter((column) => /job_?id$|^subjectId$/i.test(column))
    found.push(...new Set([...named, ...keys.map((key) => key.from)].map((column) => `${name}.${column}`)))
  }
  return found.sort()
}

/** The tables that hold a word anywhere, the text index's own among them. */
async function tablesWith(db: Database, word: string): Promise<string[]> {
  const tables = await db.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
  )
  const found: string[] = []
  for (const { name } of tables) {
    const columns = await db.all<{ name: string }>(`SELECT name FROM pragma_table_info('${name}')`)
    const holds = columns.map((column) => `instr(CAST("${column.name}" AS BLOB), CAST(? AS BLOB)) > 0`)
    const row = await db.first(
      `SELECT 1 FROM "${name}" WHERE ${holds.join(' OR ')} LIMIT 1`,
      columns.map(() => word),
    )
    if (row) found.push(name)
  }
  return found.sort()
}

/** So many messages more in a job's log, put straight into the table. */
const addLog = (db: Database, jobId: string, ownerId: string, count: number) =>
  db.write({
    repeatable: true,
    statements: [
      {
        sql: `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count)
          INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, version, failures, createdAt)
          SELECT 'more' || :jobId || i, :jobId, :ownerId, 100 + i, 'message', 'CANCELED', 'Line ' || i, 'system', 2, 0, 1 FROM n`,
        args: { count, jobId, ownerId },
      },
    ],
  })
