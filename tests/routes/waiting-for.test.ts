import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

interface Waiting {
  reason: string
  who: string
  sentence: string
  next: string
  at: string | null
  position: number | null
}
type WaitingJob = ApiJob & { waitingFor: Waiting | null; runAfter: string | null }

let server: TestServer
let admin: Script
let script: Script
let browser: Client

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  const olive = await signUp(server, 'Olive')
  browser = olive.client
  script = await Script.signIn(server, olive)
})
afterAll(() => server.dispose())

/** An agent that begins and does not end, one job at a time. */
const endless = { argv: ['node', '-e', 'setInterval(() => {}, 1000)'] }
const addAgent = (name: string, more: object = {}) =>
  admin.call<{ id: string }>('POST', '/api/admin/agents', { name, kind: 'command', config: endless, ...more })
const setState = (id: string, state: 'ACTIVE' | 'PAUSED') =>
  admin.call('PATCH', `/api/admin/agents/${id}`, { state })
const create = (input: object) => script.createJob(input) as Promise<WaitingJob>
const read = (id: string) => script.job(id) as Promise<WaitingJob>
const list = async () => (await script.call<{ data: WaitingJob[] }>('GET', '/api/jobs')).data

describe('waitingFor', () => {
  test('is the same in every answer about the job, with times as text', async () => {
    const agent = await addAgent('Sleeper')
    await setState(agent.id, 'PAUSED')
    const runAfter = '2031-01-31T09:00:00.000Z'
    const made = await create({ agentId: agent.id, runAfter })
    expect(made.waitingFor).toEqual({
      ...{ reason: 'start_time', who: 'admin', at: runAfter, position: null },
      sentence: `Its start time is yet to come. Sleeper is paused. ${made.waitingFor?.next}`,
      next: 'An admin has to resume it before the job can start.',
    })
    expect((await read(made.id)).waitingFor).toEqual(made.waitingFor)
    expect((await list()).find(({ id }) => id === made.id)?.waitingFor).toEqual(made.waitingFor)
    const edited = await script.call<WaitingJob>('PATCH', `/api/jobs/${made.id}`, { runAfter: null })
    expect(edited.waitingFor).toMatchObject({ reason: 'agent_paused', who: 'admin', at: null })
    const canceled = await script.call<WaitingJob>('POST', `/api/jobs/${made.id}/cancel`, {})
    expect(canceled.waitingFor).toBeNull()
  })

  test('tells who runs, until when, and the places behind it', async () => {
    const agent = await addAgent('Runner')
    const first = await create({ agentId: agent.id })
    await script.jobIn(first.id, 'IN_PROGRESS')
    const [second, third] = [await create({ agentId: agent.id }), await create({ agentId: agent.id })]
    const urgent = await create({ agentId: agent.id, priority: 9 })
    const running = (await read(first.id)).waitingFor
    expect(running).toMatchObject({ reason: 'running', who: 'agent', position: null })
    expect(Date.parse(running?.at ?? '')).toBeGreaterThan(Date.now())
    const places = await Promise.all(
      [urgent, second, third].map(async ({ id }) => (await read(id)).waitingFor),
    )
    expect(places.map((each) => [each?.reason, each?.position])).toEqual([
      ['in_line', 1],
      ['in_line', 2],
      ['in_line', 3],
    ])
    for (const { id } of [urgent, second, third, first])
      await script.call('POST', `/api/jobs/${id}/cancel`, {})
  })

  test('a repeated request gets what was said at first', async () => {
    const agent = await addAgent('Repeater')
    await setState(agent.id, 'PAUSED')
    const body = { name: 'A', description: 'd', acceptanceCriteria: 'c', agentId: agent.id }
    const send = async () =>
      (await script.send('POST', '/api/jobs', body, { 'Idempotency-Key': 'the same' })).text()
    const first = await send()
    expect(JSON.parse(first)).toMatchObject({ waitingFor: { reason: 'agent_paused' } })
    await admin.call('PATCH', `/api/admin/agents/${agent.id}`, { name: 'Renamed' })
    expect(await send()).toBe(first)
  })
})

describe('an ETag', () => {
  test('holds while nothing changes, and no longer when an agent does', async () => {
    const agent = await addAgent('Etagged')
    await setState(agent.id, 'PAUSED')
    const { id } = await create({ agentId: agent.id, runAfter: '2031-01-31T09:00:00.000Z' })
    const paths = [`/api/jobs/${id}`, '/api/jobs', '/api/jobs?limit=3']
    const tagOf = async (path: string) => (await script.send('GET', path)).headers.get('etag') ?? ''
    const before = await Promise.all(paths.map(tagOf))
    expect(new Set(before).size).toBeGreaterThan(1)
    const ask = (path: string, tag: string) => script.send('GET', path, undefined, { 'If-None-Match': tag })
    for (const [n, path] of paths.entries()) {
      const answer = await ask(path, before[n] ?? '')
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', before[n]])
    }
    // no log row of the job tells of this
    await setState(agent.id, 'ACTIVE')
    for (const [n, path] of paths.entries()) {
      const answer = await ask(path, before[n] ?? '')
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('From then on Etagged may begin.')
    }
  })

  test('of what runs goes with its lease', async () => {
    const agent = await addAgent('Leaser')
    const { id } = await create({ agentId: agent.id })
    await script.jobIn(id, 'IN_PROGRESS')
    const first = await read(id)
    const tag = (await script.send('GET', `/api/jobs/${id}`)).headers.get('etag') ?? ''
    const renewed = await until(async () => {
      const answer = await script.send('GET', `/api/jobs/${id}`, undefined, { 'If-None-Match': tag })
      return answer.status === 200 && ((await answer.json()) as WaitingJob)
    }, 10_000)
    expect(renewed.status).toBe('IN_PROGRESS')
    expect(Date.parse(renewed.waitingFor?.at ?? '')).toBeGreaterThan(Date.parse(first.waitingFor?.at ?? ''))
    await script.call('POST', `/api/jobs/${id}/cancel`, {})
  })
})

describe('the pages', () => {
  test('tell the owner in the list and on the job, without asking for what only an admin can do', async () => {
    const agent = await addAgent('Pager')
    await setState(agent.id, 'PAUSED')
    const { id } = await create({ agentId: agent.id })
    for (const path of ['/jobs', `/jobs/${id}`]) {
      const page = await browser.get(path)
      expect(page.headers.get('etag')).toBeNull()
      expect(page.headers.get('cache-control')).toContain('no-')
      expect(await page.text()).toContain(
        'Pager is paused. An admin has to resume it before the job can start.',
      )
    }
    await setState(agent.id, 'ACTIVE')
    await script.jobIn(id, 'IN_PROGRESS')
    expect(await (await browser.get(`/jobs/${id}`)).text()).toContain('Pager is doing attempt 1.')
    await script.call('POST', `/api/jobs/${id}/cancel`, {})
    expect(await (await browser.get(`/jobs/${id}`)).text()).not.toContain('data-waiting')
  })
})
