import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createJobs } from '~/domain/jobs/create.server'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script, signIn } from '../support/api'
import { addUser } from '../support/cast'
import { startServer } from '../support/server'
import { type Line, ms, percentile, perSecond, print, rate, spread, times } from './measure'

const total = 10_000
/** So many of each request before; then one after the other as long as batches run. */
const calmRounds = 400
/** What others may have to wait longer for, in milliseconds at p99. */
const mostMore = 50

/** Each step does something to every job, whatever came before. */
const groups: Record<string, object[]> = {
  priority: [1, 2, 3].map((priority) => ({ verb: 'priority', priority })),
  'addTag and removeTag': ['addTag', 'removeTag'].map((verb) => ({ verb, tag: 'urgent' })),
  'cancel and resubmit': ['cancel', 'resubmit'].map((verb) => ({ verb })),
}

interface Batch {
  id: string
  state: string
  done: number
}

/** What other people's requests take while a batch of 10,000 jobs is worked through, against the same without it. */
export async function batches(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'docket-bench-batches-'))
  const ids = await fill(join(dataDir, 'docket.db'))
  const server = await startServer({ admin: true, dataDir, env: { LOG_LEVEL: 'warn' } })
  try {
    const script = await Script.signIn(server)
    await pauseAgents(script)
    const client = await signIn(server)
    const page = async () => {
      const response = await client.get('/jobs')
      await response.text()
      if (response.status !== 200) throw new Error(`GET /jobs answered ${response.status}`)
    }
    const create = () => script.createJob({ runAfter: '2099-01-01T00:00:00Z' })
    const calm = { page: await times(calmRounds, page), create: await times(calmRounds, create) }
    const lines: Line[] = [
      { what: 'GET /jobs, no batch', value: spread(calm.page) },
      { what: 'POST /api/jobs, no batch', value: spread(calm.create) },
    ]
    for (const [what, steps] of Object.entries(groups)) {
      const during = { page: [] as number[], create: [] as number[] }
      const took: number[] = []
      for (const wanted of [...steps, ...steps]) {
        const { id } = await script.call<Batch>(
          'POST',
          '/api/batches',
          { ...wanted, scope: 'all', ids },
          [202],
        )
        const confirmed = performance.now()
        let batch: Batch
        do {
          during.page.push(...(await times(5, page, 0)))
          during.create.push(...(await times(5, create, 0)))
          batch = await script.call<Batch>('GET', `/api/batches/${id}`)
        } while (batch.state === 'RUNNING')
        took.push(performance.now() - confirmed)
        if (batch.done !== total) throw new Error(`${batch.done} of ${total} jobs were done`)
      }
      lines.push(
        { what: `${what}, ${took.length} batches`, value: rate(perSecond(took, total)) },
        lineOf('GET /jobs', during.page, calm.page),
        lineOf('POST /api/jobs', during.create, calm.create),
      )
    }
    print(`While a batch of ${total.toLocaleString('en')} jobs is worked through`, lines)
  } finally {
    await server.dispose()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

function lineOf(what: string, during: number[], calm: number[]): Line {
  const more = percentile(during, 0.99) - percentile(calm, 0.99)
  const verdict = more <= mostMore ? `at most ${mostMore} ms` : `MORE than ${mostMore} ms`
  return {
    what: `  ${what} meanwhile (${during.length})`,
    value: `${spread(during)}, p99 ${more < 0 ? '-' : '+'}${ms(Math.abs(more))}: ${verdict}`,
  }
}

/** So that what is resubmitted stays where it is. */
async function pauseAgents(script: Script): Promise<void> {
  const { data } = await script.call<{ data: { id: string }[] }>('GET', '/api/admin/agents')
  for (const { id } of data) await script.call('POST', `/api/admin/agents/${id}/pause`, {})
}

/** @returns the ids of jobs that no agent may begin */
async function fill(file: string): Promise<string[]> {
  const db = await openDatabase({ url: `file:${file}` })
  await migrate(db)
  const desk = { db, now: Date.now }
  const owner = await addUser(desk, 'Owner')
  const job = {
    ...{ name: 'A job', description: 'd '.repeat(500), acceptanceCriteria: 'c' },
    runAfter: Date.UTC(2099, 0, 1),
  }
  const ids: string[] = []
  while (ids.length < total) {
    const some = Array.from({ length: 500 }, () => job)
    ids.push(...(await createJobs(desk, owner, some)))
  }
  await db.release()
  db.close()
  return ids
}
