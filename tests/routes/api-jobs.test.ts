import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'

let server: TestServer
let admin: Script
let script: Script
let stranger: Script
/** Paused, so that what is assigned to it stays as it is. */
let resting: { id: string }

const whole = {
  name: 'Count',
  description: '/stats\none two three',
  acceptanceCriteria: 'It says three words',
}

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  script = await Script.signIn(server, await signUp(server, 'Olive'))
  stranger = await Script.signIn(server, await signUp(server, 'Sam'))
  resting = await admin.call('POST', '/api/admin/agents', { name: 'Resting', kind: 'toolbox' })
  await admin.call('PATCH', `/api/admin/agents/${resting.id}`, { state: 'PAUSED' })
})
afterAll(() => server.dispose())

const queued = () => script.createJob({ agentId: resting.id })

interface Problem {
  type: string
  title: string
  status: number
  detail: string
  errors?: Record<string, string[]>
  reason?: string
}

async function refused(answer: Response, status: number): Promise<Problem> {
  const text = await answer.text()
  expect(answer.status, text).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  const problem = JSON.parse(text) as Problem
  expect(problem).toMatchObject({ type: expect.any(String), title: expect.any(String), status })
  return problem
}

describe('POST /api/jobs', () => {
  test('answers 201 with the job and where it is; an agent does it', async () => {
    const answer = await script.send('POST', '/api/jobs', whole)
    expect(answer.status).toBe(201)
    const job = (await answer.json()) as ApiJob
    expect(answer.headers.get('location')).toBe(`/api/jobs/${job.id}`)
    expect(job).toMatchObject({
      status: 'PENDING',
      version: 1,
      failures: 0,
      result: null,
      assignedAgentId: null,
    })
    expect((await script.jobIn(job.id, 'IN_REVIEW')).result).toMatchObject({ words: 3 })
  })

  test('takes every field, and says each wrong one', async () => {
    const runAfter = '2031-01-31T09:00:00.000Z'
    const all = {
      priority: 9,
      runAfter,
      maxAttempts: 20,
      timeoutSeconds: 60,
      review: 'none',
      agentId: resting.id,
    }
    expect(await script.createJob(all)).toMatchObject({
      ...{ priority: 9, runAfter, maxAttempts: 20, timeoutSeconds: 60, review: 'none' },
      ...{ status: 'ASSIGNED', assignedAgentId: resting.id },
    })
    const wrong = {
      ...{ name: '', description: 'x'.repeat(50_001), priority: 10, runAfter: 'soon', maxAttempts: 0 },
      ...{ timeoutSeconds: 1.5, review: 'maybe' },
    }
    const { errors } = await refused(await script.send('POST', '/api/jobs', wrong), 422)
    expect(Object.keys(errors ?? {}).sort()).toEqual([...Object.keys(wrong), 'acceptanceCriteria'].sort())
  })

  test('takes the agent by the name that answers give it', async () => {
    const job = await script.createJob({ assignedAgentId: resting.id })
    expect(job).toMatchObject({ status: 'ASSIGNED', assignedAgentId: resting.id })
    const path = `/api/jobs/${job.id}`
    expect(
      await script.call('PATCH', path, { assignedAgentId: null, runAfter: '2031-01-01T00:00:00Z' }),
    ).toMatchObject({
      status: 'PENDING',
      assignedAgentId: null,
    })
  })

  test('refuses an unknown agent by field', async () => {
    const { errors } = await refused(
      await script.send('POST', '/api/jobs', { ...whole, agentId: 'nobody' }),
      422,
    )
    expect(errors).toHaveProperty('agentId')
  })

  test('with the same Idempotency-Key makes one job and gives the same answer', async () => {
    const headers = { 'Idempotency-Key': crypto.randomUUID() }
    const answers = await Promise.all([1, 2, 3].map(() => script.send('POST', '/api/jobs', whole, headers)))
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201])
    const bodies = await Promise.all(answers.map((answer) => answer.text()))
    expect(new Set(bodies).size).toBe(1)
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    const other = await script.send('POST', '/api/jobs', { ...whole, name: 'Another' }, headers)
    expect(await refused(other, 409)).toMatchObject({ reason: 'idempotency_key_reused' })
    // another person's key of the same name is another key
    expect((await stranger.send('POST', '/api/jobs', whole, headers)).status).toBe(201)
  })

  test('tells what is wrong with the request itself', async () => {
    const post = (body: string, type = 'application/json', token = script.token) =>
      fetch(`${server.origin}/api/jobs`, {
        method: 'POST',
        body,
        headers: { 'content-type': type, authorization: `Bearer ${token}` },
      })
    await refused(await post('{"name":'), 400)
    await refused(await post('name=x', 'application/x-www-form-urlencoded'), 415)
    await refused(await post(JSON.stringify({ ...whole, description: 'x'.repeat(1_100_000) })), 413)
    await refused(await post('[]'), 422)
    await refused(await post('"text"'), 422)
    await refused(await post('null'), 422)
    await refused(await post(JSON.stringify(whole), 'application/json', 'docket_nonsense'), 401)
    await refused(await new Client(server.origin).json('POST', '/api/jobs', { body: whole }), 401)
    await refused(await script.send('PUT', '/api/jobs', whole), 405)
    await refused(await script.send('POST', '/api/nothing', whole), 404)
    await refused(await script.send('POST', '/api/jobs', { ...whole, name: 'a\0b' }), 422)
  })

  test("takes no browser's cookie for it", async () => {
    const { client } = await signUp(server, 'Cleo')
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { cookie, origin: server.origin, 'sec-fetch-site': 'same-origin' }
    await refused(await client.json('POST', '/api/jobs', { body: whole, headers }), 401)
    expect((await client.json('GET', '/api/jobs', { headers })).status).toBe(200)
  })
})

