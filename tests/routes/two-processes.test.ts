import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { EventReader } from '../support/event-stream'
import { exceptOnServer } from '../support/except-on-server'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { startServer, type TestServer } from '../support/server'
import { SteeredAgent } from '../support/steered-agent'
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
afterEach(() => database.unblock())
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

exceptOnServer('takes a read replica')(
  'behind a read replica, what a person or a script has made is there when they are sent to it, at once',
  async () => {
    const { client } = await signUp(here, 'Lea')
    database.behind(300)
    const fields = { name: 'Behind', description: 'd', acceptanceCriteria: 'c', runAfter: '2031-01-01T00:00' }
    const page = await client.follow(await client.postForm('/jobs/new', fields))
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Behind')
    const script = await Script.signIn(there)
    const { id, version } = await script.createJob({ runAfter: '2031-01-01T00:00:00Z' })
    expect(await script.job(id)).toMatchObject({ id, version })
    await script.call('PATCH', `/api/jobs/${id}`, { version, priority: 7 })
    expect(await script.job(id)).toMatchObject({ version: version + 1 })
    database.behind(0)
  },
)

test('neither had anything to complain about', () => {
  for (const server of [here, there]) expect(server.output()).not.toMatch(/"level":[456]0/)
})

test('while the database is blocked everything is answered 503 at once, and an outage is two lines in the log', async () => {
  const olive = await signUp(here, 'Ottilie')
  const { client, token } = await Script.signIn(here, olive)
  const job = { name: 'a', description: 'b', acceptanceCriteria: 'c', runAfter: '2031-01-01T00:00:00Z' }
  const before = here.output().length
  // a database that takes no writes goes on showing its pages
  database.block('maintenance', 'writes')
  expect((await client.json('POST', '/api/jobs', { token, body: job })).status).toBe(503)
  expect([(await olive.client.get('/jobs')).status, (await client.get('/readyz')).status]).toEqual([200, 503])
  database.block('over the quota of its plan')
  await until(async () => (await client.get('/login')).status === 503)
  const created = await client.json('POST', '/api/jobs', { token, body: job })
  expect([created.status, created.headers.get('retry-after')]).toEqual([503, '5'])
  expect(created.headers.get('content-type')).toBe('application/problem+json')
  expect(await created.json()).toMatchObject({ status: 503, reason: 'unavailable' })
  const page = await client.get('/login')
  expect(page.status).toBe(503)
  const html = await page.text()
  expect(html).toContain('Docket cannot answer just now')
  expect(html).toMatch(/<a [^>]*href="\/login"[^>]*>Try again<\/a>/)
  expect((await client.get('/healthz')).status).toBe(200)
  expect([(await client.get('/readyz')).status, await (await client.get('/readyz')).json()]).toEqual([
    503,
    { ready: false },
  ])
  database.unblock()
  await here.outputMatching(/the database is available again/)
  expect((await client.json('POST', '/api/jobs', { token, body: job })).status).toBe(201)
  const lines = here
    .output()
    .slice(before)
    .match(/^.*(?:unavailable|available again|"level":[456]0).*$/gm)
  expect(lines?.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ database: new URL(database.url).host, code: 'BLOCKED', level: 40 }),
    expect.objectContaining({ database: new URL(database.url).host, seconds: expect.any(Number) }),
  ])
})

