import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TokenScope, tokenScopes } from '~/domain/accounts/limits'
import { openDatabase } from '~db/client.server'
import { Script, signIn, signUp } from '../support/api'
import { Client } from '../support/client'
import { type BuiltRoute, builtRoutes } from '../support/manifest'
import { databaseUrl } from '../support/real-server'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { type RouteRules, rules, type TableRule } from './rules'

/**
 * Walks the built route manifest: every loader and action, by everyone, as a document, as data, and as a request for
 * one leaf alone, against the table of rules. A route that is missing from the table fails.
 */

type Caller = 'nobody' | 'owner' | 'stranger' | 'admin' | 'revoked' | 'expired'
const callers: Caller[] = ['nobody', 'owner', 'stranger', 'admin', 'revoked', 'expired']

let server: TestServer
/** Bad tokens are limited by address: each route is asked from one of its own. */
const options = { admin: true, env: { TRUST_PROXY: 'loopback' } }
let hosts = 0
const browsers = new Map<Caller, Client>()
const tokens = new Map<Caller, string>()
/** Of the admin, with one scope each. */
const scoped = new Map<TokenScope, string>()
let jobId: string
let agentId: string
let scheduleId: string
let templateId: string
let batchId: string

beforeAll(async () => {
  server = await startServer(options)
  const people = {
    owner: await signUp(server, 'Olive'),
    stranger: await signUp(server, 'Sam'),
    revoked: await signUp(server, 'Rae'),
    expired: await signUp(server, 'Eve'),
    admin: { ...ADMIN, client: await signIn(server) },
  }
  browsers.set('nobody', new Client(server.origin))
  for (const [caller, person] of Object.entries(people) as [keyof typeof people, typeof people.owner][]) {
    browsers.set(caller, person.client)
    tokens.set(caller, (await Script.signIn(server, person)).token)
  }
  for (const scope of tokenScopes) scoped.set(scope, (await Script.signIn(server, ADMIN, [scope])).token)
  const admin = new Script(new Client(server.origin), tokens.get('admin') as string)
  const owner = new Script(new Client(server.origin), tokens.get('owner') as string)
  const agent = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
    name: 'Resting',
    kind: 'toolbox',
  })
  agentId = agent.id
  await admin.call('PATCH', `/api/admin/agents/${agentId}`, { state: 'PAUSED' })
  jobId = (await owner.createJob({ agentId })).id
  scheduleId = await addSchedule(owner)
  const wanted = { verb: 'accept', ids: [jobId] }
  batchId = (await owner.call<{ id: string }>('POST', '/api/batches', wanted, [202])).id
  await endCredentials(people.revoked, people.expired)
}, 60_000)
afterAll(() => server.dispose())

async function addSchedule(owner: Script) {
  const job = { name: 'Again', description: '/stats\none two', acceptanceCriteria: 'It is done' }
  const template = await owner.call<{ id: string }>('POST', '/api/templates', { name: 'Again', job })
  templateId = template.id
  const schedule = { name: 'Yearly', templateId, cron: '@yearly' }
  return (await owner.call<{ id: string }>('POST', '/api/schedules', schedule)).id
}

/** What a sign-out and a revocation leave, and what time does: straight in the database, the server being stopped. */
async function endCredentials(revoked: { email: string }, expired: { email: string }) {
  await server.stop()
  const db = await openDatabase({ url: await databaseUrl(join(server.dataDir, 'docket.db')) })
  const whose = 'userId = (SELECT id FROM users WHERE email = ?)'
  await db.write({
    repeatable: true,
    statements: [
      { sql: `UPDATE api_tokens SET revokedAt = 1 WHERE ${whose}`, args: [revoked.email] },
      { sql: `DELETE FROM sessions WHERE ${whose}`, args: [revoked.email] },
      { sql: `UPDATE api_tokens SET expiresAt = 1 WHERE ${whose}`, args: [expired.email] },
      { sql: `UPDATE sessions SET expiresAt = 1 WHERE ${whose}`, args: [expired.email] },
    ],
  })
  await db.release()
  db.close()
  const { origin: before, dataDir } = server
  server = await startServer({ ...options, dataDir })
  for (const [caller, client] of browsers) {
    const moved = new Client(server.origin)
    for (const [name, value] of client.cookies) moved.cookies.set(name, value)
    browsers.set(caller, moved)
  }
  expect(server.origin).not.toBe(before)
}

