import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

let server: TestServer
let admin: Script

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
})
afterAll(() => server.dispose())

interface OverviewJson {
  verdict: { tone: string; headline: string; concerns: { text: string; about: { kind: string } }[] }
  open: Record<string, number>
  day: { buckets: { from: string; created: number }[]; total: Record<string, number | null> }
  month: { buckets: { from: string }[] }
  agents: { id: string; running: number; waiting: number }[]
  needs: Record<string, { id: string; since: string; ownerName: string }[]>
}
const overview = () => admin.call<OverviewJson>('GET', '/api/admin/overview')

test('by JSON: the facts of the page, from what really happened', async () => {
  expect(await overview()).toMatchObject({ verdict: { tone: 'good', headline: 'All is well.' } })
  const done = await admin.createJob({ review: 'none' })
  const judged = await admin.createJob()
  const failed = await admin.createJob({ name: 'Hopeless', description: 'no command' })
  await admin.jobIn(done.id, 'COMPLETED')
  await admin.jobIn(judged.id, 'IN_REVIEW')
  await admin.jobIn(failed.id, 'FAILED')
  const { data: agents } = await admin.call<{ data: { id: string }[] }>('GET', '/api/admin/agents')
  for (const { id } of agents) await admin.call('PATCH', `/api/admin/agents/${id}`, { state: 'PAUSED' })
  const stuck = await admin.createJob()

  const now = await overview()
  expect(now.open).toEqual({ PENDING: 1, ASSIGNED: 0, IN_PROGRESS: 0, INPUT_REQUIRED: 0, IN_REVIEW: 1 })
  expect(now.day.buckets).toHaveLength(24)
  expect(now.month.buckets).toHaveLength(30)
  expect(now.day.total).toEqual({ created: 4, completed: 1, failed: 1, canceled: 0, failureRate: 0.5 })
  expect(now.day.buckets.at(-1)?.from).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/)
  const ids = Object.fromEntries(
    Object.entries(now.needs).map(([name, jobs]) => [name, jobs.map(({ id }) => id)]),
  )
  expect(ids).toEqual({
    questions: [],
    reviews: [judged.id],
    failures: [failed.id],
    stuck: [stuck.id],
    schedules: [],
  })
  expect(now.verdict).toMatchObject({
    tone: 'danger',
    concerns: [
      { text: '1 job that names no agent waits, and no agent is active.', about: { kind: 'agents' } },
    ],
  })
})

test('hours and days are those of the zone that is asked for, and of UTC otherwise', async () => {
  const [{ id } = { id: '' }] = (await overview()).agents
  const kolkata = await admin.call<OverviewJson>('GET', '/api/admin/overview?timeZone=asia/kolkata')
  expect(kolkata).toMatchObject({ day: { timeZone: 'Asia/Kolkata', exactSince: null } })
  const starts = [...kolkata.day.buckets, ...kolkata.month.buckets].map(({ from }) => from.slice(13))
  expect(new Set(starts)).toEqual(new Set([':30:00.000Z']))
  expect(kolkata.day.total).toEqual((await overview()).day.total)
  for (const address of ['overview?', 'agents?', `agents/${id}?`, 'jobs?', 'audit?from=2026-01-01&']) {
    const answer = (zone: string) => admin.send('GET', `/api/admin/${address}timeZone=${zone}`)
    expect((await answer('Asia/Kolkata')).status, address).toBe(200)
    expect((await answer('Mars/Base')).status, address).toBe(422)
  }
})

test('the page says the same, whole without JavaScript', async () => {
  const client = new Client(server.origin)
  expect((await client.postForm('/login', ADMIN)).status).toBe(303)
  const html = await (await client.get('/admin')).text()
  for (const text of [
    'Something is wrong.',
    'no agent is active',
    'Hopeless',
    'Show as a table',
    '<svg role="img"',
  ])
    expect(html).toContain(text)
  expect(html).toContain('/admin/jobs?status=IN_REVIEW')
  // the policy forbids them, so a browser would drop them
  expect(html).not.toMatch(/<[^>]* style=/)
})

test('to others neither is there', async () => {
  const person = await signUp(server, 'Olive')
  const script = await Script.signIn(server, person)
  expect((await script.send('GET', '/api/admin/overview')).status).toBe(404)
  expect((await person.client.get('/admin')).status).toBe(404)
  expect((await admin.send('POST', '/api/admin/overview', {})).status).toBe(405)
})

test('every field is in the reference', async () => {
  const reference = readFileSync('docs/api.md', 'utf8')
  const names = (value: unknown): string[] =>
    Array.isArray(value)
      ? value.flatMap(names)
      : value && typeof value === 'object'
        ? Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)])
        : []
  const missing = [...new Set(names(await overview()))].filter((name) => !reference.includes(`\`${name}\``))
  expect(missing).toEqual([])
})
