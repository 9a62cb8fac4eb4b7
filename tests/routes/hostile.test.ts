import { type IncomingMessage, request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { addressOf } from '~/http/server-hooks.server'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** What nobody sends by mistake, and somebody will: each is answered clearly, and the server goes on. */

let server: TestServer
let script: Script
let browser: Client

beforeAll(async () => {
  server = await startServer({ admin: true, env: { ALLOWED_HOSTS: 'docket.lan,docket.internal' } })
  const olive = await signUp(server, 'Olive')
  browser = olive.client
  script = await Script.signIn(server, olive)
})
afterAll(async () => {
  // one process served it all, and said nothing of a fault
  expect(server.output()).not.toMatch(/"level":50|"level":60|unexpected|Error:/)
  expect((await fetch(`${server.origin}/healthz`)).status).toBe(200)
  await server.dispose()
})

const job = { name: 'A job', description: '/stats\none', acceptanceCriteria: 'It counts' }

/** As it goes over the wire: fetch would tidy the target and refuse the method. */
function raw(method: string, target: string, headers: Record<string, string> = {}, body?: string) {
  return new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(server.origin)
    const asked = request({ hostname, port, method, path: target, headers }, (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text }),
      )
    })
    asked.once('error', reject)
    asked.end(body)
  })
}

/** The first line of the answer to what goes over the wire as it is. */
function statusLine(sent: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.origin)
    const socket = connect(Number(port), hostname, () => socket.write(sent))
    socket.setEncoding('utf8').once('data', (text: string) => {
      resolve(text.split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

const ownPage = { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }

describe('forms', () => {
  test.each([
    ['a sparse list', 'a[999999999]=1'],
    ['deep nesting', `a${'.b'.repeat(5_000)}=1`],
    ['many fields', 'a=1&'.repeat(200_000)],
    ['an intent that is none', '__intent__=garbage'],
    ['an intent', '__intent__=%7B%22type%22%3A%22reset%22%7D'],
    ['a prototype', '__proto__[x]=1&constructor.prototype.y=1'],
  ])('%s', async (_, body) => {
    for (const path of ['/login', '/signup', '/setup', '/password']) {
      expect((await raw('POST', path, ownPage, body)).status).toBe(400)
    }
    expect((await browser.postForm('/jobs/new', {}, { body: new URLSearchParams(body) })).status).toBe(400)
  })

  test('a file where text is expected', async () => {
    const form = new FormData()
    form.set('email', new Blob(['x']), 'x.txt')
    form.set('password', 'x')
    expect((await browser.postForm('/login', {}, { body: form })).status).toBe(400)
  })

  test('no form, a form too big, another method', async () => {
    expect((await raw('POST', '/login', { ...ownPage, 'content-type': 'text/plain' }, 'x')).status).toBe(400)
    const big = new URLSearchParams({ email: 'x'.repeat(1_100_000) })
    expect((await browser.postForm('/login', {}, { body: big })).status).toBe(413)
    expect((await browser.postForm('/jobs/new', job, { method: 'PUT' })).status).toBe(405)
  })

  test('line ends count once and are kept as one', async () => {
    const description = `/stats\n${'line\n'.repeat(9_000)}end`
    expect(description.length).toBeGreaterThan(45_000)
    const answer = await browser.postForm('/jobs/new', {
      ...job,
      description: description.replaceAll('\n', '\r\n'),
    })
    expect(answer.status).toBe(303)
    const id = answer.headers.get('location')?.split('/').at(-1) as string
    expect(await script.job(id)).toMatchObject({ description })
  })

  test('the same form twice at once makes one job', async () => {
    const fields = { ...job, idempotencyKey: crypto.randomUUID() }
    const answers = await Promise.all([1, 2, 3].map(() => browser.postForm('/jobs/new', fields)))
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
    expect(new Set(answers.map((answer) => answer.headers.get('location'))).size).toBe(1)
    const other = await browser.postForm('/jobs/new', { ...fields, name: 'Changed' })
    expect(other.status).toBe(409)
    const page = await other.text()
    expect(page).toContain(answers[0]?.headers.get('location') ?? '-')
    expect(page).toContain('value="Changed"')
    const [, fresh] = /<input[^>]*name="idempotencyKey"[^>]*value="([^"]+)"/.exec(page) ?? []
    expect(fresh).toMatch(/^[0-9a-f-]{36}$/)
    expect(fresh).not.toBe(fields.idempotencyKey)
  })

  test('a next that leads elsewhere is not followed', async () => {
    const { email, password } = await signUp(server, 'Nora')
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const answer = await new Client(server.origin).postForm('/login', { email, password, next })
      expect(answer.headers.get('location')).toBe('/jobs')
    }
  })
})

