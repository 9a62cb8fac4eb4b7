import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createJobs } from '~/domain/jobs/create.server'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script } from '../support/api'
import { addUser } from '../support/cast'
import { Client } from '../support/client'
import { violations } from '../support/invariants'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** `npm run test:storms` plays more; one round is part of `npm test`. */
const rounds = Math.ceil(Number(process.env.STORM_ROUNDS ?? 1) / 4)
const total = 10_000

interface Batch {
  id: string
  state: string
  total: number
  done: number
  refused: number
}

test.each(Array.from({ length: rounds }, (_, n) => n + 1))(
  'a batch of 10,000 jobs outlives three kill -9, and each job is acted upon once (round %i)',
  async (round) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'docket-batch-storm-'))
    const file = join(dataDir, 'docket.db')
    const ids = await fill(file)
    let server = await startServer({ admin: true, dataDir })
    try {
      let script = await Script.signIn(server)
      const wanted = { verb: 'priority', scope: 'all', priority: 7, ids }
      const batch = await script.call<Batch>('POST', '/api/batches', wanted, [202])
      expect(batch).toMatchObject({ state: 'RUNNING', total })
      const now = () => script.call<Batch>('GET', `/api/batches/${batch.id}`)
      for (let kill = 1; kill <= 3; kill++) {
        await until(async () => (await now()).done > kill * (1000 + 200 * round))
        const before = await now()
        await server.kill()
        expect(before).toMatchObject({ state: 'RUNNING' })
        server = await again(server, dataDir)
        script = new Script(new Client(server.origin), script.token)
        // what was told of is there after it
        expect((await now()).done).toBeGreaterThanOrEqual(before.done)
      }
      await until(async () => (await now()).state === 'DONE', 30_000)
      expect(await now()).toMatchObject({ total, done: total, refused: 0 })
      expect(await server.stop()).toBe(0)
      await checkTheRecord(file)
    } finally {
      await server.dispose()
      rmSync(dataDir, { recursive: true, force: true })
    }
  },
  120_000,
)

async function again(server: TestServer, dataDir: string): Promise<TestServer> {
  const next = await startServer({ admin: true, dataDir })
  await server.dispose()
  return next
}

/** @returns the ids of the jobs it puts there, which no agent may begin */
async function fill(file: string): Promise<string[]> {
  const db = await openDatabase({ url: `file:${file}` })
  await migrate(db)
  const desk = { db, now: Date.now }
  const owner = await addUser(desk, 'Olive')
  const job = {
    ...{ name: 'A job', description: '/stats\none two', acceptanceCriteria: 'It counts' },
    runAfter: Date.UTC(2099, 0, 1),
  }
  const ids: string[] = []
  while (ids.length < total) {
    ids.push(
      ...(await createJobs(
        desk,
        owner,
        Array.from({ length: 500 }, () => job),
      )),
    )
  }
  await db.release()
  db.close()
  return ids
}

/** The database itself, after the server let go of it: one step a job, by the batch, and one audit row. */
async function checkTheRecord(file: string) {
  const db = await openDatabase({ url: `file:${file}` })
  try {
    expect(await violations(db)).toEqual([])
    const edits = await db.first<{ rows: number; jobs: number }>(
      "SELECT count(*) AS rows, count(DISTINCT jobId) AS jobs FROM job_logs WHERE kind = 'edit'",
    )
    expect(edits).toEqual({ rows: total, jobs: total })
    const audits = await db.first<{ rows: number; jobs: number }>(
      "SELECT count(*) AS rows, count(DISTINCT subjectId) AS jobs FROM audit WHERE action = 'job.edit'",
    )
    expect(audits).toEqual({ rows: total, jobs: total })
    const jobs = await db.first<{ least: number; most: number }>(
      'SELECT min(version) AS least, max(version) AS most FROM jobs WHERE priority = 7',
    )
    expect(jobs).toEqual({ least: 2, most: 2 })
  } finally {
    db.close()
  }
}