test('a start without SESSION_SECRET, or on a database that is blocked, ends with a sentence and no stack', async () => {
  const another = await startHranaServer({ file: join(folder, 'another.db') })
  another.block(null)
  const said = (env: Record<string, string | undefined>) =>
    startServer({ env: { DATABASE_URL: another.url, ...env } }).then(() => 'It started.', String)
  const [withoutSecret, blocked] = await Promise.all([said({ SESSION_SECRET: undefined }), said({})])
  expect(withoutSecret).toContain(
    "Docket can't start.\nSESSION_SECRET is required when DATABASE_URL is a libSQL server",
  )
  expect(blocked).toMatch(/Docket can't start\.\nThe libSQL server at .* has reads or writes switched off/)
  for (const each of [withoutSecret, blocked]) expect(each).not.toMatch(/^ +at (?!startServer)/m)
  await another.close()
})

test('where the answer to a write stays lost, both are told that it may be saved, and sending it again makes one job', async () => {
  // of the outage before
  for (const { origin } of [here, there]) await until(async () => (await fetch(`${origin}/readyz`)).ok)
  const { client } = await signUp(here, 'Lost')
  /** The answer to the insertion, and then that to the look for it. */
  const loseAnswers = () => {
    database.dropNextResponse(1, /INSERT INTO jobs /)
    database.dropNextResponse(1, /DELETE FROM probes WHERE false/)
  }
  const said = 'It may have been saved. Look before you send it again.'
  const fields = { name: 'Sent twice', description: 'd', acceptanceCriteria: 'c', idempotencyKey: 'once' }
  loseAnswers()
  const refused = await client.postForm('/jobs/new', fields)
  expect(refused.status).toBe(503)
  const page = await refused.text()
  expect(page).toContain(said)
  expect(page).toContain('Sent twice')
  expect(page).toMatch(/name="idempotencyKey" value="once"/)
  expect((await client.postForm('/jobs/new', fields)).status).toBe(303)
  expect((await (await client.get('/jobs')).text()).match(/>Sent twice</g)).toHaveLength(1)

  const script = await Script.signIn(there)
  const body = { name: 'Lost by JSON', description: 'd', acceptanceCriteria: 'c' }
  const send = () => script.send('POST', '/api/jobs', body, { 'Idempotency-Key': 'once' })
  loseAnswers()
  const lost = await send()
  expect(lost.status).toBe(503)
  expect(await lost.json()).toMatchObject({ reason: 'outcome_unknown', detail: said })
  const again = (await (await send()).json()) as { id: string }
  const { data } = await script.call<{ data: { id: string }[] }>('GET', '/api/jobs?q=Lost')
  expect(data.map(({ id }) => id)).toEqual([again.id])
})

test('where a newer version begins to change the database, both give back what they run, answer 503, and say so once', async () => {
  const admin = await Script.signIn(here)
  const agent = new SteeredAgent()
  try {
    const { id: agentId } = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Steered', kind: 'command', config: agent.config },
    })
    const job = await admin.createJob({ agentId })
    agent.say({ type: 'log', message: 'begun' })
    await admin.jobIn(job.id, 'IN_PROGRESS')
    const db = await openDatabase({ url: database.url })
    await db.write({
      repeatable: true,
      statements: [{ sql: "INSERT INTO migrations VALUES (9999, 'later', 0)", args: [] }],
    })
    await until(async () => {
      const { rows } = await db.client.execute('SELECT count(*) AS live FROM attempts WHERE endedAt IS NULL')
      return rows[0]?.live === 0
    })
    const last = await db.first('SELECT status, failures FROM jobs WHERE id = ?', [job.id])
    expect(last).toEqual({ status: 'ASSIGNED', failures: 0 })
    const said = 'A newer version of Docket has taken over'
    for (const server of [here, there]) {
      await until(async () => (await fetch(`${server.origin}/readyz`)).status === 503)
      for (const path of ['/login', '/jobs', '/api/jobs', '/api/jobs/x/events', '/readyz']) {
        const answer = await fetch(`${server.origin}${path}`)
        expect([path, answer.status]).toEqual([path, 503])
        expect(await answer.text()).toContain(said)
      }
      const created = await new Script(new Client(server.origin), 'any').send('POST', '/api/jobs', {})
      expect(created.status).toBe(503)
      expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
      expect(server.output().split(said)).toHaveLength(2)
    }
    db.close()
  } finally {
    agent.dispose()
  }
})
