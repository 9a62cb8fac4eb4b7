import { afterAll, beforeAll, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'
import { SteeredAgent } from '../support/steered-agent'

let server: TestServer
let owner: Script
let browser: Client
let admin: Script
let agent: SteeredAgent
let id: string

const exact = '{"id":12345678901234567890123,"rate":1.10,"name":"Ünï"}'

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  const olive = await signUp(server, 'Olive')
  browser = olive.client
  owner = await Script.signIn(server, olive)
  agent = new SteeredAgent()
  const { id: agentId } = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
    ...{ name: 'Steered', kind: 'command' },
    config: agent.config,
  })
  ;({ id } = await owner.createJob({ agentId }))
  await owner.jobIn(id, 'IN_PROGRESS')
  agent.write(`{"type":"custom","big":12345678901234567890123}`, `{"type":"result","result":${exact}}`)
  await owner.jobIn(id, 'IN_REVIEW')
})
afterAll(async () => {
  agent.dispose()
  await server.dispose()
})

test('a result and a payload come byte by byte as they are kept, or as a file', async () => {
  const result = await owner.send('GET', `/api/jobs/${id}/result`)
  expect(await result.text()).toBe(exact)
  expect(result.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const file = await owner.send('GET', `/api/jobs/${id}/result?download=1`)
  expect(file.headers.get('content-disposition')).toBe(`attachment; filename="docket-${id}-result.json"`)
  const { data } = await owner.call<{ data: { number: number; kind: string; message: string }[] }>(
    'GET',
    `/api/jobs/${id}/logs?kind=call`,
  )
  const row = data.find(({ message }) => message.includes('custom'))
  const payload = await owner.send('GET', `/api/jobs/${id}/logs/${row?.number}/response`)
  expect(await payload.text()).toBe('{"type":"custom","big":12345678901234567890123}')
})

test('what is not there, or not theirs, is 404', async () => {
  const sam = await Script.signIn(server, await signUp(server, 'Sam'))
  const waiting = await owner.createJob({ runAfter: '2031-01-01T00:00:00Z' })
  for (const [script, path] of [
    [sam, `/api/jobs/${id}/result`],
    [sam, `/api/jobs/${id}/logs/1/request`],
    [owner, `/api/jobs/${waiting.id}/result`],
    [owner, `/api/jobs/${id}/logs/9999/request`],
    [owner, `/api/jobs/${id}/logs/x/request`],
    [owner, `/api/jobs/${id}/logs/1/response`],
  ] as const) {
    expect((await script.send('GET', path)).status, path).toBe(404)
  }
  expect((await admin.send('GET', `/api/jobs/${id}/result`)).status).toBe(200)
})

test('a log is narrowed by address; what means nothing is refused', async () => {
  const kinds = async (search: string) =>
    (await owner.call<{ data: { kind: string }[] }>('GET', `/api/jobs/${id}/logs?${search}`)).data.map(
      ({ kind }) => kind,
    )
  expect(await kinds('kind=changes')).toEqual(['create', 'claim', 'submit'])
  expect(await kinds('kind=errors')).toEqual([])
  expect(new Set(await kinds('attempt=1'))).toContain('claim')
  const refused = await owner.send('GET', `/api/jobs/${id}/logs?kind=nope&attempt=0`)
  expect(refused.status).toBe(422)
  expect(Object.keys(((await refused.json()) as { errors: object }).errors)).toEqual(['kind', 'attempt'])
})

test('an image comes as its bytes and nothing else, and once', async () => {
  const bytes = Buffer.alloc(450_000, 'pixel')
  await owner.call('POST', `/api/jobs/${id}/send-back`, { feedback: 'As an image, please' })
  await owner.jobIn(id, 'IN_PROGRESS')
  agent.say({ type: 'result', result: `data:image/png;base64,${bytes.toString('base64')}` })
  await owner.jobIn(id, 'IN_REVIEW')

  const page = await (await browser.get(`/jobs/${id}`)).text()
  const [, src = ''] = page.match(/<img src="([^"]+\/result\/image\?v=\w+)"/) ?? []
  expect(page.length).toBeLessThan(150_000)
  // by the session's cookie, as the page asks for it
  const image = await browser.get(src)
  expect(Buffer.from(await image.arrayBuffer()).equals(bytes)).toBe(true)
  expect(Object.fromEntries(image.headers)).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': `inline; filename="docket-${id}-result.png"`,
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
  })
  const headers = { 'If-None-Match': image.headers.get('etag') as string }
  const again = await owner.send('GET', `/api/jobs/${id}/result/image`, undefined, headers)
  expect([again.status, await again.text()]).toEqual([304, ''])
  const sam = await Script.signIn(server, await signUp(server, 'Stranger'))
  expect((await sam.send('GET', src, undefined, headers)).status).toBe(404)
})

