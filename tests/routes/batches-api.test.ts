import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import { startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

let server: TestServer
let admin: Script
let olive: Script
let sam: Script

interface Batch {
  id: string
  verb: string
  state: string
  total: number
  done: number
  refused: number
  retryOf: string | null
  preview: { eligible: number; ineligible: { reason: string; count: number }[] }
}
interface Item {
  jobId: string
  name: string
  status: string
  outcome: string | null
  reason: string | null
}
interface Problem {
  detail: string
  errors?: Record<string, string[]>
  reason?: string
  count?: number
}

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  olive = await Script.signIn(server, await signUp(server, 'Olive'))
  sam = await Script.signIn(server, await signUp(server, 'Sam'))
})
afterAll(() => server.dispose())

/** For later, so that no agent begins them. */
const jobs = (script: Script, count: number) =>
  Promise.all(
    Array.from(
      { length: count },
      async () => (await script.createJob({ runAfter: '2099-01-01T00:00:00Z' })).id,
    ),
  )

const over = (script: Script, id: string) =>
  until(async () => {
    const batch = await script.call<Batch>('GET', `/api/batches/${id}`)
    return batch.state !== 'RUNNING' && batch
  })

async function refused(answer: Response, status: number): Promise<Problem> {
  const text = await answer.text()
  expect(answer.status, text).toBe(status)
  expect(answer.headers.get('content-type')).toContain('application/problem+json')
  return JSON.parse(text) as Problem
}

describe('POST /api/batches', () => {
  test('takes ids, answers 202 with where to look, and does it', async () => {
    const ids = await jobs(olive, 3)
    await olive.call('POST', `/api/jobs/${ids[0]}/cancel`, {})
    const [foreign = ''] = await jobs(sam, 1)
    const answer = await olive.send('POST', '/api/batches', { verb: 'cancel', ids: [...ids, foreign] })
    expect(answer.status).toBe(202)
    const batch = (await answer.json()) as Batch
    expect(answer.headers.get('location')).toBe(`/api/batches/${batch.id}`)
    expect(batch).toMatchObject({ verb: 'cancel', scope: 'own', state: 'RUNNING', total: 3, filter: null })
    expect(batch.preview).toEqual({
      eligible: 2,
      ineligible: [
        { reason: expect.stringContaining('this one is canceled'), count: 1 },
        { reason: 'There is no such job, or it is not yours.', count: 1 },
      ],
    })
    expect(await over(olive, batch.id)).toMatchObject({ state: 'DONE', done: 2, refused: 1 })
    for (const id of ids) expect((await olive.job(id)).status).toBe('CANCELED')
    expect((await sam.job(foreign)).status).toBe('PENDING')

    const items = `/api/batches/${batch.id}/items`
    const all = await olive.call<{ data: Item[] }>('GET', items)
    expect(all.data.map(({ jobId }) => jobId).sort()).toEqual([...ids].sort())
    const { data } = await olive.call<{ data: Item[] }>('GET', `${items}?outcome=refused`)
    expect(data).toMatchObject([
      { jobId: ids[0], name: 'A job', status: 'CANCELED', reason: expect.stringContaining('canceled') },
    ])
    const { data: logs } = await olive.call<{ data: { kind: string; requestPayload: unknown }[] }>(
      'GET',
      `/api/jobs/${ids[1]}/logs`,
    )
    expect(logs.at(-1)).toMatchObject({ kind: 'cancel', requestPayload: { batch: batch.id } })
  })

  test('takes a filter, as a query string or as an object', async () => {
    const person = await Script.signIn(server, await signUp(server, 'Fil'))
    const ids = await jobs(person, 3)
    for (const filter of [
      'status=PENDING&priority=0',
      '?status=PENDING',
      { status: ['PENDING'], priority: 0 },
    ]) {
      const wanted = { verb: 'priority', priority: 5, filter, dryRun: true }
      const said = await person.call<{ total: number }>('POST', '/api/batches', wanted)
      expect(said, JSON.stringify(filter)).toMatchObject({ dryRun: true, total: 3, preview: { eligible: 3 } })
    }
    const { data } = await person.call<{ data: Batch[] }>('GET', '/api/batches')
    expect(data).toEqual([])
    const wanted = { verb: 'priority', priority: 5, filter: { status: 'PENDING' } }
    const batch = await person.call<Batch>('POST', '/api/batches', wanted, [202])
    expect(batch).toMatchObject({ filter: 'status=PENDING', priority: 5 })
    await over(person, batch.id)
    for (const id of ids) expect(await person.job(id)).toMatchObject({ priority: 5 })
  })

  test('names what is wrong', async () => {
    const ids = await jobs(olive, 1)
    const wrong: [object, string][] = [
      [{ ids }, 'verb'],
      [{ verb: 'explode', ids }, 'verb'],
      [{ verb: 'cancel' }, 'ids'],
      [{ verb: 'cancel', ids, filter: 'q=x' }, 'ids'],
      [{ verb: 'cancel', ids: 'all' }, 'ids'],
      [{ verb: 'cancel', ids: Array.from({ length: 10_001 }, () => 'x') }, 'ids'],
      [{ verb: 'cancel', filter: { nonsense: 'x' } }, 'filter'],
      [{ verb: 'cancel', filter: 'status=NONSENSE' }, 'status'],
      [{ verb: 'priority', ids }, 'priority'],
      [{ verb: 'priority', ids, priority: 11 }, 'priority'],
      [{ verb: 'addTag', ids, tag: 'two words' }, 'tag'],
      [{ verb: 'cancel', ids, scope: 'mine' }, 'scope'],
    ]
    for (const [body, field] of wrong) {
      const problem = await refused(await olive.send('POST', '/api/batches', body), 422)
      expect(problem.errors, JSON.stringify(body).slice(0, 100)).toHaveProperty([field])
    }
    await refused(await olive.send('POST', '/api/batches', { verb: 'cancel', ids, scope: 'all' }), 404)
    await refused(await olive.send('POST', '/api/batches', { verb: 'reassign', ids, agentId: 'x' }), 403)
    const all = { verb: 'reassign', ids, scope: 'all' }
    const problem = await refused(await admin.send('POST', '/api/batches', { ...all, agentId: 'x' }), 422)
    expect(problem.errors).toHaveProperty('agentId')
    expect((await olive.job(ids[0] as string)).status).toBe('PENDING')
  })
})