const routes = builtRoutes()
type Built = BuiltRoute & { url: string }
const listed = [...routes].flatMap(([id, route]) => (rules[id] ? [[id, route, rules[id]] as const] : []))

test('every built route stands in the table, with a rule for each loader and action, and no other', () => {
  for (const [id, { hasLoader, hasAction }] of routes) {
    expect(rules, `a rule for ${id}`).toHaveProperty([id])
    if (hasLoader) expect(rules[id]?.loader, `a rule for the loader of ${id}`).toBeDefined()
    if (hasAction) expect(rules[id]?.action, `a rule for the action of ${id}`).toBeDefined()
  }
  for (const id of Object.keys(rules))
    expect([...routes.keys()], `a route for the rule of ${id}`).toContain(id)
})

const urlOf = (route: Built) =>
  route.url
    .replace(/^\/api\/admin\/agents\/:id|^\/admin\/agents\/:id/, (path) => path.replace(':id', agentId))
    .replace(/^(\/api)?\/views\/:id/, (path) => path.replace(':id', 'needs-me'))
    .replace(/^(\/api)?\/batches\/:id/, (path) => path.replace(':id', batchId))
    .replace(/^(\/api)?\/templates\/:id/, (path) => path.replace(':id', templateId))
    .replace(/^(\/api)?\/schedules\/:id/, (path) => path.replace(':id', scheduleId))
    .replace(':id', jobId)
    .replace(':email', encodeURIComponent('nobody@example.com'))
    .replace('*', 'no/such/page')

test('no address of the API takes a parameter that it does not know, and each page says what it ignored', async () => {
  const token = tokens.get('admin') as string
  const asked = listed.filter(([, { hasLoader, url }]) => hasLoader && url !== undefined)
  const seen = { api: 0, pages: 0 }
  for (const [id, route, rule] of asked) {
    const url = urlOf(route as Built)
    if (/healthz|readyz|not-found/.test(id)) continue
    if (rule.api) {
      const answer = await new Client(server.origin).json('GET', `${url}?stauts=failed`, { token })
      const { errors } = (await answer.json()) as { errors?: object }
      if (answer.status === 405) continue
      expect(answer.status, url).toBe(422)
      expect(errors, url).toHaveProperty('stauts')
      seen.api++
    } else {
      const answer = await (browsers.get('admin') as Client).get(`${url}?stauts=failed&utm_source=x`)
      const html = await answer.text()
      // the others are outside of the frame, or lead on
      if (answer.status !== 200 || !html.includes('<main id="main" tabindex="-1"')) continue
      const notice = /This page ignored [^<]*/.exec(html)?.[0]
      expect(notice, url).toMatch(/^This page ignored an unknown parameter: “stauts”/)
      seen.pages++
    }
  }
  expect(seen.api).toBeGreaterThan(30)
  expect(seen.pages).toBeGreaterThan(30)
})

/** Complete, so that nobody is refused for a field; of a version that no job has, so that nobody changes one. */
const fields = {
  version: 999_999,
  ...{ name: 'A name', description: '/stats\nx', acceptanceCriteria: 'It is done' },
  ...{ feedback: 'More', answer: 'Yes', runAfter: '2031-01-01T00:00:00Z' },
  ...{ jobName: 'A name', jobDescription: '/stats\nx', csv: 'none\n1' },
}

const isSignedIn = (caller: Caller) => ['owner', 'stranger', 'admin'].includes(caller)

