import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { recordEvents } from '~/domain/attempts/record.server'
import { submitAttempt } from '~/domain/attempts/settle.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob } from '~/domain/jobs/create.server'
import { findJob, jobLogs, listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { DatabaseUnavailable, isUnavailable, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { describeExceptOnServer } from '../support/except-on-server'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { violations } from '../support/invariants'
import { until } from '../support/until'

let desk: Desk
let owner: UserActor
let agent: AgentActor

async function people() {
  owner = await addUser(desk, 'Olive')
  agent = await addAgent(desk, 'Agent', { concurrency: 100 })
}

/** The whole database as rows, to show that a refused change left nothing. */
async function everything() {
  const all: Record<string, unknown> = {}
  for (const table of ['jobs', 'job_logs', 'attempts', 'job_counts', 'idempotency_keys']) {
    all[table] = await desk.db.all(`SELECT * FROM ${table}`)
  }
  return all
}

/** Readiness is asked at most once a second, so its answer turns within that time. */
const readiness = (wanted: boolean) => until(async () => (await desk.db.probe()) === wanted)
const big = { name: 'Big', description: 'x'.repeat(50_000), acceptanceCriteria: 'c' }

describeExceptOnServer('only a file is full or read-only')('on a file', () => {
  let stage: TestDesk

  beforeEach(async () => {
    stage = await testDesk('file', 'still', 'FULL')
    desk = stage.desk
    await people()
  })
  afterEach(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const pragma = (text: string) => desk.db.client.execute(`PRAGMA ${text}`)
  const causes = {
    full: {
      begin: async () => {
        const pages = (await desk.db.first<{ page_count: number }>('PRAGMA page_count'))?.page_count
        await pragma(`max_page_count = ${pages}`)
      },
      end: () => pragma('max_page_count = 1073741823'),
    },
    'read-only': { begin: () => pragma('query_only = ON'), end: () => pragma('query_only = OFF') },
  }

  test.each(Object.entries(causes))(
    '%s: changes are refused whole, and taken when the cause goes',
    async (_, cause) => {
      const id = await handIn(desk, owner, { agentId: agent.id })
      const [held] = await claim(desk, agent)
      if (!held) throw new Error('not claimed')
      const before = await everything()
      await cause.begin()

      const key = { key: 'k', route: 'r', bodyHash: 'h', answer: () => ({ status: 201, body: '{}' }) }
      const changes = [
        () => createJob(desk, owner, big, key),
        () => submitAttempt(desk, agent, held.lease, { result: JSON.stringify('y'.repeat(100_000)) }),
        () =>
          recordEvents(desk, agent.id, held.lease, [
            { kind: 'call', responsePayload: JSON.stringify('z'.repeat(50_000)) },
          ]),
      ]
      for (const change of changes) {
        await expect(change()).rejects.toThrow(DatabaseUnavailable)
        expect(desk.db.healthy).toBe(false)
      }
      // several that wait at once, too
      const many = await Promise.allSettled(Array.from({ length: 5 }, () => createJob(desk, owner, big)))
      expect(many.map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
      expect(await everything()).toEqual(before)
      await readiness(false)
      // what is there can be read meanwhile
      expect((await findJob(desk, owner, id)).status).toBe('IN_PROGRESS')

      await cause.end()
      await readiness(true)
      expect(desk.db.healthy).toBe(true)
      await submitAttempt(desk, agent, held.lease, { result: '1' })
      expect((await findJob(desk, owner, id)).status).toBe('IN_REVIEW')
      // the key was not burnt by the refusal
      expect((await createJob(desk, owner, big, key)).job?.name).toBe('Big')
      expect(await desk.db.first('PRAGMA locking_mode')).toEqual({ locking_mode: 'exclusive' })
      expect(await desk.db.first('PRAGMA synchronous')).toEqual({ synchronous: 2 })
    },
  )

  test('with room for a little, but not for a large job, it is not ready', async () => {
    const pages = (await desk.db.first<{ page_count: number }>('PRAGMA page_count'))?.page_count ?? 0
    await pragma(`max_page_count = ${pages + 30}`)
    await createJob(desk, owner, { ...big, description: 'a short one' })
    await expect(createJob(desk, owner, { ...big, description: '文'.repeat(50_000) })).rejects.toThrow(
      DatabaseUnavailable,
    )
    await readiness(false)
    await causes.full.end()
    await readiness(true)
  })

  test('a full database is not called broken for good', async () => {
    await causes.full.begin()
    await createJob(desk, owner, big).catch(() => undefined)
    expect(desk.db.brokenForGood).toBe(false)
    await causes.full.end()
  })
})

describe('on a server', () => {
  let folder: string
  let server: HranaServer

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docket-lost-'))
    server = await startHranaServer({ file: join(folder, 'docket.db') })
    const db = await openDatabase({ url: server.url })
    await migrate(db)
    desk = { db, now: Date.now }
    await people()
  })
  afterEach(async () => {
    expect(await violations(desk.db)).toEqual([])
    desk.db.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const kinds = async (id: string) => (await jobLogs(desk, owner, id, {})).rows.map(({ kind }) => kind)

  test('a hand-in whose answer is lost made one job, and says so', async () => {
    server.dropNextResponse(1, /INSERT INTO jobs/)
    const { id, job } = await createJob(desk, owner, big)
    expect(job?.id).toBe(id)
    expect((await listJobs(desk, owner, { scope: 'own' })).rows.map((each) => each.id)).toEqual([id])
    expect(await kinds(id)).toEqual(['create'])
    await readiness(true)
  })

  test('with an idempotency key, too', async () => {
    const key = { key: 'k', route: 'r', bodyHash: 'h', answer: () => ({ status: 201, body: '{}' }) }
    server.dropNextResponse(1, /INSERT INTO jobs/)
    const first = await createJob(desk, owner, big, key)
    const again = await createJob(desk, owner, big, key)
    expect(again).toEqual({ job: null, id: first.id, answer: { status: 201, body: '{}' } })
    expect((await listJobs(desk, owner, { scope: 'own' })).rows).toHaveLength(1)
  })

  test('a transition whose answer is lost happened once, and its attempt is handed out', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id })
    server.dropNextResponse(1, /UPDATE jobs/)
    const [held] = await claim(desk, agent)
    expect(held?.lease.jobId).toBe(id)
    server.dropNextResponse(1, /UPDATE jobs/)
    const submitted = await submitAttempt(desk, agent, (held as NonNullable<typeof held>).lease, {
      result: '1',
    })
    expect(submitted).toMatchObject({ id, status: 'IN_REVIEW', version: 3 })
    server.dropNextResponse(1, /UPDATE jobs/)
    expect(await cancelJob(desk, owner, id, {})).toMatchObject({ status: 'CANCELED', version: 4 })
    expect(await kinds(id)).toEqual(['create', 'claim', 'submit', 'cancel'])
  })

  test('events whose answer is lost are on the record once', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id })
    const [held] = await claim(desk, agent)
    server.dropNextResponse(1, /INSERT INTO job_logs/)
    await recordEvents(desk, agent.id, (held as NonNullable<typeof held>).lease, [
      { kind: 'message', message: 'one' },
      { kind: 'message', message: 'two' },
    ])
    expect(await kinds(id)).toEqual(['create', 'claim', 'message', 'message'])
  })

  test('of several in one lost batch each gets its own answer', async () => {
    server.dropNextResponse(1, /INSERT INTO jobs/)
    const made = await Promise.all(Array.from({ length: 5 }, () => createJob(desk, owner, big)))
    expect(new Set(made.map(({ id }) => id)).size).toBe(5)
    expect((await listJobs(desk, owner, { scope: 'own' })).rows).toHaveLength(5)
  })

  test('while it is down nothing is taken, and it goes on by itself when it is back', async () => {
    const id = await handIn(desk, owner, { agentId: agent.id })
    const { port } = server
    await server.close()
    await expect(createJob(desk, owner, big)).rejects.toSatisfy(isUnavailable)
    await expect(cancelJob(desk, owner, id, {})).rejects.toThrow(DatabaseUnavailable)
    await readiness(false)
    const read = await findJob(desk, owner, id).catch((error: unknown) => error)
    expect(isUnavailable(read)).toBe(true)

    server = await startHranaServer({ file: join(folder, 'docket.db'), port })
    await readiness(true)
    await cancelJob(desk, owner, id, {})
    await createJob(desk, owner, big)
    expect((await listJobs(desk, owner, { scope: 'own' })).rows).toHaveLength(2)
  })
})
