import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signIn, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

let server: TestServer
let admin: Script
let stranger: Script
let browser: Client

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  stranger = await Script.signIn(server, await signUp(server, 'Sam'))
  browser = await signIn(server)
})
afterAll(() => server.dispose())

interface Agent {
  id: string
  name: string
  state: string
  version: number
  successorId: string | null
  warnings?: string[]
}
let made = 0
const agent = (input: object = {}) =>
  admin.call<Agent>('POST', '/api/admin/agents', { name: `Agent ${++made}`, kind: 'toolbox', ...input })
const path = ({ id }: Agent, verb = '') => `/api/admin/agents/${id}${verb && `/${verb}`}`
const page = ({ id }: Agent, verb = '') => `/admin/agents/${id}${verb && `/${verb}`}`
const retire = (who: Agent, body: object = {}) => admin.call<Agent>('POST', path(who, 'retire'), body)
const now = (who: Agent) => admin.call<Agent>('GET', path(who))
/** Not before a far day, so that nobody begins it. */
const waiting = (who: Agent) => admin.createJob({ agentId: who.id, runAfter: '2031-01-01T00:00:00Z' })
const node = (code: string) => ({ kind: 'command', config: { argv: ['node', '-e', code] } })

async function refused(answer: Response, status: number) {
  const text = await answer.text()
  expect(answer.status, text).toBe(status)
  return JSON.parse(text) as { reason?: string; errors?: Record<string, string[]> }
}