describe('reading', () => {
  test('lists own jobs newest first, page by page, both ways', async () => {
    const lister = await Script.signIn(server, await signUp(server, 'Lister'))
    const made: string[] = []
    for (let n = 0; n < 7; n++)
      made.unshift((await lister.createJob({ name: `Job ${n}`, agentId: resting.id })).id)
    type Page = { data: ApiJob[]; nextCursor: string | null; prevCursor: string | null }
    const get = (query: string) => lister.call<Page>('GET', `/api/jobs?limit=3${query}`)
    const first = await get('')
    const second = await get(`&cursor=${first.nextCursor}`)
    const third = await get(`&cursor=${second.nextCursor}`)
    const ids = [first, second, third].map((page) => page.data.map(({ id }) => id))
    expect(ids.flat()).toEqual(made)
    expect(first.prevCursor).toBeNull()
    expect(third.nextCursor).toBeNull()
    const back = await get(`&cursor=${third.prevCursor}`)
    expect(back.data.map(({ id }) => id)).toEqual(ids[1])
    expect((await get('&status=ASSIGNED')).data).toHaveLength(3)
    expect((await get('&status=failed')).data).toEqual([])
  })

  test('explains a limit, status or cursor that is none', async () => {
    for (const [name, value] of [
      ['limit', '0'],
      ['limit', '101'],
      ['limit', 'x'],
      ['status', 'DONE'],
      ['cursor', '!!'],
    ]) {
      const { errors } = await refused(await script.send('GET', `/api/jobs?${name}=${value}`), 422)
      expect(errors).toHaveProperty(name as string)
    }
  })

  test('answers 304 while nothing has changed', async () => {
    const { id, version } = await queued()
    for (const path of [`/api/jobs/${id}`, `/api/jobs/${id}/logs`, `/api/jobs/${id}/attempts`]) {
      const etag = (await script.send('GET', path)).headers.get('etag') as string
      const again = await script.send('GET', path, undefined, { 'If-None-Match': etag })
      expect(again.status).toBe(304)
      expect(await again.text()).toBe('')
    }
    const etag = (await script.send('GET', `/api/jobs/${id}`)).headers.get('etag') as string
    await script.call('PATCH', `/api/jobs/${id}`, { priority: 2, version })
    const changed = await script.send('GET', `/api/jobs/${id}`, undefined, { 'If-None-Match': etag })
    expect(changed.status).toBe(200)
  })

  test('shows log rows with their fields, oldest first, in pages', async () => {
    const { id } = await script.createJob()
    await script.jobIn(id, 'IN_REVIEW')
    const { data, nextCursor } = await script.call<{ data: Record<string, unknown>[]; nextCursor: null }>(
      'GET',
      `/api/jobs/${id}/logs?limit=100`,
    )
    expect(nextCursor).toBeNull()
    expect(data.map(({ number }) => number)).toEqual(data.map((_, at) => at + 1))
    for (const row of data) {
      expect(row.status).toEqual(expect.any(String))
      for (const field of [
        'seq',
        'kind',
        'message',
        'agentId',
        'requestPayload',
        'responsePayload',
        'createdAt',
      ]) {
        expect(row).toHaveProperty(field)
      }
    }
    const call = data.find(({ kind }) => kind === 'call')
    expect(call?.requestPayload).toBeTypeOf('object')
    expect(call?.responsePayload).toBeTypeOf('object')
    const attempts = await script.call<{ data: object[] }>('GET', `/api/jobs/${id}/attempts`)
    expect(attempts.data).toMatchObject([{ number: 1, outcome: 'SUBMITTED' }])
  })

  test('keeps big numbers exact', async () => {
    const { id } = await script.createJob({ description: '/json $.n\n{"n": 12345678901234567890.12345}' })
    await script.jobIn(id, 'IN_REVIEW')
    expect(await (await script.send('GET', `/api/jobs/${id}`)).text()).toContain('12345678901234567890.12345')
  })

  test('shows nothing to a stranger, and everything to an admin', async () => {
    const { id } = await queued()
    for (const path of ['', '/logs', '/attempts']) {
      await refused(await stranger.send('GET', `/api/jobs/${id}${path}`), 404)
      expect((await admin.send('GET', `/api/jobs/${id}${path}`)).status).toBe(200)
    }
    for (const verb of ['cancel', 'accept', 'resubmit', 'undo']) {
      await refused(await stranger.send('POST', `/api/jobs/${id}/${verb}`, {}), 404)
    }
    await refused(await stranger.send('PATCH', `/api/jobs/${id}`, { name: 'Mine' }), 404)
    await refused(await stranger.send('DELETE', `/api/jobs/${id}`), 404)
    await refused(await script.send('GET', '/api/jobs/none'), 404)
  })

  test('lists the agents to choose from', async () => {
    const { data } = await script.call<{ data: object[] }>('GET', '/api/agents')
    expect(data).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: resting.id, state: 'PAUSED' })]),
    )
    expect(JSON.stringify(data)).not.toContain('config')
  })
})

