import { afterAll, beforeAll, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import { startServer, type TestServer } from '../support/server'
import { SteeredAgent } from '../support/steered-agent'

let server: TestServer
let owner: Script
let admin: Script
let agent: SteeredAgent
let id: string

const exact = '{"id":12345678901234567890123,"rate":1.10,"name":"Ünï"}'

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  owner = await Script.signIn(server, await signUp(server, 'Olive'))
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
