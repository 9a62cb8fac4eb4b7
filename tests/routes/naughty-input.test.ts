import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script } from '../support/api'
import { Client } from '../support/client'
import { jsonBodies, naughtyStrings } from '../support/fixtures'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** Public lists of bad input over HTTP: each is answered clearly, and what is taken comes back as it was. */

let server: TestServer
let script: Script
let browser: Client

beforeAll(async () => {
  server = await startServer({ admin: true })
  script = await Script.signIn(server)
  browser = new Client(server.origin)
  await browser.postForm('/login', ADMIN)
})
afterAll(async () => {
  expect(server.output()).not.toMatch(/"level":50|"level":60|panicked/)
  expect((await fetch(`${server.origin}/readyz`)).status).toBe(200)
  await server.dispose()
})

const later = { runAfter: '2099-01-01T00:00:00Z' }
const send = (method: string, path: string, body: BodyInit, headers: Record<string, string> = {}) =>
  fetch(`${server.origin}${path}`, {
    method,
    body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${script.token}`, ...headers },
  })
/** As HTML writes a text. */
const inHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;')

describe('all naughty strings', () => {
  const all = naughtyStrings.join('\n').replaceAll('\r', '').trim()

  test('come back from a job by JSON, on its page and in its form', async () => {
    const { id } = await script.createJob({
      description: all,
      acceptanceCriteria: all.slice(0, 15_000),
      ...later,
    })
    expect(await script.job(id)).toMatchObject({ description: all })
    expect((await browser.get(`/jobs/${id}`)).status).toBe(200)
    expect(await (await browser.get(`/jobs/${id}/edit`)).text()).toContain(inHtml(all))
  })

  test('are kept in a form that is refused, and taken from one that is not', async () => {
    const refused = await browser.postForm('/jobs/new', { name: '', description: all })
    expect(refused.status).toBe(422)
    expect(await refused.text()).toContain(inHtml(all))
    const fields = { name: 'By form', description: all.replaceAll('\n', '\r\n'), acceptanceCriteria: 'c' }
    const made = await browser.postForm('/jobs/new', { ...fields, runAfter: '2099-01-01T00:00' })
    expect(made.status).toBe(303)
    const id = made.headers.get('location')?.split('/').at(-1) as string
    expect(await script.job(id)).toMatchObject({ description: all })
  })

  test('are answered as a search, by JSON and on the page', async () => {
    for (const text of naughtyStrings.filter((_, at) => at % 64 === 0)) {
      const q = encodeURIComponent(text)
      expect([200, 422], text).toContain((await script.send('GET', `/api/jobs?q=${q}`)).status)
      expect([200, 422], text).toContain((await script.send('GET', `/api/search?q=${q}`)).status)
      const page = await browser.get(`/jobs?q=${q}`)
      expect([200, 422], text).toContain(page.status)
      expect(await page.text()).toContain(inHtml(text))
    }
  })
})

describe('JSON', () => {
  test('that is none is a bad request, and any other a body like another', async () => {
    const large = [
      ['n_structure_100000_opening_arrays.json', Buffer.from('['.repeat(100_000))],
      ['n_structure_open_array_object.json', Buffer.from('[{"":'.repeat(50_000))],
    ] as typeof jsonBodies
    for (const [name, body] of [...jsonBodies, ...large]) {
      const answer = await send('POST', '/api/jobs', new Uint8Array(body))
      expect(name.startsWith('y_') ? [422] : [400, 422], name).toContain(answer.status)
      expect(await answer.json(), name).toMatchObject({ status: answer.status })
    }
  })

  test('comes back from a result with its digits, and well-formed', async () => {
    const values = jsonBodies
      .filter(([name]) => /^(y_|string_|number_|i_number)/.test(name) && !name.includes('duplicated'))
      .map(([, body]) => new TextDecoder().decode(body).trim())
    expect(values.length).toBeGreaterThan(100)
    const { id } = await script.createJob(later)
    const body = `{"reason":"r","result":[${values.join()}]}`
    expect((await send('POST', `/api/admin/jobs/${id}/complete`, body)).status).toBe(200)
    const text = await (await script.send('GET', `/api/jobs/${id}/result`)).text()
    const strings = (json: string) =>
      JSON.stringify(JSON.parse(json)).replaceAll(/\\u(?:d[89a-f])[\da-f]{2}/g, '\ufffd')
    expect(JSON.stringify(JSON.parse(text))).toBe(strings(`[${values.join()}]`))
    expect(text).not.toMatch(/\\ud[89a-f]/i)
    for (const number of values.filter((value) => /^-?\d/.test(value))) expect(text).toContain(number)
    expect((await browser.get(`/jobs/${id}`)).status).toBe(200)
  })

  const half = '\\ud83d'
  const whole = '"description":"b","acceptanceCriteria":"c","runAfter":"2099-01-01T00:00:00Z"'
  test.each([
    ['/api/jobs', `{"name":"${half}",${whole},"metadata":{"k":"${half}"},"tags":[]}`],
    ['/api/jobs', `{"name":"a",${whole},"tags":["a${half}"],"metadata":{"${half}":"x"},"agentId":"${half}"}`],
    ['/api/batches', `{"scope":"all","verb":"reassign","ids":["${half}"],"agentId":"${half}"}`],
    ['/api/batches', `{"scope":"own","verb":"tag","filter":{"q":"${half}"},"add":["a"]}`],
    ['/api/views', `{"name":"${half}","scope":"own","query":"q=${half}"}`],
    [
      '/api/templates',
      `{"name":"${half}","job":{"name":"${half}",${whole}},"variables":[{"name":"x","label":"${half}","type":"choice","choices":["${half}"],"required":false,"default":"${half}"}]}`,
    ],
    [
      '/api/schedules',
      `{"name":"${half}","templateId":"${half}","cron":"${half}","timeZone":"${half}","values":{"${half}":"${half}"}}`,
    ],
    ['/api/tokens', `{"name":"${half}"}`],
    [
      '/api/admin/agents',
      `{"name":"a${half}","kind":"command","config":{"argv":["${half}"],"env":{"A":"${half}"}}}`,
    ],
    [
      '/api/admin/agents',
      `{"name":"b${half}","kind":"openai","config":{"baseUrl":"http://127.0.0.1:9/v1","model":"${half}","instructions":"${half}","apiKey":"${half}"}}`,
    ],
    ['/api/admin/invitations', `{"email":"${half}@example.com"}`],
    ['/api/admin/invitations', `{"email":"a@example.com","role":"${half}"}`],
  ])('half a surrogate pair harms nothing: %s %s', async (path, body) => {
    const answer = await send('POST', path, body)
    expect(answer.status).toBeLessThan(500)
    expect(await answer.text()).not.toMatch(/\\ud83d/i)
    const list = await script.send('GET', path)
    expect(list.status).toBeLessThan(500)
    expect(await list.text()).not.toMatch(/\\ud83d/i)
  })

  test('half a surrogate pair in an idempotent body: the same body, the same answer', async () => {
    const body = `{"name":"a${half}",${whole}}`
    const ask = (sent: string) => send('POST', '/api/jobs', sent, { 'idempotency-key': 'half' })
    const [first, second] = [await ask(body), await ask(body)]
    expect([first.status, second.status]).toEqual([201, 201])
    expect(await second.text()).toBe(await first.text())
    expect((await ask(body.replace(half, '\\ude00'))).status).toBe(409)
  })
})
