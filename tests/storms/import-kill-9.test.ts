import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { Script } from '../support/api'
import { Client } from '../support/client'
import { violations } from '../support/invariants'
import { startServer } from '../support/server'
import { until } from '../support/until'

/** `npm run test:storms` imports as many rows as there may be; a short one is part of `npm test`. */
const isStorm = Number(process.env.STORM_ROUNDS ?? 1) > 1
const total = isStorm ? 100_000 : 3000
const kills = isStorm ? 3 : 1

interface Batch {
  id: string
  state: string
  done: number
  refused: number
}

test(`an import of ${total} rows outlives ${kills} kill -9, and each row makes one job`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'docket-import-storm-'))
  let server = await startServer({ admin: true, dataDir })
  try {
    let script = await Script.signIn(server)
    // no agent begins these jobs
    const agent = await script.call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Paused', kind: 'toolbox', config: {} },
    })
    await script.call('POST', `/api/admin/agents/${agent.id}/pause`, {})
    const template = await script.call<{ id: string }>('POST', '/api/templates', {
      name: 'Rows',
      job: { name: 'Row {{n}}', description: '/stats\n{{n}}', acceptanceCriteria: 'c', agentId: agent.id },
    })
    const csv = `n\n${Array.from({ length: total }, (_, n) => (n === 7 ? ',x' : `r${n}`)).join('\n')}\n`
    const path = `/api/templates/${template.id}/imports?onlyGood=true`
    const answer = await script.sendText('POST', path, csv, 'text/csv')
    expect(answer.status).toBe(202)
    const { id } = (await answer.json()) as Batch
    const now = () => script.call<Batch>('GET', `/api/batches/${id}`)
    for (let kill = 1; kill <= kills; kill++) {
      await until(async () => (await now()).done > (kill * total) / (kills + 3), 60_000)
      const before = await now()
      await server.kill()
      expect(before.state).toBe('RUNNING')
      const next = await startServer({ admin: true, dataDir })
      await server.dispose()
      server = next
      script = new Script(new Client(server.origin), script.token)
      expect((await now()).done).toBeGreaterThanOrEqual(before.done)
    }
    await until(async () => (await now()).state === 'DONE', 120_000)
    expect(await now()).toMatchObject({ done: total - 1, refused: 1 })
    expect(await server.stop()).toBe(0)
    const db = await openDatabase({ url: `file:${join(dataDir, 'docket.db')}` })
    try {
      expect(await violations(db)).toEqual([])
      const jobs = await db.first('SELECT count(*) AS jobs, count(DISTINCT name) AS names FROM jobs')
      expect(jobs).toEqual({ jobs: total - 1, names: total - 1 })
      const created = await db.first("SELECT count(*) AS n FROM job_logs WHERE kind = 'create'")
      expect(created).toEqual({ n: total - 1 })
    } finally {
      db.close()
    }
  } finally {
    await server.dispose()
    rmSync(dataDir, { recursive: true, force: true })
  }
}, 300_000)