describe('a filter', () => {
  test.each([
    ['', /is empty and would match every job/],
    ['?', /is empty and would match every job/],
    [{}, /is empty and would match every job/],
    ['sort=name', /is empty and would match every job/],
    ['stauts=FAILED', /“stauts”. Did you mean “status”/],
    [{ stauts: 'FAILED' }, /“stauts”. Did you mean “status”/],
    ['status=FAILED&foo=1', /“foo”/],
    ['status=', /“status” is empty/],
    [{ status: [], priority: 3 }, /“status” is empty/],
    [{ q: ' ' }, /“q” is empty/],
    ['q=x&cursor=y', /“cursor”/],
    ['agent=a&agent=b', /“agent” is given more than once/],
    [{ status: null }, /status: It is a text/],
    [5, /The filter is a query string, or an object/],
  ])('%j that is misspelled or empty means nothing', async (filter, message) => {
    for (const dryRun of [true, false]) {
      const answer = await olive.send('POST', '/api/batches', { verb: 'cancel', filter, dryRun })
      const { errors } = await refused(answer, 422)
      expect(errors?.filter?.join(' ')).toMatch(message)
    }
  })

  test('and a parameter of the address are not taken for the body', async () => {
    const body = { verb: 'cancel', filter: 'status=FAILED' }
    const problem = await refused(await olive.send('POST', '/api/batches?dryRun=1', body), 422)
    expect(problem.errors).toHaveProperty('dryRun')
  })

  test('is not needed for all, which is said', async () => {
    const person = await Script.signIn(server, await signUp(server, 'Allie'))
    const ids = await jobs(person, 3)
    for (const more of [{ ids }, { filter: 'status=PENDING' }, { filter: { status: 'PENDING' } }]) {
      const problem = await refused(
        await person.send('POST', '/api/batches', { verb: 'cancel', all: true, ...more }),
        422,
      )
      expect(problem.errors).toHaveProperty('ids')
    }
    const wanted = { verb: 'priority', priority: 4, all: true, expectedCount: 3 }
    const batch = await person.call<Batch>('POST', '/api/batches', wanted, [202])
    expect(batch).toMatchObject({ total: 3, filter: '' })
    await over(person, batch.id)
    for (const id of ids) expect(await person.job(id)).toMatchObject({ priority: 4 })
  })

  test('can say how many jobs it expects', async () => {
    const person = await Script.signIn(server, await signUp(server, 'Count'))
    const ids = await jobs(person, 3)
    const cancel = { verb: 'cancel' }
    for (const choice of [{ filter: 'status=PENDING' }, { all: true }, { ids: [...ids, 'unknown'] }]) {
      for (const dryRun of [true, false]) {
        const body = { ...cancel, ...choice, dryRun, expectedCount: 2 }
        const problem = await refused(await person.send('POST', '/api/batches', body), 409)
        expect(problem).toMatchObject({ reason: 'count_changed', count: 3 })
      }
    }
    expect((await person.call<{ data: unknown[] }>('GET', '/api/batches')).data).toEqual([])
    for (const id of ids) expect(await person.job(id)).toMatchObject({ status: 'PENDING' })
    const right = { ...cancel, filter: 'status=PENDING', expectedCount: 3 }
    const batch = await person.call<Batch>('POST', '/api/batches', right, [202])
    expect(await over(person, batch.id)).toMatchObject({ done: 3 })
  })
})