describe('by JSON', () => {
  test('pause and resume, twice, on an older version, and by people who are no admins', async () => {
    const it = await agent()
    for (const [verb, state] of [
      ['pause', 'PAUSED'],
      ['pause', 'PAUSED'],
      ['resume', 'ACTIVE'],
    ] as const) {
      expect(await admin.call('POST', path(it, verb), {})).toMatchObject({ id: it.id, state })
    }
    const stale = await admin.send('POST', path(it, 'pause'), { version: 1 })
    expect(await refused(stale, 409)).toMatchObject({ reason: 'stale_version' })
    expect(await admin.call('POST', path(it, 'pause'), { version: 3 })).toMatchObject({ state: 'PAUSED' })
    expect(await admin.call('PATCH', path(it), { state: 'ACTIVE' })).toMatchObject({ state: 'ACTIVE' })
    for (const verb of ['pause', 'resume', 'retire', 'test']) {
      await refused(await stranger.send('POST', path(it, verb), {}), 404)
      await refused(await admin.send('POST', path({ ...it, id: 'nobody' }, verb), {}), 404)
    }
    expect(await now(it)).toMatchObject({ state: 'ACTIVE' })
  })

  test('retire with a successor: its jobs move, and a paused one is taken with a warning', async () => {
    const [leaver, heir] = [await agent(), await agent()]
    const job = await waiting(leaver)
    await admin.call('POST', path(heir, 'pause'))
    const answer = await retire(leaver, { successorId: heir.id, version: 1 })
    expect(answer).toMatchObject({ state: 'RETIRED', successorId: heir.id })
    expect(answer.warnings).toEqual([`${heir.name} is paused: it starts nothing until an admin resumes it.`])
    expect(await admin.job(job.id)).toMatchObject({ status: 'ASSIGNED', assignedAgentId: heir.id })
    const { data } = await admin.call<{ data: { message: string }[] }>('GET', `/api/jobs/${job.id}/logs`)
    expect(data.at(-1)?.message).toBe(`${leaver.name} was retired; assigned to ${heir.name}.`)
    expect((await retire(heir)).warnings).toEqual([])
    expect(await admin.job(job.id)).toMatchObject({ status: 'PENDING', assignedAgentId: null })
  })

  test('refusals: itself, an unknown or retired successor, an older version, a second time', async () => {
    const [it, gone] = [await agent(), await agent()]
    await retire(gone)
    for (const successorId of [it.id, gone.id, 'nobody', 7]) {
      const answer = await refused(await admin.send('POST', path(it, 'retire'), { successorId }), 422)
      expect(answer.errors).toHaveProperty('successorId')
    }
    const stale = await admin.send('POST', path(it, 'retire'), { version: 9 })
    expect(await refused(stale, 409)).toMatchObject({ reason: 'stale_version' })
    for (const verb of ['retire', 'pause', 'resume', 'test']) {
      const answer = await refused(await admin.send('POST', path(gone, verb), {}), 409)
      expect(answer).toMatchObject({ reason: 'wrong_status' })
    }
    await refused(await admin.send('PATCH', path(gone), { name: 'Another' }), 409)
    const jobFor = { agentId: gone.id, name: 'A job', description: 'd', acceptanceCriteria: 'c' }
    expect((await admin.send('POST', '/api/jobs', jobFor)).status).toBe(422)
    const choices = await admin.call<{ data: Agent[] }>('GET', '/api/agents')
    expect(choices.data.map(({ id }) => id)).not.toContain(gone.id)
    const all = await admin.call<{ data: Agent[] }>('GET', '/api/admin/agents')
    expect(all.data.at(-1)?.state).toBe('RETIRED')
  })

  test('test really calls it, and answers what it said', async () => {
    const toolbox = await admin.call<object>('POST', path(await agent(), 'test'))
    expect(toolbox).toEqual({
      ok: true,
      message: expect.stringContaining('3 words'),
      durationMs: expect.any(Number),
    })
    const secret = 'a very secret value of mine'
    const it = await agent({
      kind: 'command',
      config: {
        argv: ['node', '-e', 'console.log("Hello", process.env.API_KEY)'],
        env: { API_KEY: secret },
      },
    })
    const answer = await admin.call<{ ok: boolean; message: string }>('POST', path(it, 'test'))
    expect(answer).toMatchObject({ ok: true, message: expect.stringContaining('Hello [redacted]') })
    const broken = await agent(node('process.exit(3)'))
    expect(await admin.call('POST', path(broken, 'test'))).toMatchObject({
      ok: false,
      message: expect.stringContaining('exit code 3'),
    })
    const { data } = await admin.call<{ data: { action: string; detail: { ok: boolean } }[] }>(
      'GET',
      `/api/admin/audit?action=agent.test&subject=${broken.id}`,
    )
    expect(data.map(({ detail }) => detail.ok)).toEqual([false])
  })

  test('one test at a time; it ends when the one who asked is gone', async () => {
    const flag = join(server.dataDir, 'test-runs')
    const code = `require('node:fs').writeFileSync(${JSON.stringify(flag)}, ''); setInterval(() => {}, 1000)`
    const it = await agent(node(code))
    const gone = new AbortController()
    const asked = admin.client
      .json('POST', path(it, 'test'), { token: admin.token, signal: gone.signal })
      .catch(() => 'gone')
    await until(() => existsSync(flag))
    const second = await refused(await admin.send('POST', path(it, 'test')), 409)
    expect(second).toMatchObject({ reason: 'test_running' })
    gone.abort()
    expect(await asked).toBe('gone')
    await admin.call('PATCH', path(it), { config: { argv: ['node', '-e', 'console.log("Hello")'] } })
    await until(async () => (await admin.send('POST', path(it, 'test'))).status === 200)
  })

  test('the agent tells what it does and did', async () => {
    const it = await agent({ concurrency: 2 })
    const jobs: ApiJob[] = []
    for (let n = 0; n < 3; n++) jobs.push(await admin.createJob({ agentId: it.id }))
    for (const { id } of jobs) await admin.jobIn(id, 'IN_REVIEW')
    await admin.call('POST', `/api/jobs/${jobs[0]?.id}/accept`)
    await waiting(it)
    const figures = { done: 3, failed: 0, accepted: 1, sentBack: 0, passRate: 1, inputTokens: 0, costUsd: 0 }
    expect(await admin.call('GET', path(it))).toMatchObject({
      ...{ running: 0, accepted: 1, sentBack: 0, passRate: 1 },
      stats: {
        ...{ runs: [], waiting: 1 },
        last24Hours: {
          ...figures,
          medianMs: expect.any(Number),
          since: expect.stringMatching(/T\d\d:00:00.000Z$/),
        },
        last30Days: { ...figures, since: expect.stringMatching(/T00:00:00.000Z$/) },
      },
    })
    const choices = await stranger.call<{ data: Agent[] }>('GET', '/api/agents')
    expect(choices.data.find(({ id }) => id === it.id)).toMatchObject({ accepted: 1, passRate: 1 })
  })

  test('what runs is there with its job', async () => {
    const it = await agent(node('setInterval(() => {}, 1000)'))
    const job = await admin.createJob({ agentId: it.id, name: 'Slow' })
    await admin.jobIn(job.id, 'IN_PROGRESS')
    expect(await admin.call('GET', path(it))).toMatchObject({
      running: 1,
      stats: { runs: [{ jobId: job.id, jobName: 'Slow', attempt: 1 }] },
    })
    const text = await (await browser.get(page(it))).text()
    expect(text).toContain(`href="/admin/jobs/${job.id}"`)
    await admin.call('POST', `/api/jobs/${job.id}/cancel`)
  })
})

