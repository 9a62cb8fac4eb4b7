import { afterAll, beforeAll, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** Searching over HTTP: the page and the JSON find the same, for each what is theirs. */

let server: TestServer
let olive: Awaited<ReturnType<typeof signUp>>
let otto: Awaited<ReturnType<typeof signUp>>
let script: Script
let admin: Script
let adminPage: Client
let invoice: string

const later = { runAfter: '2099-01-01T00:00:00Z' }
interface Found {
  jobs: { id: string; name: string; ownerName: string }[]
  agents: { id: string; name: string }[]
  hasMore: boolean
}

beforeAll(async () => {
  server = await startServer({ admin: true })
  olive = await signUp(server, 'Olive')
  otto = await signUp(server, 'Otto')
  script = await Script.signIn(server, olive)
  admin = await Script.signIn(server)
  adminPage = new Client(server.origin)
  await adminPage.postForm('/login', ADMIN)
  invoice = (await script.createJob({ ...later, name: 'Invoice of <Acme>' })).id
  await (await Script.signIn(server, otto)).createJob({ ...later, name: 'Invoice of Otto' })
}, 60_000)
afterAll(() => server.dispose())

const find = (by: Script, q: string) => by.call<Found>('GET', `/api/search?q=${encodeURIComponent(q)}`)
const names = async (by: Script, q: string) => (await find(by, q)).jobs.map(({ name }) => name)

test('by token and by session, jobs and agents', async () => {
  const { jobs, agents, hasMore } = await find(script, 'invo')
  expect(jobs).toEqual([
    {
      ...{ id: invoice, name: 'Invoice of <Acme>', status: 'PENDING', ownerName: 'Olive' },
      ...{ userId: expect.any(String), assignedAgentId: null, archivedAt: null },
      ...{ createdAt: expect.stringMatching(/Z$/), updatedAt: expect.stringMatching(/Z$/) },
    },
  ])
  expect({ agents, hasMore }).toEqual({ agents: [], hasMore: false })
  expect((await find(script, 'tool')).agents).toEqual([
    { id: expect.any(String), name: 'Toolbox', state: 'ACTIVE' },
  ])
  const bySession = await olive.client.get('/api/search?q=invo', { headers: { accept: 'application/json' } })
  expect(await bySession.json()).toEqual(await find(script, 'invo'))
  expect((await new Client(server.origin).get('/api/search?q=invo')).status).toBe(401)
})

test('each finds what is theirs, admins everyone’s; the page the same', async () => {
  expect(await names(script, 'invoice')).toEqual(['Invoice of <Acme>'])
  expect((await names(admin, 'invoice')).sort()).toEqual(['Invoice of <Acme>', 'Invoice of Otto'])
  expect(await names(await Script.signIn(server, otto), invoice)).toEqual([])
  const own = await (await olive.client.get('/search?q=invoice')).text()
  expect(own).toContain('Invoice of &lt;Acme&gt;')
  expect(own).toContain(`href="/jobs/${invoice}"`)
  expect(own).not.toContain('Otto')
  expect(await (await otto.client.get(`/search?q=${invoice}`)).text()).not.toContain('Acme')
  expect(await (await adminPage.get('/search?q=invoice')).text()).toContain(`href="/admin/jobs/${invoice}"`)
})

test('what means nothing is explained: 422, never an error of ours', async () => {
  for (const q of [
    '"',
    'stauts:failed',
    '--',
    'x'.repeat(1001),
    'a '.repeat(40),
    'NEAR(',
    'a\0*',
    '\u202e',
  ]) {
    const answer = await script.send('GET', `/api/search?q=${encodeURIComponent(q)}`)
    expect([200, 422], q).toContain(answer.status)
    if (answer.status === 422)
      expect(await answer.json()).toMatchObject({ errors: { q: [expect.any(String)] } })
    expect((await olive.client.get(`/search?q=${encodeURIComponent(q)}`)).status, q).toBe(answer.status)
  }
  const page = await olive.client.get('/search?q=stauts:failed')
  expect(page.status).toBe(422)
  expect(await page.text()).toContain('value="stauts:failed"')
  expect(await script.call('GET', '/api/search')).toEqual({ jobs: [], agents: [], hasMore: false })
  for (const empty of ['', '%20']) {
    expect((await script.send('GET', `/api/search?q=${empty}`)).status).toBe(422)
    expect((await olive.client.get(`/search?q=${empty}`)).status).toBe(200)
  }
  expect((await script.send('POST', '/api/search?q=x', {})).status).toBe(405)
})

test('from review to review, and to the list where there is none', async () => {
  const made = [await script.createJob({ name: 'One' }), await script.createJob({ name: 'Two' })]
  const [one, two] = made.map(({ id }) => id) as [string, string]
  for (const id of [one, two]) await script.jobIn(id, 'IN_REVIEW')
  const to = async (by: Client, search: string) => (await by.get(`/review?${search}`)).headers.get('location')
  expect(await to(olive.client, `after=${two}`)).toBe(`/jobs/${one}`)
  expect(await to(olive.client, `after=${two}&way=previous`)).toBe(`/jobs/${one}`)
  expect(await to(otto.client, `after=${two}`)).toBe('/jobs?status=IN_REVIEW')
  expect(await to(adminPage, `after=${two}&scope=all`)).toBe(`/admin/jobs/${one}?status=IN_REVIEW`)
  expect((await olive.client.get('/review?scope=all')).status).toBe(404)
  expect((await new Client(server.origin).get('/review')).headers.get('location')).toMatch(/^\/login/)
})