test('stopping what is over is a conflict; what was refused can be tried again', async () => {
  const [id = ''] = await jobs(olive, 1)
  const accept = await olive.call<Batch>('POST', '/api/batches', { verb: 'accept', ids: [id] }, [202])
  expect(await over(olive, accept.id)).toMatchObject({ state: 'DONE', done: 0, refused: 1 })
  const stop = await refused(await olive.send('POST', `/api/batches/${accept.id}/stop`), 409)
  expect(stop.reason).toBe('not_running')
  const again = await olive.call<Batch>('POST', `/api/batches/${accept.id}/retry`, {}, [202])
  expect(again).toMatchObject({ verb: 'accept', retryOf: accept.id, total: 1 })
  await over(olive, again.id)
  const cancel = await olive.call<Batch>('POST', '/api/batches', { verb: 'cancel', ids: [id] }, [202])
  await over(olive, cancel.id)
  const nothing = await refused(await olive.send('POST', `/api/batches/${cancel.id}/retry`), 409)
  expect(nothing.reason).toBe('nothing_left')
})

test('a batch is its maker’s and the admins’; to others it is not there', async () => {
  const batch = await olive.call<Batch>(
    'POST',
    '/api/batches',
    { verb: 'cancel', ids: await jobs(olive, 1) },
    [202],
  )
  const path = `/api/batches/${batch.id}`
  await over(olive, batch.id)
  for (const each of [path, `${path}/items`]) await refused(await sam.send('GET', each), 404)
  for (const verb of ['stop', 'retry']) await refused(await sam.send('POST', `${path}/${verb}`), 404)
  expect(await admin.call<Batch>('GET', path)).toMatchObject({ id: batch.id })
  await refused(await olive.send('GET', '/api/batches?scope=all'), 404)
  const { data } = await admin.call<{ data: Batch[] }>('GET', '/api/batches?scope=all&limit=1')
  expect(data[0]?.id).toBe(batch.id)
  await refused(await olive.send('GET', `${path}/items?outcome=nonsense`), 422)
})

test('an admin’s batch at the desk leaves one audit row for it and one a job', async () => {
  const ids = await jobs(olive, 2)
  const wanted = { verb: 'complete', scope: 'all', reason: 'No longer needed', ids }
  const batch = await admin.call<Batch>('POST', '/api/batches', wanted, [202])
  await over(admin, batch.id)
  const audit = async (subject: string) =>
    (
      await admin.call<{ data: { action: string; detail: object; address: string }[] }>(
        'GET',
        `/api/admin/audit?subject=${subject}`,
      )
    ).data
  const detail = { verb: 'complete', jobs: 2, reason: 'No longer needed' }
  expect(await audit(batch.id)).toMatchObject([{ action: 'batch.start', detail }])
  for (const id of ids) {
    expect(await audit(id)).toMatchObject([
      { action: 'job.complete', detail: { reason: 'No longer needed' }, address: expect.any(String) },
    ])
  }
})