/** What the table expects: let in, sent to sign in, or told that it is not there. */
function expected(rule: TableRule, caller: Caller): 'in' | 'signIn' | 'notFound' {
  if (rule === 'anyone') return 'in'
  if (!isSignedIn(caller)) return 'signIn'
  if (rule === 'admin') return caller === 'admin' ? 'in' : 'notFound'
  if (rule === 'owner') return caller === 'stranger' ? 'notFound' : 'in'
  return 'in'
}

/** Whether a single-fetch answer, or one of its routes, is a redirect to sign in. */
const redirectsToLogin = (answer: Response, text: string) =>
  answer.headers.get('location')?.startsWith('/login') === true ||
  /SingleFetchRedirect[\s\S]*\/login/.test(text)

async function checkPage(answer: Response, rule: TableRule, caller: Caller, what: string, partly: boolean) {
  const text = await answer.text()
  const verdict = expected(rule, caller)
  const context = `${what} as ${caller}: ${answer.status} ${text.slice(0, 300)}`
  expect(answer.status, context).toBeLessThan(500)
  if (verdict === 'signIn') {
    expect(redirectsToLogin(answer, text), context).toBe(true)
    expect(text, context).not.toContain('/stats')
  } else if (verdict === 'notFound') {
    // a data request is answered route by route: the parents' part may be there, this route's must not
    expect(
      answer.status === 404 || (partly && text.includes('does not exist, or it is not yours')),
      context,
    ).toBe(true)
    expect(text, context).not.toContain('one two')
  } else if (!signsInItself(what)) {
    expect([401, 403].includes(answer.status) || redirectsToLogin(answer, text), context).toBe(false)
  }
}

/** The home page, signing out and the second step of a sign-in lead to sign-in by themselves. */
const signsInItself = (what: string) => /^(GET|POST|data|leaf) (\/|\/logout|\/login\/code)$/.test(what)

