import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signIn, signUp } from '../support/api'
import type { Client } from '../support/client'
import { EventReader } from '../support/event-stream'
import { type HoldingProxy, startHoldingProxy } from '../support/holding-proxy'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

let server: TestServer
let admin: Script
let owner: Script
let page: Client
/** Opened first and looked at last, through a proxy: heartbeats come every 15 s. */
let quiet: EventReader
/** By how they hold back answers. */
const proxies: Record<string, HoldingProxy> = {}

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  const olive = await signUp(server, 'Olive')
  owner = await Script.signIn(server, olive)
  page = olive.client
  proxies.nginx = await startHoldingProxy(server.origin, { blocks: 8192 })
  proxies.other = await startHoldingProxy(server.origin, { beginning: 2048 })
  quiet = await listen(await newcomer('Quentin'), '/api/events', undefined, proxies.nginx.origin)
}, 30_000)
afterAll(async () => {
  for (const proxy of Object.values(proxies)) await proxy.close()
  await server.dispose()
})

const readers: EventReader[] = []
async function listen(
  script: Script,
  path: string,
  after?: number,
  from = server.origin,
): Promise<EventReader> {
  const reader = await EventReader.open(from + path, {
    authorization: `Bearer ${script.token}`,
    ...(after === undefined ? {} : { 'last-event-id': String(after) }),
  })
  readers.push(reader)
  return reader
}
const cookieOf = (client: Client) => [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
const watch = (client: Client, path: string, from = server.origin) =>
  EventReader.open(from + path, { cookie: cookieOf(client) })

async function newcomer(name: string): Promise<Script> {
  return Script.signIn(server, await signUp(server, name))
}

/** A job of the built-in agent, done. */
async function done(script: Script, name = 'Count') {
  const { id } = await script.createJob({ name })
  await script.jobIn(id, 'IN_REVIEW')
  return id
}

const logOf = async (script: Script, id: string) =>
  (await script.call<{ data: { seq: number; id: string }[] }>('GET', `/api/jobs/${id}/logs?limit=100`)).data

describe('what scripts follow', () => {
  test('one job: every row of its log, as the log has it, under its seq', async () => {
    const { id } = await owner.createJob({ name: 'Watched', runAfter: '2030-01-01T00:00:00Z' })
    const reader = await listen(owner, `/api/jobs/${id}/events`)
    expect(reader.answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(reader.answer.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(reader.answer.headers.get('x-accel-buffering')).toBe('no')
    await owner.createJob({ name: 'Another' })
    await owner.call('PATCH', `/api/jobs/${id}`, { version: 1, runAfter: null })
    await owner.jobIn(id, 'IN_REVIEW')
    await owner.call('POST', `/api/jobs/${id}/accept`, {})
    await until(() => reader.events.at(-1)?.data.kind === 'accept')
    const log = await logOf(owner, id)
    // the first row was there before the stream
    expect(reader.seqs()).toEqual(log.slice(1).map(({ seq }) => seq))
    for (const [at, { id: seq, data }] of reader.events.entries()) {
      expect(data).toEqual({ ...log[at + 1], jobId: id, jobName: 'Watched', userId: expect.any(String) })
      expect(data.seq).toBe(seq)
    }
  })

  test("one's own jobs, and an admin's everyone's: no row of another owner, none left out", async () => {
    const sam = await newcomer('Sam')
    const [own, theirs, all] = await Promise.all([
      listen(owner, '/api/events'),
      listen(sam, '/api/events'),
      listen(admin, '/api/admin/events'),
    ])
    const [mine, his] = await Promise.all([done(owner), done(sam)])
    const [myLog, hisLog] = [await logOf(owner, mine), await logOf(sam, his)]
    await own.count(myLog.length)
    await theirs.count(hisLog.length)
    expect(own.seqs()).toEqual(myLog.map(({ seq }) => seq))
    expect(theirs.seqs()).toEqual(hisLog.map(({ seq }) => seq))
    const both = [...own.seqs(), ...theirs.seqs()].sort((a, b) => a - b)
    await until(() => both.every((seq) => all.seqs().includes(seq)))
    expect(all.seqs()).toEqual([...all.seqs()].sort((a, b) => a - b))
  })

  test('Last-Event-ID goes on after that row, by header or by address; junk is refused', async () => {
    const id = await done(owner)
    const seqs = (await logOf(owner, id)).map(({ seq }) => seq)
    const [first, ...rest] = seqs as [number, ...number[]]
    for (const reader of [
      await listen(owner, `/api/jobs/${id}/events`, first),
      await listen(owner, `/api/jobs/${id}/events?after=${first}`),
      await listen(owner, `/api/events`, first),
    ]) {
      await reader.count(rest.length)
      expect(reader.seqs()).toEqual(rest)
    }
    const whole = await listen(owner, `/api/jobs/${id}/events`, 0)
    await whole.count(seqs.length)
    expect(whole.seqs()).toEqual(seqs)
    for (const junk of ['-1', '1.5', 'x', '9999999999999999999']) {
      const answer = await owner.send('GET', '/api/events', undefined, { 'last-event-id': junk })
      expect(answer.status).toBe(422)
      expect(await answer.json()).toMatchObject({ errors: { lastEventId: [expect.any(String)] } })
    }
  })

  test('a job that is not there, or not theirs, and an admin stream for others: 404; nobody: 401', async () => {
    const { id } = await owner.createJob()
    const sam = await newcomer('Sam')
    for (const path of [
      `/api/jobs/${id}/events`,
      '/api/jobs/none/events',
      '/api/admin/events',
      '/admin/events',
    ]) {
      expect((await sam.send('GET', path)).status, path).toBe(404)
    }
    for (const path of ['/events', '/api/events']) {
      expect((await owner.client.json('GET', path)).status).toBe(401)
      expect((await owner.send('POST', path, {})).status).toBe(405)
      const head = await owner.send('HEAD', path)
      expect([head.status, head.headers.get('content-type')]).toEqual([
        200,
        'text/event-stream; charset=utf-8',
      ])
    }
    expect((await owner.client.json('GET', '/events.data', { token: owner.token })).status).toBe(404)
  })
})

describe('what pages follow', () => {
  test('turns of own jobs; of the jobs in the address every row, with payloads as a page shows them', async () => {
    const { id } = await owner.createJob({ name: 'Watched', runAfter: '2030-01-01T00:00:00Z' })
    const list = await watch(page, '/events')
    const detail = await watch(page, `/events?job=${id}`)
    await owner.call('PATCH', `/api/jobs/${id}`, { version: 1, runAfter: null })
    const other = await done(owner, 'Another')
    await owner.jobIn(id, 'IN_REVIEW')
    const kinds = (reader: EventReader, of: string) =>
      reader.events.filter(({ data }) => data.jobId === of).map(({ data }) => data.kind)
    await until(() => kinds(detail, id).includes('submit') && kinds(list, other).includes('submit'))
    expect(kinds(list, id)).toEqual(['edit', 'claim', 'submit'])
    expect(kinds(list, other)).toEqual(['create', 'claim', 'submit'])
    await until(() => kinds(detail, other).includes('submit'))
    expect(kinds(detail, other)).toEqual(['create', 'claim', 'submit'])
    const log = await logOf(owner, id)
    expect(detail.events.filter(({ data }) => data.jobId === id).map((event) => event.id)).toEqual(
      log.slice(1).map(({ seq }) => seq),
    )
    const called = detail.events.find(({ data }) => data.requestPayload)?.data
    expect(called?.requestPayload).toMatchObject({ json: expect.any(String), cut: false })
    for (const each of [list, detail]) each.close()
  })

  test('a job that is not theirs, or not there any more, is left out, and takes nothing from the others', async () => {
    const sam = await signUp(server, 'Sam')
    const script = await Script.signIn(server, sam)
    const { id } = await owner.createJob({ runAfter: '2030-01-01T00:00:00Z' })
    const gone = await script.createJob({ runAfter: '2030-01-01T00:00:00Z' })
    await script.call('POST', `/api/jobs/${gone.id}/cancel`, {})
    await admin.call('DELETE', `/api/admin/jobs/${gone.id}`)
    const stream = await watch(sam.client, `/events?job=${id}&job=${gone.id}&job=none`)
    await owner.call('PATCH', `/api/jobs/${id}`, { version: 1, priority: 3 })
    const own = await script.createJob({ runAfter: '2030-01-01T00:00:00Z' })
    await stream.count(1)
    expect(stream.events.map(({ data }) => [data.jobId, data.kind])).toEqual([[own.id, 'create']])
    stream.close()
  })

  test('a page hears first where its stream begins', async () => {
    const { id } = await owner.createJob({ runAfter: '2030-01-01T00:00:00Z' })
    const last = (await logOf(owner, id)).at(-1)?.seq
    const answer = await fetch(`${server.origin}/events`, { headers: { cookie: cookieOf(page) } })
    const first = await answer.body?.getReader().read()
    const text = new TextDecoder().decode(first?.value)
    const seq = Number(/^: {2048}\nretry: 1000\nevent: head\nid: (\d+)\ndata: \1\n\n$/.exec(text)?.[1])
    expect(seq).toBeGreaterThanOrEqual(last ?? Number.NaN)
  })

  test('an admin may look at the lines of any job, from either side', async () => {
    const client = await signIn(server, ADMIN)
    const { id } = await owner.createJob({ runAfter: '2030-01-01T00:00:00Z' })
    const readers = [await watch(client, `/events?job=${id}`), await watch(client, `/admin/events?job=${id}`)]
    await owner.call('PATCH', `/api/jobs/${id}`, { version: 1, runAfter: null })
    await owner.jobIn(id, 'IN_REVIEW')
    const wanted = (await logOf(owner, id)).slice(1).map(({ seq }) => seq)
    for (const reader of readers) {
      await until(() => wanted.every((seq) => reader.seqs().includes(seq)))
      expect(reader.events.filter(({ data }) => data.jobId === id).map((event) => event.id)).toEqual(wanted)
      reader.close()
    }
    const many = Array.from({ length: 21 }, (_, n) => `job=${n}`).join('&')
    expect((await page.get(`/events?${many}`)).status).toBe(422)
  })
})

describe('who may no longer come in is sent away within 5 s', () => {
  const isOver = (reader: EventReader) => until(() => reader.isOver, 5_000)

  test('a revoked token, an ended session, a disabled account, an admin who is none any more', async () => {
    const [rae, dan] = [await signUp(server, 'Rae'), await signUp(server, 'Dan')]
    const script = await Script.signIn(server, rae)
    const ada = await signUp(server, 'Ada')
    await admin.call('POST', `/api/admin/users/${ada.email}/make-admin`, {})
    const adas = await Script.signIn(server, ada)
    const streams = {
      revoked: await listen(script, '/api/events'),
      signedOut: await watch(rae.client, '/events'),
      disabled: await watch(dan.client, '/events'),
      noAdmin: await listen(adas, '/api/admin/events'),
      stays: await listen(owner, '/api/events'),
    }
    const tokens = await rae.client.get('/settings/tokens')
    const id = /name="id" value="([0-9a-z]{26})"/.exec(await tokens.text())?.[1]
    expect((await rae.client.postForm('/settings/tokens', { intent: 'revoke', id })).status).toBeLessThan(400)
    expect((await script.send('GET', '/api/jobs')).status).toBe(401)
    await isOver(streams.revoked)
    await rae.client.postForm('/logout')
    await admin.call('POST', `/api/admin/users/${dan.email}/disable`, {})
    await admin.call('POST', `/api/admin/users/${ada.email}/remove-admin`, {})
    for (const each of [streams.signedOut, streams.disabled, streams.noAdmin]) await isOver(each)
    expect(streams.stays.isOver).toBe(false)
    // not cut off: the answer is over
    expect(await streams.revoked.ended).toBe('end')
  }, 30_000)
})

describe('behind a proxy that gathers answers', () => {
  test.each(['nginx', 'other'])(
    'every stream begins at once, and each event comes at once: %s',
    async (kind) => {
      const { origin, held } = proxies[kind] as HoldingProxy
      const person = await signUp(server, `Pat${kind}`)
      const script = await Script.signIn(server, person)
      const { id } = await script.createJob({ name: 'Followed', runAfter: '2030-01-01T00:00:00Z' })
      const boss = await signIn(server)
      // what opens has begun
      const streams = await Promise.all([
        listen(script, '/api/events', undefined, origin),
        listen(script, `/api/jobs/${id}/events`, undefined, origin),
        listen(admin, '/api/admin/events', undefined, origin),
        watch(person.client, '/events', origin),
        watch(boss, '/admin/events', origin),
      ])
      for (const kindOf of ['cancel', 'resubmit']) {
        await script.call('POST', `/api/jobs/${id}/${kindOf}`, {})
        await until(() => streams.every(({ events }) => events.some(({ data }) => data.kind === kindOf)))
      }
      expect(held()).toBe(0)
      for (const each of streams) each.close()
    },
  )

  test.each([{ blocks: 8192 }, { beginning: 2048 }])(
    'it does hold back what it is not told of: %o',
    async (holding) => {
      const answers: ServerResponse[] = []
      const target = createServer((_, answer) => {
        answers.push(answer)
        answer.write('x'.repeat(100))
      }).listen(0, '127.0.0.1')
      await once(target, 'listening')
      const proxy = await startHoldingProxy(
        `http://127.0.0.1:${(target.address() as AddressInfo).port}`,
        holding,
      )
      let got = ''
      const whole = fetch(proxy.origin).then(async ({ body }) => {
        for await (const piece of body as unknown as AsyncIterable<Uint8Array>) got += Buffer.from(piece)
      })
      await until(() => proxy.held() === 100)
      expect(got).toBe('')
      answers[0]?.end()
      await whole
      expect(got).toHaveLength(100)
      await proxy.close()
      target.close()
    },
  )
})

test('a person has so many streams at once, and gets places back', async () => {
  const script = await newcomer('Greta')
  const streams = []
  for (let n = 0; n < 20; n++) streams.push(await listen(script, '/api/events'))
  const refused = await script.send('GET', '/api/events')
  expect(refused.status).toBe(429)
  expect(refused.headers.get('retry-after')).toBe('10')
  expect((await owner.send('HEAD', '/api/events')).status).toBe(200)
  streams[0]?.close()
  await until(async () => {
    const answer = await fetch(`${server.origin}/api/events`, {
      headers: { authorization: `Bearer ${script.token}` },
    })
    await answer.body?.cancel()
    return answer.ok
  })
})

test('a heartbeat comes every 15 s, and with it where to go on from', async () => {
  await until(() => quiet.heartbeats > 0, 20_000)
  expect(quiet.events).toEqual([])
  expect(Number(quiet.lastId)).toBeGreaterThan(0)
}, 25_000)

test('a stop of the process ends every stream at once; the next process goes on where it was', async () => {
  const { id } = await owner.createJob({ runAfter: '2030-01-01T00:00:00Z' })
  const before = await listen(owner, `/api/jobs/${id}/events`, 0)
  await before.count(1)
  const began = performance.now()
  const [code] = await Promise.all([server.stop(), before.ended])
  expect(code).toBe(0)
  expect(await before.ended).toBe('end')
  expect(performance.now() - began).toBeLessThan(5_000)
  const { dataDir } = server
  server = await startServer({ dataDir })
  const again = new Script(owner.client, owner.token)
  Object.assign(again.client, { origin: server.origin })
  await again.call('POST', `/api/jobs/${id}/cancel`, {})
  const after = await listen(again, `/api/jobs/${id}/events`, Number(before.lastId))
  await after.count(1)
  expect(after.events.map(({ data }) => data.kind)).toEqual(['cancel'])
}, 30_000)