test('a long result is at its own address, and comes along where that is asked for', async () => {
  const result = JSON.stringify({ text: 'é'.repeat(700_000) })
  const bytes = Buffer.byteLength(result)
  const attempt = (await owner.job(id)).attempts + 1
  await owner.call('POST', `/api/jobs/${id}/send-back`, { feedback: 'At length, please' })
  await owner.jobIn(id, 'IN_PROGRESS')
  agent.write(`{"type":"result","result":${result}}`)
  const job = await owner.jobIn(id, 'IN_REVIEW')
  const short = { result: null, resultBytes: bytes, resultUrl: `/api/jobs/${id}/result` }
  expect(job).toMatchObject(short)
  expect(await admin.call('GET', `/api/admin/jobs/${id}`)).toMatchObject(short)
  expect(await owner.call('POST', `/api/jobs/${id}/tags`, { add: ['long'] })).toMatchObject(short)

  const whole = await owner.send('GET', `/api/jobs/${id}?include=result`)
  expect(await whole.text()).toContain(`"result":${result},"resultBytes":${bytes}`)
  const tag = { 'If-None-Match': whole.headers.get('etag') as string }
  expect((await owner.send('GET', `/api/jobs/${id}?include=result`, undefined, tag)).status).toBe(304)
  expect((await owner.send('GET', `/api/jobs/${id}`, undefined, tag)).status).toBe(200)
  const tagged = await owner.send('POST', `/api/jobs/${id}/tags?include=result`, { add: ['whole'] })
  expect(await tagged.text()).toContain(`"result":${result},`)
  expect((await owner.send('GET', `/api/jobs/${id}?include=logs`)).status).toBe(422)

  const attempts = await owner.call<{ data: { number: number; resultUrl: string }[] }>(
    'GET',
    `/api/jobs/${id}/attempts`,
  )
  const last = attempts.data.find(({ number }) => number === attempt)
  expect(last).toMatchObject({ ...short, resultUrl: `/api/jobs/${id}/attempts/${attempt}/result` })
  const all = await owner.send('GET', `/api/jobs/${id}/attempts?include=result`)
  expect(await all.text()).toContain(`"result":${result},`)
  for (const url of [short.resultUrl, last?.resultUrl as string]) {
    const raw = await owner.send('GET', url)
    expect(await raw.text()).toBe(result)
    expect(raw.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const head = await owner.send('HEAD', url)
    expect([head.status, await head.text()]).toEqual([200, ''])
  }
  expect((await owner.send('GET', `/api/jobs/${id}/attempts/0/result`)).status).toBe(404)

  const lines = await (await owner.send('GET', `/api/jobs/export?format=ndjson&q=tag:whole`)).text()
  expect(lines).toContain(`"result":${result},`)
  const csv = await (await owner.send('GET', `/api/jobs/export?format=csv&q=tag:whole`)).text()
  expect(csv.endsWith(`,"${result.replaceAll('"', '""')}",\r\n`)).toBe(true)
  const page = await (await browser.get(`/jobs/${id}`)).text()
  expect(page.replaceAll('<!-- -->', '').includes('This is the beginning of 1.4 MB.')).toBe(true)
})
