import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { disableUser } from '~/domain/accounts/disable.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { dropBatch } from '~/domain/batches/drop.server'
import { freezeImport } from '~/domain/batches/import.server'
import { firstJobs } from '~/domain/batches/import-rows.server'
import { batchItems, findBatch, listBatches } from '~/domain/batches/queries.server'
import { retryBatch } from '~/domain/batches/retry.server'
import { batchesFor, workOn } from '~/domain/batches/run.server'
import { BatchRunner } from '~/domain/batches/runner.server'
import { stopBatch } from '~/domain/batches/stop.server'
import { mostImported } from '~/domain/batches/view'
import type { Desk } from '~/domain/desk'
import { Conflict, Invalid, NotFound } from '~/domain/errors'
import { sweepExpired } from '~/domain/housekeeping.server'
import { findJob, jobLogs, listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { csvRows } from '~/domain/templates/csv-rows.server'
import { findTemplate } from '~/domain/templates/queries.server'
import { addAgent, addUser, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { addTemplate, dropTemplate, needMore } from '../support/templates'
import { until } from '../support/until'

let stage: TestDesk
let desk: Desk
let olive: UserActor
let template: string
const worker = { id: 'one', alone: false }

const open = async (on: 'file' | 'server') => {
  stage = await testDesk(on)
  desk = stage.desk
  olive = await addUser(desk, 'Olive')
  template = await addTemplate(desk, olive, { tags: ['made'] })
}
afterEach(async () => {
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

async function frozen(csv: string, actor = olive, from = template): Promise<string> {
  const view = await findTemplate(desk, actor, from)
  return freezeImport(desk, actor, { template: view, rows: csvRows(view, [csv]), fileName: 'rows.csv' })
}

async function started(csv: string): Promise<string> {
  const id = await frozen(csv)
  await confirmBatch(desk, olive, id, {})
  return id
}

/** Works it off in slices. @returns how many rows each took */
async function worked(id: string, size = 100): Promise<number[]> {
  const taken: number[] = []
  for (;;) {
    const count = await workOn(desk, worker, id, size)
    if (count === 0) return taken
    taken.push(count)
  }
}

const count = async (table: string) =>
  (await desk.db.first<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))?.n
const names = async () =>
  (await listJobs(desk, olive, { scope: 'own', limit: 100 })).rows.map(({ name }) => name)
const cells = () => desk.db.all<{ cells: string }>('SELECT cells FROM batch_items WHERE cells IS NOT NULL')

describe.each(['file', 'server'] as const)('an import on a %s', (on) => {
  beforeEach(() => open(on))

  test('says what it will make, and makes a job of each good row, once', async () => {
    const id = await frozen('topic,priority\ntea,2\n\n,3\ncoffee,12\nmilk,\nshort\n')
    expect(await findBatch(desk, olive, id)).toMatchObject({
      verb: 'import',
      state: 'DRAFT',
      ...{ total: 5, done: 0, refused: 3 },
      import: { templateId: template, fileName: 'rows.csv' },
      preview: {
        eligible: 2,
        ineligible: [
          { reason: 'topic: Give a value.', count: 1 },
          { reason: expect.stringContaining('priority: '), count: 1 },
          { reason: 'It has 1 cell; the first row has 2.', count: 1 },
        ],
      },
    })
    expect(await firstJobs(desk, id)).toMatchObject([
      { row: 2, name: 'Report on tea', priority: 2, tags: ['made'] },
      { row: 6, name: 'Report on milk', priority: 0 },
    ])
    expect(await names()).toEqual([])
    await confirmBatch(desk, olive, id, {})
    await confirmBatch(desk, olive, id, {})
    expect(await batchesFor(desk, worker)).toEqual([id])
    expect(await worked(id, 1)).toEqual([1, 1])
    expect(await names()).toEqual(['Report on milk', 'Report on tea'])
    expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', total: 5, done: 2, refused: 3 })
    const { rows } = await batchItems(desk, olive, id)
    expect(rows.map(({ row, outcome, jobName, reason }) => [row, outcome, jobName, reason])).toEqual([
      [2, 'DONE', 'Report on tea', null],
      [4, 'REFUSED', null, 'topic: Give a value.'],
      [5, 'REFUSED', null, expect.stringContaining('priority: ')],
      [6, 'DONE', 'Report on milk', null],
      [7, 'REFUSED', null, 'It has 1 cell; the first row has 2.'],
    ])
    const [first] = rows
    const job = await findJob(desk, olive, first?.jobId as string)
    expect(job).toMatchObject({ priority: 2, templateId: template, status: 'PENDING' })
    const log = await jobLogs(desk, olive, job.id, {})
    expect(log.rows[0]?.message).toMatch(/^Handed in from the template “Report .*”, row 2\.$/)
    expect(log.rows[0]?.requestPayload).toBe(JSON.stringify({ batch: id, row: 2 }))
  })

  test('two workers at once make each job once', async () => {
    const id = await started(`topic\n${Array.from({ length: 40 }, (_, n) => `t${n}`).join('\n')}`)
    const other = { id: 'two', alone: true }
    for (let n = 0; n < 10; n++) {
      await Promise.all([workOn(desk, worker, id, 3), workOn(desk, { ...other, alone: true }, id, 3)])
    }
    await until(async () => (await workOn(desk, other, id, 10)) === 0)
    expect(await findBatch(desk, olive, id)).toMatchObject({ state: 'DONE', done: 40, refused: 0 })
    expect(new Set(await names()).size).toBe(40)
    expect(await count('jobs')).toBe(40)
  })

  test('is stopped, and what is left is retried by the template as it is now', async () => {
    const id = await started('topic\na\nb\n\n,\nc\nd\n')
    await workOn(desk, worker, id, 1)
    await stopBatch(desk, olive, id)
    expect(await workOn(desk, worker, id, 1)).toBe(0)
    expect(await names()).toEqual(['Report on a'])
    const retry = await retryBatch(desk, olive, id)
    expect(await findBatch(desk, olive, retry)).toMatchObject({ state: 'DRAFT', total: 3, retryOf: id })
    await confirmBatch(desk, olive, retry, {})
    expect(await worked(retry)).toEqual([3])
    expect(await names()).toEqual(['Report on d', 'Report on c', 'Report on b', 'Report on a'])
    const { rows } = await batchItems(desk, olive, retry)
    expect(rows.map(({ row }) => row)).toEqual([3, 6, 7])
    await expect(retryBatch(desk, olive, retry)).rejects.toThrow(Conflict)
  })

  test('keeps what is in the rows only as long as it is needed', async () => {
    const id = await started('topic,priority\nsecret a,1\nsecret b,99\n')
    await worked(id)
    expect((await cells()).map((each) => each.cells)).toEqual([expect.stringContaining('secret b')])
    stage.advance(6 * 86_400_000)
    await sweepExpired(desk)
    expect(await cells()).toHaveLength(1)
    stage.advance(2 * 86_400_000)
    await sweepExpired(desk)
    expect(await cells()).toEqual([])
    await expect(retryBatch(desk, olive, id)).rejects.toThrow(Conflict)
    expect((await batchItems(desk, olive, id)).rows.map(({ outcome }) => outcome)).toEqual([
      'DONE',
      'REFUSED',
    ])
  })
})

describe('an import', () => {
  beforeEach(() => open('file'))

  test('leaves nothing behind where it is refused, breaks off or is thrown away', async () => {
    const view = await findTemplate(desk, olive, template)
    async function* broken() {
      yield* csvRows(view, [`topic\n${'a\n'.repeat(1200)}`])
      throw new Error('broke off')
    }
    await expect(freezeImport(desk, olive, { template: view, rows: broken() })).rejects.toThrow('broke off')
    await expect(frozen('colour\nred\n')).rejects.toThrow(Invalid)
    await expect(frozen('topic\na\n"b')).rejects.toThrow(Invalid)
    await dropBatch(desk, olive, await frozen('topic\na\n'))
    // one whose process died while it came
    const half = await frozen('topic\na\n')
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: "UPDATE batches SET preview = '{}'", args: [] }],
    })
    await expect(confirmBatch(desk, olive, half, {})).rejects.toThrow(Conflict)
    stage.advance(25 * 3_600_000)
    await sweepExpired(desk)
    for (const table of ['batches', 'batch_items', 'imports', 'jobs']) expect(await count(table)).toBe(0)
  })

  test('has a limit of rows, past which nothing of it is kept', async () => {
    expect(mostImported).toBe(100_000)
    const view = await findTemplate(desk, olive, template)
    const wanted = (rows: number) => ({
      template: view,
      rows: csvRows(view, [`topic\n${'a\n'.repeat(rows)}`]),
      most: 1100,
    })
    const id = await freezeImport(desk, olive, wanted(1100))
    const refused = await freezeImport(desk, olive, wanted(1101)).catch((error: unknown) => error)
    expect((refused as Invalid).fields.csv?.[0]).toMatch(/more than 1,100 rows/)
    expect(await count(`batch_items WHERE batchId <> '${id}'`)).toBe(0)
  })

  test('long rows make small slices', async () => {
    const long = await addTemplate(desk, olive, { description: 'word '.repeat(9000) })
    const id = await frozen(`topic\n${Array.from({ length: 30 }, (_, n) => `t${n}`).join('\n')}`, olive, long)
    await confirmBatch(desk, olive, id, {})
    expect(await worked(id, 500)).toEqual([9, 9, 9, 3])
  })

  test('ends where its maker is disabled, its agent retired or its template gone', async () => {
    const ada = await addUser(desk, 'Ada', 'ADMIN')
    const agent = await addAgent(desk, 'Agent')
    const named = await addTemplate(desk, olive, { agentId: agent.id })
    const ids = [await frozen('topic\na\nb\n', olive, named), await frozen('topic\na\nb\n')]
    const gone = await frozen('topic\na\n')
    for (const id of ids) await confirmBatch(desk, olive, id, {})
    await workOn(desk, worker, ids[0] as string, 1)
    await setAgentState(desk, agent, 'RETIRED')
    await workOn(desk, worker, ids[0] as string, 1)
    await dropTemplate(desk, template)
    await expect(confirmBatch(desk, olive, gone, {})).rejects.toMatchObject({ reason: 'template_gone' })
    await workOn(desk, worker, ids[1] as string, 1)
    await disableUser(desk, ada, `${olive.id}@example.com`)
    await workOn(desk, worker, ids[1] as string, 1)
    const notes = await Promise.all(ids.map(async (id) => (await findBatch(desk, ada, id)).note))
    expect(notes).toEqual(['Stopped, because the agent was retired.', 'Stopped, because Olive was disabled.'])
    expect(await count('jobs')).toBe(2)
  })

  test('is its maker’s; a retry goes by what the template asks for now', async () => {
    const sam = await addUser(desk, 'Sam')
    await expect(frozen('topic\na\n', sam)).rejects.toThrow(NotFound)
    const id = await started('topic,priority\na,1\nb,77\n')
    await expect(findBatch(desk, sam, id)).rejects.toThrow(NotFound)
    await worked(id)
    await needMore(desk, template, 'audience', 'Audience')
    const retry = await findBatch(desk, olive, await retryBatch(desk, olive, id))
    expect(retry).toMatchObject({ total: 1, refused: 1, preview: { eligible: 0 } })
    expect((await listBatches(desk, olive)).rows.map((each) => each.id)).toEqual([id])
  })

  test('the runner works through one, and other work comes in between', async () => {
    const id = await started(`topic\n${Array.from({ length: 300 }, (_, n) => `t${n}`).join('\n')}`)
    const errors: unknown[] = []
    const runner = new BatchRunner({ desk, onError: (error) => errors.push(error) })
    let turns = 0
    const ticking = setInterval(() => turns++, 0)
    runner.start()
    try {
      await until(async () => (await findBatch(desk, olive, id)).state === 'DONE')
    } finally {
      clearInterval(ticking)
      await runner.stop()
    }
    expect(errors).toEqual([])
    expect(turns).toBeGreaterThan(3)
    expect(await count('jobs')).toBe(300)
  })
})