describe.each(listed.filter(([, , rule]) => !rule.api))('%s', (id, route, { loader, action }: RouteRules) => {
  // known only when the tests run: it holds ids
  // a layout has no place of its own: it is asked for around a page
  const url = () => (route.path || route.index ? urlOf(route) : id === 'root' ? '/login' : '/jobs')
  const data = () => `${url() === '/' ? '/_root' : url()}.data`

  if (route.hasLoader && loader)
    test('its loader, as document, as data and as a leaf alone', async () => {
      for (const caller of callers) {
        const client = browsers.get(caller) as Client
        await checkPage(await client.get(url()), loader as TableRule, caller, `GET ${url()}`, false)
        const search = `?_routes=${encodeURIComponent(id)}`
        await checkPage(await client.get(data()), loader as TableRule, caller, `data ${url()}`, true)
        await checkPage(
          await client.get(`${data()}${search}`),
          loader as TableRule,
          caller,
          `leaf ${url()}`,
          true,
        )
      }
    })

  if (route.hasAction && action)
    test('its action, as document and as data; never from another site', async () => {
      for (const caller of callers) {
        const client = browsers.get(caller) as Client
        // signing out is the one action that works without a field: it would end the test's own sessions
        if (id === 'routes/auth/logout' && isSignedIn(caller)) continue
        if (caller !== 'owner' && caller !== 'admin') {
          await checkPage(
            await client.postForm(url(), fields),
            action as TableRule,
            caller,
            `POST ${url()}`,
            false,
          )
          await checkPage(
            await client.postForm(data(), fields),
            action as TableRule,
            caller,
            `data ${url()}`,
            true,
          )
        } else {
          const answer = await client.postForm(url(), fields)
          expect([401, 404], `POST ${url()} as ${caller}`).not.toContain(
            expected(action as TableRule, caller) === 'in' ? answer.status : 0,
          )
          expect(answer.status).toBeLessThan(500)
        }
        for (const headers of [
          { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
          { 'sec-fetch-site': 'same-site', origin: 'https://evil.example' },
          { 'sec-fetch-site': 'cross-site', origin: server.origin },
        ]) {
          for (const target of [url(), data()]) {
            const answer = await client.postForm(target, fields, { headers })
            const text = await answer.text()
            // the action refuses; then a page around it may send those to sign in who are not
            if (!isSignedIn(caller) && redirectsToLogin(answer, text)) continue
            // what takes nothing from anybody need not ask from where
            if (answer.status === 405) continue
            expect(answer.status, `${target} as ${caller}: ${text.slice(0, 200)}`).toBe(403)
            expect(text).toContain('was not sent from a page of this Docket')
          }
        }
      }
    })
})

describe.each(listed.filter(([, , rule]) => rule.api))('%s', (_id, route, rule: RouteRules) => {
  const url = () => urlOf(route)
  const check = async (answer: Response, needed: TableRule, caller: Caller, what: string) => {
    const isStream = rule.stream === true && answer.headers.get('content-type')?.includes('event-stream')
    if (isStream) await answer.body?.cancel()
    const text = isStream ? '' : await answer.text()
    const verdict = expected(needed, caller)
    const context = `${what} as ${caller}: ${answer.status} ${text.slice(0, 200)}`
    expect(answer.status, context).toBeLessThan(500)
    if (needed === 'anyone') return
    if (verdict === 'signIn') expect(answer.status, context).toBe(401)
    else if (verdict === 'notFound') expect(answer.status, context).toBe(404)
    else expect([401, 403], context).not.toContain(answer.status)
  }

  test('by token', async () => {
    const headers = { 'x-forwarded-for': `198.51.100.${++hosts}` }
    for (const caller of callers) {
      const token = tokens.get(caller)
      const client = new Client(server.origin)
      await check(await client.json('GET', url(), { token, headers }), readRule(rule), caller, `GET ${url()}`)
      for (const method of rule.methods ?? ['POST']) {
        if (caller === 'admin' && expected(rule.action as TableRule, caller) === 'in') continue
        const answer = await client.json(method, url(), { token, headers, body: fields })
        await check(answer, rule.action as TableRule, caller, `${method} ${url()}`)
      }
      for (const method of ['POST', 'PATCH', 'DELETE'] as const) {
        if ((rule.methods ?? ['POST']).includes(method)) continue
        const answer = await client.json(method, url(), { token, headers, body: {} })
        expect([405, 404, 401], `${method} ${url()}`).toContain(answer.status)
      }
    }
  })

  test('by scope of the token', async () => {
    for (const [scope, token] of scoped) {
      const client = new Client(server.origin)
      const lacks = (needed: TokenScope | undefined) =>
        needed !== undefined && needed !== scope && !(needed === 'read' && scope === 'write')
      const what = `with a token for ${scope}: ${url()}`
      if (lacks(rule.scopes?.read)) await refused(await client.json('GET', url(), { token }), what)
      else if (rule.scopes?.read && !rule.stream)
        expect((await client.json('GET', url(), { token })).status, `GET ${what}`).not.toBe(403)
      for (const method of rule.methods ?? ['POST']) {
        if (!lacks(rule.scopes?.change)) continue
        await refused(await client.json(method, url(), { token, body: fields }), `${method} ${what}`)
      }
    }
  })

  test("a browser's session never authorises a change", async () => {
    if (rule.action === 'anyone') return
    const client = browsers.get('admin') as Client
    const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    for (const method of rule.methods ?? ['POST']) {
      const headers = { cookie, origin: server.origin, 'sec-fetch-site': 'same-origin' }
      expect((await client.json(method, url(), { body: {}, headers })).status).toBe(401)
    }
  })
})

/** Names the scope that is missing, for people and for clients (RFC 6750). */
async function refused(answer: Response, what: string) {
  const text = await answer.text()
  expect(answer.status, `${what}: ${text}`).toBe(403)
  expect(text).toMatch(/does not have the scope \\"(read|write|admin)\\"/)
  expect(answer.headers.get('www-authenticate')).toMatch(
    /error="insufficient_scope", scope="(read|write|admin)"/,
  )
}

/** Where a resource only takes POST, a GET is answered 405 before anyone is asked who they are. */
const readRule = (rule: RouteRules): TableRule => rule.loader ?? 'anyone'