describe('JSON', () => {
  test('half a surrogate pair is no text, and never reaches the database', async () => {
    const body = `{"name":"a\\ud800b","description":"/stats\\n\\udc00","acceptanceCriteria":"\\ud83d"}`
    const answer = await fetch(`${server.origin}/api/jobs`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${script.token}` },
    })
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: string }
    expect(await script.jobIn(id, 'IN_REVIEW')).toMatchObject({ name: 'a\ufffdb' })
  })

  test('a body in pieces past the limit is told so', async () => {
    const pieces = Readable.from(Array.from({ length: 80 }, () => Buffer.alloc(65_536, 32)))
    const answer = await fetch(`${server.origin}/api/jobs`, {
      method: 'POST',
      body: Readable.toWeb(pieces) as ReadableStream<Uint8Array>,
      duplex: 'half',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${script.token}` },
    } as RequestInit)
    expect(answer.status).toBe(413)
  })

  test.each([
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 422],
    ['a prototype', '{"__proto__":{"name":"x"}}', 422],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400],
    ['a number for an agent', JSON.stringify({ ...job, agentId: 5 }), 422],
  ] as const)('%s', async (_, body, status) => {
    const answer = await fetch(`${server.origin}/api/jobs`, {
      ...{ method: 'POST', body },
      headers: { 'content-type': 'application/json', authorization: `Bearer ${script.token}` },
    })
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toContain('expected')
  })

  test('a cursor that is no number of ours', async () => {
    const cursor = Buffer.from('["own-jobs","n",1e400,"x"]').toString('base64url')
    expect((await script.send('GET', `/api/jobs?cursor=${cursor}`)).status).toBe(422)
    expect((await browser.get(`/jobs?cursor=${cursor}`)).status).toBe(422)
    expect((await script.send('GET', '/api/jobs?limit=1e1')).status).toBe(422)
  })
})

describe('a word that every object knows', () => {
  const word = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
  const lists = ['/jobs', '/api/jobs']
  const parameters = [
    'q',
    'status',
    'agent',
    'owner',
    'priority',
    'tag',
    'created',
    'updated',
    'sort',
    'cursor',
  ]
  const addresses = [
    ...lists.flatMap((list) => parameters.map((name) => `${list}?${name}=`)),
    ...lists.flatMap((list) => ['needs:', '-status:', 'tag:'].map((q) => `${list}?q=${q}`)),
    ...['/jobs/export?format=', '/api/jobs/export?format=', '/api/jobs/export?format=csv&q=needs:'],
    ...['/jobs/new?example=', '/templates/new?starter=', '/schedules/new?template=', '/search?q=needs:'],
    ...['/api/search?q=needs:', '/api/views?scope=', '/api/batches?scope=', '/api/schedules?scope='],
    ...['/batches/new?scope=', '/views?query=q=needs:', '/review?scope=', '/login?why=', '/settings?saved='],
  ]

  test.each(word)('%s as a value, or as a name', async (name) => {
    for (const address of [
      ...addresses.map((each) => each + name),
      `/jobs?${name}=x`,
      `/api/jobs?${name}=x`,
    ]) {
      const answer = address.startsWith('/api/')
        ? await script.send('GET', address)
        : await browser.get(address)
      expect([200, 303, 404, 422], address).toContain(answer.status)
      await answer.text()
    }
  })

  test('as a format of an export is said to be none', async () => {
    const answer = await script.send('GET', '/api/jobs/export?format=constructor')
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ errors: { format: ['The format is csv or ndjson.'] } })
  })

  test.each(word)('%s as a field of a form', async (name) => {
    const answer = await browser.postForm('/jobs/new', { name: '', [name]: 'x', description: 'kept' })
    expect(answer.status).toBe(name === '__proto__' ? 400 : 422)
    if (answer.status === 422) expect(await answer.text()).toContain('kept')
  })

  test('as a name in metadata comes back', async () => {
    const metadata = { constructor: '1', toString: '2' }
    const made = await script.createJob({ metadata, runAfter: '2099-01-01T00:00Z' })
    expect(await script.job(made.id)).toMatchObject({ metadata })
  })
})

