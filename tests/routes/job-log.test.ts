import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiJob, Script, signIn, signUp } from '../support/api'
import { startServer, type TestServer } from '../support/server'

/** A job that was tried twice, its log narrowed by script and on its pages. */

interface LogAnswer {
  data: { number: number; kind: string; attempt: number | null; agentId: string | null }[]
  nextCursor: string | null
  prevCursor: string | null
  lookedTo: number | null
}

let server: TestServer
let owner: Script
let person: Awaited<ReturnType<typeof signUp>>
let job: ApiJob
let failed: ApiJob

beforeAll(async () => {
  server = await startServer({ admin: true })
  person = await signUp(server, 'Olive')
  owner = await Script.signIn(server, person)
  job = await owner.createJob()
  await owner.jobIn(job.id, 'IN_REVIEW')
  await owner.call('POST', `/api/jobs/${job.id}/send-back`, { feedback: 'Count again' })
  await owner.jobIn(job.id, 'IN_REVIEW')
  failed = await owner.createJob({ description: 'no command' })
  await owner.jobIn(failed.id, 'FAILED')
})
afterAll(() => server.dispose())

const logs = (search: string, of = job) => owner.call<LogAnswer>('GET', `/api/jobs/${of.id}/logs${search}`)

test('by script: a group, one kind, an attempt, an agent, and several at once', async () => {
  const { data: all } = await logs('?limit=100')
  const agentId = all.find(({ kind }) => kind === 'claim')?.agentId
  const kinds = async (search: string) => (await logs(search)).data.map(({ kind }) => kind)
  const changes = ['create', 'claim', 'submit', 'sendBack', 'claim', 'submit']
  expect(await kinds('?kind=changes')).toEqual(changes)
  expect(await kinds('?kind=sendBack')).toEqual(['sendBack'])
  expect(await kinds('?kind=changes&attempt=2')).toEqual(['claim', 'submit'])
  expect(await kinds(`?kind=claim&agent=${agentId}&attempt=1`)).toEqual(['claim'])
  expect(await kinds('?kind=errors')).toEqual([])
  expect((await logs('?kind=errors', failed)).data.map(({ kind }) => kind)).toEqual(['fail'])
  const events = all.filter(({ kind }) => ['message', 'progress', 'late'].includes(kind))
  expect((await logs('?kind=messages')).data).toEqual(events)
  expect(await logs('?attempt=2')).toMatchObject({
    data: all.filter(({ attempt }) => attempt === 2),
    lookedTo: null,
  })
})

test('by script: page by page, there and back', async () => {
  const { data: whole } = await logs('?kind=changes')
  const there: LogAnswer['data'] = []
  let page = await logs('?kind=changes&limit=2')
  there.push(...page.data)
  while (page.nextCursor) {
    page = await logs(`?kind=changes&limit=2&cursor=${page.nextCursor}`)
    there.push(...page.data)
  }
  expect(there).toEqual(whole)
  const back = await logs(`?kind=changes&limit=2&cursor=${page.prevCursor}`)
  expect(back.data).toEqual(whole.slice(2, 4))
})

test.each([
  'kind=nothing',
  'kind=constructor',
  'attempt=0',
  'attempt=x',
  "agent='--",
  'kind=errors&cursor=abc',
])('by script: %s means nothing', async (search) => {
  const answer = await owner.send('GET', `/api/jobs/${job.id}/logs?${search}`)
  expect(answer.status).toBe(422)
  const { errors } = (await answer.json()) as { errors: Record<string, string[]> }
  expect(Object.keys(errors)).toEqual([/cursor/.test(search) ? 'cursor' : search.split('=')[0]])
})

test('a stranger learns nothing of it, whatever is asked', async () => {
  const stranger = await Script.signIn(server, await signUp(server, 'Sam'))
  for (const search of ['', '?kind=errors', '?attempt=1'])
    expect((await stranger.send('GET', `/api/jobs/${job.id}/logs${search}`)).status).toBe(404)
})

const page = async (path: string) => {
  const answer = await person.client.get(path, { headers: { accept: 'text/html' } })
  return { status: answer.status, html: await answer.text() }
}
const numbersOf = (html: string) => [...html.matchAll(/<li id="log-(\d+)"/g)].map(([, n]) => Number(n))

test('on the page: the same rows, and its verbs as ever', async () => {
  const { data } = await logs('?kind=changes&attempt=2')
  const { status, html } = await page(`/jobs/${job.id}?logKind=changes&logAttempt=2`)
  expect(status).toBe(200)
  expect(numbersOf(html)).toEqual(data.map(({ number }) => number))
  for (const verb of ['accept', 'send-back', 'cancel']) expect(html).toContain(`/jobs/${job.id}/${verb}"`)
  // without JavaScript an empty form is an address as well
  const everything = await page(`/jobs/${job.id}?logKind=&logAgent=&logAttempt=`)
  expect(numbersOf(everything.html)).toEqual((await logs('?limit=100')).data.map(({ number }) => number))
})

test('on the page: what means nothing is said, beside a log that is whole', async () => {
  const { status, html } = await page(`/jobs/${job.id}?logKind=nothing`)
  expect(status).toBe(422)
  expect(html).toContain('The kind is one of: changes')
  expect(numbersOf(html).length).toBeGreaterThan(5)
})

test('on the page: the timeline has a lane an attempt, why there was another, and a link to its part of the log', async () => {
  const { html } = await page(`/jobs/${job.id}`)
  expect(html).toContain('How its time went by: ')
  expect(html).toContain('Done again with feedback')
  expect(html).toMatch(/Feedback: (<!-- -->)?Count again/)
  const lanes = [...html.matchAll(/href="([^"]*logAttempt=\d[^"]*)"/g)].map(([, href]) => href)
  expect(lanes).toEqual([1, 2].map((number) => `/jobs/${job.id}?logAttempt=${number}#log`))
  const { html: other } = await page(`/jobs/${failed.id}`)
  expect(other).toContain('Newest error')
  expect(html).not.toContain('Newest error')
})

test("at the admins' desk the list keeps its own question about agents", async () => {
  const desk = await signIn(server)
  const answer = await desk.get(`/admin/jobs/${job.id}?agent=none&logKind=claim`, {
    headers: { accept: 'text/html' },
  })
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(numbersOf(html)).toHaveLength(2)
  expect(html).toContain('<input type="hidden" name="agent" value="none"/>')
  expect(html).toContain(`/admin/jobs/${job.id}?agent=none&amp;logAttempt=1#log`)
})