describe('verbs', () => {
  test.each([
    ['the owner', '/undo', {}],
    ['the owner by resubmit', '/resubmit', { undo: true }],
    ['an admin', '/undo', {}],
  ])('a cancel undone by %s leaves the job as it was', async (name, path, body) => {
    const who = name === 'an admin' ? admin : script
    const base = name === 'an admin' ? '/api/admin/jobs' : '/api/jobs'
    const before = await script.createJob({ agentId: resting.id, runAfter: '2031-01-01T00:00:00Z' })
    const { id, status, failures, result, assignedAgentId } = before
    await script.call('POST', `/api/jobs/${id}/cancel`, {})
    const undone = await who.call('POST', `${base}/${id}${path}`, body)
    expect(undone).toMatchObject({
      ...{ status, failures, result, assignedAgentId, version: 3 },
      runAfter: '2031-01-01T00:00:00.000Z',
    })
    const again = await refused(await who.send('POST', `${base}/${id}${path}`, body), 409)
    expect(again).toMatchObject({ reason: 'wrong_status' })
  })

  test('edit, cancel, resubmit, archive', async () => {
    const { id } = await queued()
    const edited = await script.call<ApiJob>('PATCH', `/api/jobs/${id}`, {
      name: 'Renamed',
      agentId: null,
      runAfter: '2031-01-01T00:00:00Z',
    })
    expect(edited).toMatchObject({ name: 'Renamed', status: 'PENDING', version: 2 })
    expect(await script.call('POST', `/api/jobs/${id}/cancel`)).toMatchObject({ status: 'CANCELED' })
    expect(await refused(await script.send('PATCH', `/api/jobs/${id}`, { name: 'Late' }), 409)).toMatchObject(
      {
        reason: 'wrong_status',
      },
    )
    await script.call('PATCH', `/api/jobs/${id}`, {}, [409])
    expect(await script.call('DELETE', `/api/jobs/${id}`)).toMatchObject({ archivedAt: expect.any(String) })
    const list = await script.call<{ data: ApiJob[] }>('GET', '/api/jobs?limit=100')
    expect(list.data.map((job) => job.id)).not.toContain(id)
    await script.call('POST', `/api/jobs/${id}/resubmit`)
    await script.jobIn(id, 'IN_REVIEW', 'PENDING', 'IN_PROGRESS')
  })

  test('send back, accept', async () => {
    const { id } = await script.createJob()
    await script.jobIn(id, 'IN_REVIEW')
    const { errors } = await refused(await script.send('POST', `/api/jobs/${id}/send-back`, {}), 422)
    expect(errors).toHaveProperty('feedback')
    const back = await script.call<ApiJob>('POST', `/api/jobs/${id}/send-back`, { feedback: 'Once more' })
    expect(back).toMatchObject({ status: 'ASSIGNED', result: null })
    const { version } = await script.jobIn(id, 'IN_REVIEW')
    await refused(await script.send('POST', `/api/jobs/${id}/accept`, { version: version - 1 }), 409)
    expect(await script.call('POST', `/api/jobs/${id}/accept`, { version })).toMatchObject({
      status: 'COMPLETED',
    })
    const attempts = await script.call<{ data: object[] }>('GET', `/api/jobs/${id}/attempts`)
    expect(attempts.data).toMatchObject([{ feedback: 'Once more' }, { feedback: null }])
  })

  test('answer an agent that asks', async () => {
    const asks = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Asks', kind: 'command' },
      config: { argv: ['node', '{root}/examples/agents/ask.mjs'] },
    })
    const { id } = await script.createJob({
      agentId: asks.id,
      description: 'b\na',
      name: 'Sort',
      acceptanceCriteria: 'Sorted',
    })
    await script.jobIn(id, 'INPUT_REQUIRED')
    await refused(await script.send('POST', `/api/jobs/${id}/answer`, { answer: ' ' }), 422)
    await script.call('POST', `/api/jobs/${id}/answer`, { answer: 'ascending' })
    expect((await script.jobIn(id, 'IN_REVIEW')).result).toMatchObject({ lines: ['a', 'b'] })
  })
})
