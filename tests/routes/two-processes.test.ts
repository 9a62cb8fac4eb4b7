import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { EventReader } from '../support/event-stream'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** Two real servers on one libSQL server: what one does, the other shows. */

const folder = mkdtempSync(join(tmpdir(), 'docket-two-'))
let database: HranaServer
let here: TestServer
let there: TestServer

beforeAll(async () => {
  database = await startHranaServer({ file: join(folder, 'docket.db') })
  const db = await openDatabase({ url: database.url })
  await migrate(db)
  db.close()
  const env = { DATABASE_URL: database.url }
  ;[here, there] = await Promise.all([startServer({ admin: true, env }), startServer({ env })])
}, 60_000)
afterAll(async () => {
  await here.dispose()
  await there.dispose()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

test('an account, a token and a job of one are there for the other, and its events arrive', async () => {
  const olive = await signUp(here, 'Olive')
  const { token } = await Script.signIn(there, olive)
  const [near, far] = [here, there].map(({ origin }) => new Script(new Client(origin), token)) as [
    Script,
    Script,
  ]
  const job = await near.createJob({ runAfter: '2031-01-01T00:00:00Z' })
  const reader = await EventReader.open(`${here.origin}/api/jobs/${job.id}/events`, {
    authorization: `Bearer ${token}`,
  })
  await far.call('PATCH', `/api/jobs/${job.id}`, { version: job.version, priority: 5 })
  await until(() => reader.events.length === 1, 1_500)
  await far.call('PATCH', `/api/jobs/${job.id}`, { version: job.version + 1, runAfter: null })
  await near.jobIn(job.id, 'IN_REVIEW')
  await until(() => reader.events.at(-1)?.data.kind === 'submit')
  expect(reader.events.map(({ id }) => id)).toEqual([...reader.seqs()].sort((a, b) => a - b))
  reader.close()
})

test('neither had anything to complain about', () => {
  for (const server of [here, there]) expect(server.output()).not.toMatch(/"level":[456]0/)
})