describe('targets and methods', () => {
  test.each([
    '/jobs/%E0%A4%A',
    '/jobs/%',
    '/%00',
    '/jobs/%00',
    'http://evil.example/login',
    '//evil.example/x',
  ])('%s is not there', async (target) => {
    const answer = await raw('GET', target)
    expect([404, 303]).toContain(answer.status)
    expect(answer.text).not.toMatch(/URIError|at decode/)
  })

  test('an API path that can not be decoded is a problem as any other', async () => {
    const answer = await raw('GET', '/api/jobs/%E0%A4%A', { authorization: `Bearer ${script.token}` })
    expect(answer).toMatchObject({ status: 404, type: expect.stringContaining('application/problem+json') })
  })

  test.each(['PROPFIND', 'LOCK', 'TRACE', 'PUT'])('%s is not allowed', async (method) => {
    const answer = await raw(method, '/api/jobs', { authorization: `Bearer ${script.token}` })
    expect(answer).toMatchObject({ status: 405, type: expect.stringContaining('application/problem+json') })
    expect((await raw(method, '/')).status).toBe(405)
  })

  test('only hosts of this Docket are answered', async () => {
    expect((await raw('GET', '/login', { host: 'a b<c>' })).status).toBe(400)
    const foreign = await raw('GET', '/login', { host: 'rebound.example', accept: 'text/html' })
    expect(foreign).toMatchObject({ status: 421, type: 'text/plain; charset=utf-8' })
    expect(foreign.text).toContain('rebound.example')
    const api = await raw('GET', '/api/jobs', { host: 'rebound.example:80', authorization: 'Bearer x' })
    expect(api).toMatchObject({ status: 421, type: 'application/problem+json' })
    for (const host of [
      'localhost:3000',
      'docket.localhost',
      '192.0.2.7',
      '[2001:db8::1]:80',
      'Docket.Internal:80',
    ]) {
      expect((await raw('GET', '/login', { host })).status, host).toBe(200)
    }
    expect((await raw('GET', '/healthz', { host: 'rebound.example' })).status).toBe(200)
  })

  test('HTTP/1.1 without a host is a bad request; HTTP/1.0 needs none', async () => {
    expect(await statusLine('GET /login HTTP/1.1\r\nConnection: close\r\n\r\n')).toContain(' 400 ')
    expect(await statusLine('GET /login HTTP/1.0\r\n\r\n')).toContain(' 200 ')
  })

  test.each([
    [{ 'sec-fetch-site': 'same-origin', origin: 'garbage' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' }, 403],
    [{ 'sec-fetch-site': 'cross-site', origin: 'own' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 403],
    [{ 'sec-fetch-site': 'same-origin' }, 422],
    [{ origin: 'own' }, 422],
    [{ 'sec-fetch-site': 'same-origin', origin: 'own' }, 422],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://docket.internal', host: 'docket.internal' }, 422],
    [{ 'sec-fetch-site': 'same-origin', origin: 'http://localhost:1', host: 'docket.internal' }, 403],
  ] as [Record<string, string>, number][])('a form with %j: %i', async (headers, status) => {
    const sent = { ...headers, 'content-type': 'application/x-www-form-urlencoded' } as Record<string, string>
    if (sent.origin === 'own') sent.origin = server.origin
    expect((await raw('POST', '/login', sent, 'email=a&password=b')).status).toBe(status)
  })

  test('a request for the data of one route is answered without a line in the log', async () => {
    const before = server.output().length
    expect((await raw('GET', '/?_data=root')).status).toBe(303)
    expect((await raw('GET', '/login?next=%2Fjobs&_data=routes%2Fauth%2Flogin')).status).toBe(200)
    expect(server.output().slice(before)).not.toContain('single fetch')
  })

  test('what was refused for lack of a right is in the log', async () => {
    const before = server.output().length
    await raw('POST', '/login', { 'content-type': 'application/x-www-form-urlencoded' }, 'email=a&password=b')
    await raw('GET', '/api/jobs', { authorization: 'Bearer wrong' })
    await raw('GET', '/api/jobs')
    const lines = () =>
      server
        .output()
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('"level":30'))
        .map((line) => JSON.parse(line) as { path: string; status: number })
    await expect
      .poll(() => lines().map(({ path, status }) => `${path} ${status}`))
      .toEqual(['/login 403', '/api/jobs 401'])
  })

  test('no cache keeps data, secrets and errors; what has an ETag may be kept and is asked for', async () => {
    const caching = async (answer: Promise<Response>) => (await answer).headers.get('cache-control')
    expect(await caching(browser.get('/jobs.data'))).toContain('no-store')
    expect(await caching(browser.get('/jobs'))).toContain('no-store')
    expect(await caching(browser.get('/no/such/page'))).toContain('no-store')
    expect(await caching(script.send('GET', '/api/tokens'))).toBe('no-store')
    expect(await caching(script.send('GET', '/api/jobs/none'))).toBe('no-store')
    expect(await caching(script.send('GET', '/api/jobs'))).toBe('private, no-cache')
  })

  test('garbage for a cookie is nobody', async () => {
    const answer = await raw('GET', '/jobs', { cookie: 'docket_session=%E0%A4%A; docket_session=x.y; =;;' })
    expect(answer.status).toBe(303)
  })
})

describe('behind a proxy with https', () => {
  const origin = 'https://docket.example.com'
  let secure: TestServer
  beforeAll(async () => {
    secure = await startServer({ admin: true, env: { APP_ORIGIN: origin, TRUST_PROXY: 'loopback' } })
  })
  afterAll(() => secure.dispose())

  const send = (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(`${secure.origin}${path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields).toString(),
      headers: { ...ownPage, origin, ...headers },
    })
  const cookiesOf = (answer: Response) =>
    answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')

  test('cookies are bound to the host, and signing out clears what the browser kept', async () => {
    const entered = await send('/login', ADMIN)
    expect(entered.headers.getSetCookie()).toHaveLength(2)
    for (const cookie of entered.headers.getSetCookie()) {
      expect(cookie).toMatch(/^__Host-docket_(session|device)=[^;]+; .*Path=\/;.*HttpOnly.*Secure/)
      expect(cookie).not.toContain('Domain')
    }
    expect(entered.headers.get('strict-transport-security')).toBe('max-age=31536000')
    const left = await send('/logout', {}, { cookie: cookiesOf(entered) })
    expect(left.status).toBe(303)
    expect(left.headers.get('clear-site-data')).toBe('"cache", "storage"')
    expect(left.headers.getSetCookie().map((cookie) => cookie.split('=')[0])).toEqual([
      ...['__Host-docket_session', '__Host-docket_sign_in', '__Host-docket_2fa'],
    ])
  })

  test('guesses from everywhere lock out strangers, and not a browser that has signed in before', async () => {
    const device = cookiesOf(await send('/login', ADMIN)).split('; ')[1] as string
    const from = (host: number) => ({ 'x-forwarded-for': `198.51.100.${host}:4711` })
    const guess = { ...ADMIN, password: 'wrong' }
    for (let n = 0; n < 20; n++) expect((await send('/login', guess, from(n))).status).toBe(422)
    expect((await send('/login', ADMIN, from(30))).status).toBe(429)
    expect(
      (await send('/login', ADMIN, { ...from(31), cookie: device.replace(/device=./, 'device=-') })).status,
    ).toBe(429)
    expect((await send('/login', ADMIN, { ...from(32), cookie: device })).status).toBe(303)
  })
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['203.0.113.9:4711', '203.0.113.9'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['2001:db8::1', '2001:db8::1'],
  ['198.51.100.1, 203.0.113.9:80, 127.0.0.1:9', '203.0.113.9'],
  ['nonsense', '127.0.0.1'],
])('X-Forwarded-For: %s is from %s', (forwarded, address) => {
  const request = { socket: { remoteAddress: '127.0.0.1' }, headers: { 'x-forwarded-for': forwarded } }
  expect(addressOf(request as unknown as IncomingMessage, ['loopback'])).toBe(address)
})

test('a proxy that is not trusted is warned of once', async () => {
  for (let n = 0; n < 2; n++) await raw('GET', '/healthz', { 'x-forwarded-for': '203.0.113.9' })
  await expect.poll(() => server.output()).toContain('TRUST_PROXY')
  expect(server.output().match(/TRUST_PROXY does not name/g)).toHaveLength(1)
})