describe('by plain forms', () => {
  const post = async (where: string, fields = {}) => {
    const answer = await browser.postForm(where, fields)
    return { status: answer.status, location: answer.headers.get('location'), text: await answer.text() }
  }

  test('retiring says what will happen, and does it', async () => {
    const [leaver, heir] = [await agent(), await agent()]
    const job = await waiting(leaver)
    const asked = await (await browser.get(page(leaver, 'retire'))).text()
    expect(asked).toContain('1 job waits for it')
    expect(asked).toContain('Nothing runs now.')
    expect(asked).toContain(`value="${heir.id}"`)
    expect(asked).not.toContain(`value="${leaver.id}"`)
    const done = await post(page(leaver, 'retire'), { successorId: heir.id, version: 1 })
    expect(done).toMatchObject({ status: 303, location: page(leaver) })
    const after = await (await browser.get(page(leaver))).text()
    expect(after).toContain('This agent is retired')
    expect(after).toContain(`href="${page(heir)}"`)
    expect(after).not.toContain('Save changes')
    expect(await admin.job(job.id)).toMatchObject({ assignedAgentId: heir.id })
  })

  test('refusals are shown in place, with the choice kept', async () => {
    const [it, heir, gone] = [await agent(), await agent(), await agent()]
    await retire(gone)
    const unknown = await post(page(it, 'retire'), { successorId: gone.id, version: 1 })
    expect(unknown.status).toBe(422)
    expect(unknown.text).toContain('Choose another agent, one that is not retired.')
    const stale = await post(page(it, 'retire'), { successorId: heir.id, version: 9 })
    expect(stale.status).toBe(409)
    expect(stale.text).toContain('has changed since you opened it')
    expect(stale.text).toMatch(
      new RegExp(`<input[^>]*checked=""[^>]*value="${heir.id}"|value="${heir.id}"[^>]*checked=""`),
    )
    expect(stale.text).toMatch(/name="version" value="1"/)
    expect(await now(it)).toMatchObject({ state: 'ACTIVE', version: 1 })
    const twice = await post(page(gone, 'retire'), {})
    expect(twice.status).toBe(409)
    expect(twice.text).toContain('This agent is retired')
    for (const verb of ['pause', 'resume']) {
      const answer = await post(page(gone, verb))
      expect(answer.status).toBe(409)
      expect(answer.text).toContain('It is retired and takes no more work.')
    }
  })

  test('the test shows its answer in place, good or bad', async () => {
    const good = await post(page(await agent(), 'test'))
    expect(good.status).toBe(200)
    expect(good.text).toContain('It works')
    expect(good.text).toContain('3 words')
    const bad = await post(page(await agent(node('process.exit(3)')), 'test'))
    expect(bad.status).toBe(200)
    expect(bad.text).toContain('It did not work')
    expect(bad.text).toContain('exit code 3')
    const gone = await agent()
    await retire(gone)
    const refusal = await post(page(gone, 'test'))
    expect(refusal.status).toBe(409)
    expect(refusal.text).toContain('it is not called any more')
  })

  test('pause and resume lead back to the agent', async () => {
    const it = await agent()
    expect(await post(page(it, 'pause'))).toMatchObject({ status: 303, location: `${page(it)}?paused` })
    expect(await (await browser.get(page(it))).text()).toContain('Paused')
    expect(await post(page(it, 'resume'))).toMatchObject({ status: 303, location: `${page(it)}?resumed` })
  })
})
