import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signIn } from '../support/api'
import { Client, type Fields } from '../support/client'
import { exceptOnServer } from '../support/except-on-server'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** Whatever changes something by a door of the real server leaves one row: who, what, to what, from where. */

let server: TestServer
let admin: Script
let host = 0
/** The address that the next request comes from, by a trusted proxy's word: each step has its own. */
let from: Record<string, string>
let startedAt: string

interface Row {
  at: string
  actor: { kind: string; id: string | null; name: string | null }
  action: string
  subject: { kind: string; id: string | null; name: string | null } | null
  detail: Record<string, unknown> | null
  address: string | null
}

beforeAll(async () => {
  startedAt = new Date().toISOString()
  server = await startServer({ admin: true, env: { TRUST_PROXY: 'loopback' } })
  admin = await Script.signIn(server)
})
afterAll(() => server.dispose())

const audit = (query: Record<string, string> = {}) =>
  admin.call<{ data: Row[]; nextCursor: string | null; prevCursor: string | null }>(
    'GET',
    `/api/admin/audit?${new URLSearchParams(query)}`,
  )

/** The rows that a step leaves. Times have a millisecond's grain: its own address tells them from the others. */
async function left(step: () => Promise<unknown>): Promise<Row[]> {
  const address = `198.51.100.${++host}`
  from = { 'x-forwarded-for': address }
  await step()
  return (await audit({ limit: '20' })).data.filter((row) => row.address === address)
}

const one = async (step: () => Promise<unknown>): Promise<Row> => {
  const rows = await left(step)
  expect(rows.map(({ action }) => action)).toHaveLength(1)
  return rows[0] as Row
}

async function post(client: Client, path: string, fields: Fields, expected = 303) {
  const answer = await client.postForm(path, fields, { headers: from })
  expect(answer.status, `${path}: ${answer.status === expected ? '' : await answer.clone().text()}`).toBe(
    expected,
  )
  return answer
}

async function send(method: string, path: string, body?: unknown, expected = [200, 201, 202]) {
  const answer = await admin.send(method, path, body, from)
  expect(expected, `${method} ${path}: ${await answer.clone().text()}`).toContain(answer.status)
  return answer.json() as Promise<{ id: string; link: string; name: string }>
}

const password = 'seven green bottles'
const person = { email: 'olive@example.com', name: 'Olive' }
const isOlive = { kind: 'user', name: 'Olive' }
const isAdmin = { kind: 'user', name: 'Admin' }
const path = `/api/admin/users/${encodeURIComponent(person.email)}`

describe('one row each', () => {
  const olive = () => new Client(server.origin)
  let client: Client
  let second: Client
  let link = ''

  test('signing up, in, wrongly and out', async () => {
    client = olive()
    const input = { ...person, password, passwordConfirm: password }
    const rows = await left(() => post(client, '/signup', input))
    // the account, and its first session
    expect(rows.map(({ action }) => action)).toEqual(['sign-in', 'sign-up'])
    expect(rows.every(({ actor }) => actor.name === 'Olive')).toBe(true)
    second = olive()
    expect(await one(() => post(second, '/login', { ...person, password }))).toMatchObject({
      actor: isOlive,
      action: 'sign-in',
      subject: { kind: 'session' },
    })
    expect(await one(() => post(olive(), '/login', { ...person, password: 'wrong' }, 422))).toMatchObject({
      actor: { kind: 'system', id: null, name: null },
      action: 'sign-in.failed',
      subject: { kind: 'user', name: 'Olive' },
      detail: { email: person.email },
    })
    const basic = { authorization: `Basic ${btoa('who@example.com:wrong')}` }
    const tried = await one(() =>
      olive().json('POST', '/api/tokens', { body: { name: 'x' }, headers: { ...basic, ...from } }),
    )
    expect(tried).toMatchObject({
      action: 'sign-in.failed',
      subject: null,
      detail: { emailHmac: expect.stringMatching(/^[0-9a-f]{32}$/) },
    })
    expect(await one(() => post(second, '/logout', {}))).toMatchObject({ actor: isOlive, action: 'sign-out' })
    expect(await left(() => post(olive(), '/logout', {}))).toEqual([])
  })

  test('sessions', async () => {
    second = olive()
    await left(() => post(second, '/login', { ...person, password }))
    const ids = async () =>
      [...(await (await client.get('/settings/sessions')).text()).matchAll(/name="id" value="(\w+)"/g)].map(
        ([, id]) => id,
      )
    const id = (await ids())[0]
    const ended = await one(() => post(client, '/settings/sessions', { intent: 'end', id }))
    expect(ended).toMatchObject({ actor: isOlive, action: 'session.end', subject: { kind: 'session', id } })
    if ((await client.get('/jobs')).status === 303) client = second
    await left(() => post(olive(), '/login', { ...person, password }))
    const others = await one(() => post(client, '/settings/sessions', { intent: 'end-others' }))
    expect(others).toMatchObject({ actor: isOlive, action: 'session.end-others' })
    expect(await ids()).toHaveLength(1)
  })

  test('tokens, by form and by Basic', async () => {
    const made = await one(() =>
      post(
        client,
        '/settings/tokens',
        {
          ...{ intent: 'create', name: 'laptop', expiresInDays: 7, scopes: ['read', 'write'] },
          currentPassword: password,
        },
        201,
      ),
    )
    expect(made).toMatchObject({
      actor: isOlive,
      action: 'token.create',
      subject: { kind: 'token', name: 'laptop' },
      detail: { expiresInDays: 7, scopes: ['read', 'write'], confirmedBy: 'password' },
    })
    const id = made.subject?.id ?? ''
    const revoked = await one(() => post(client, '/settings/tokens', { intent: 'revoke', id }))
    expect(revoked).toMatchObject({ actor: isOlive, action: 'token.revoke', subject: { id, name: 'laptop' } })
    const headers = { authorization: `Basic ${btoa(`${person.email}:${password}`)}` }
    const basic = await one(() =>
      olive().json('POST', '/api/tokens', { body: { name: 'ci' }, headers: { ...headers, ...from } }),
    )
    expect(basic).toMatchObject({ actor: isOlive, action: 'token.create', subject: { name: 'ci' } })
    expect(basic.detail?.confirmedBy).toBe('password')
  })

  test('passwords', async () => {
    const change = (currentPassword: string) => ({ currentPassword, password, passwordConfirm: password })
    expect(await one(() => post(client, '/settings/password', change('wrong'), 422))).toMatchObject({
      actor: isOlive,
      action: 'password.change-failed',
    })
    expect(await one(() => post(client, '/settings/password', change(password)))).toMatchObject({
      actor: isOlive,
      action: 'password.change',
    })
    const made = await one(async () => {
      link = (await send('POST', `${path}/reset-password`)).link
    })
    expect(made).toMatchObject({
      actor: isAdmin,
      action: 'password.reset-link',
      detail: { email: person.email, confirmedBy: 'token' },
    })
    const token = new URL(link).searchParams.get('token') ?? ''
    const reset = { token, password, passwordConfirm: password }
    expect(await one(() => post(olive(), '/password', reset))).toMatchObject({
      actor: isOlive,
      action: 'password.reset',
      subject: isOlive,
    })
    expect(await left(() => post(olive(), '/password', reset, 404))).toEqual([])
  })

  test('people', async () => {
    const invite = (email: string) => send('POST', '/api/admin/invitations', { email })
    let made = { id: '', link: '' }
    const invited = await one(async () => {
      made = await invite('guest@example.com')
    })
    expect(invited).toMatchObject({
      actor: isAdmin,
      action: 'invite.create',
      subject: { kind: 'link', id: made.id },
      detail: { email: 'guest@example.com', role: 'USER' },
    })
    expect(await one(() => send('DELETE', `/api/admin/invitations/${made.id}`))).toMatchObject({
      actor: isAdmin,
      action: 'invite.withdraw',
      detail: { email: 'guest@example.com' },
    })
    await left(async () => {
      made = await invite('guest@example.com')
    })
    const token = new URL(made.link).searchParams.get('token') ?? ''
    const rows = await left(() =>
      post(olive(), '/invite', { token, name: 'Guest', password, passwordConfirm: password }),
    )
    expect(rows).toMatchObject([
      { action: 'sign-in', actor: { name: 'Guest' } },
      {
        action: 'invite.accept',
        actor: { name: 'Guest' },
        detail: { email: 'guest@example.com', role: 'USER' },
      },
    ])
    for (const [verb, action] of [
      ['make-admin', 'make-admin'],
      ['remove-admin', 'remove-admin'],
      ['disable', 'user.disable'],
      ['enable', 'user.enable'],
    ]) {
      const row = await one(() => send('POST', `${path}/${verb}`))
      expect(row).toMatchObject({ actor: isAdmin, action, subject: isOlive })
      // done already: nothing happens, and nothing is written
      expect(await left(() => send('POST', `${path}/${verb}`))).toEqual([])
    }
    expect(await left(() => send('POST', `/api/admin/users/${ADMIN.email}/disable`, {}, [409]))).toEqual([])
  })

  test('agents', async () => {
    let id = ''
    const created = await one(async () => {
      id = (await send('POST', '/api/admin/agents', { name: 'Sorter', kind: 'toolbox' })).id
    })
    expect(created).toMatchObject({
      actor: isAdmin,
      action: 'agent.create',
      subject: { kind: 'agent', id, name: 'Sorter' },
    })
    const change = (body: object) => () => send('PATCH', `/api/admin/agents/${id}`, body)
    expect(await one(change({ description: 'sorts' }))).toMatchObject({
      actor: isAdmin,
      action: 'agent.edit',
    })
    const browser = await signIn(server)
    for (const verb of ['pause', 'resume', 'retire']) {
      const row = await one(() => post(browser, `/admin/agents/${id}/${verb}`, {}))
      expect(row).toMatchObject({ actor: isAdmin, action: `agent.${verb}`, subject: { name: 'Sorter' } })
    }
  })

  test("an admin's verbs on somebody's job", async () => {
    const headers = { authorization: `Basic ${btoa(`${person.email}:${password}`)}` }
    const answer = await olive().json('POST', '/api/tokens', { body: { name: 'jobs' }, headers })
    const script = new Script(olive(), ((await answer.json()) as { token: string }).token)
    const { id } = await script.createJob({ name: 'Count', runAfter: '2031-01-01T00:00:00Z' })
    for (const verb of ['cancel', 'resubmit']) {
      expect(await one(() => send('POST', `/api/jobs/${id}/${verb}`))).toMatchObject({
        actor: isAdmin,
        action: `job.${verb}`,
        subject: { kind: 'job', id, name: 'Count' },
      })
    }
    expect(await left(() => script.send('POST', `/api/jobs/${id}/cancel`, {}, from))).toEqual([])
    const done = await one(() => send('POST', `/api/admin/jobs/${id}/complete`, { reason: 'Told by phone' }))
    expect(done.detail).toMatchObject({
      ...{ statusBefore: 'CANCELED', statusAfter: 'COMPLETED', reason: 'Told by phone' },
    })
  })

  exceptOnServer('backups are copies of a file')('backups', async () => {
    let name = ''
    const taken = await one(async () => {
      name = (await send('POST', '/api/admin/backups')).name
    })
    expect(taken).toMatchObject({ actor: isAdmin, action: 'backup', subject: { kind: 'backup', id: name } })
    const restore = (method: string, body?: object) => () => send(method, '/api/admin/restore', body)
    expect(await one(restore('POST', { name }))).toMatchObject({ actor: isAdmin, action: 'restore.stage' })
    expect(await one(restore('DELETE'))).toMatchObject({ actor: isAdmin, action: 'restore.cancel' })
    await restore('POST', { name })()
    await server.stop()
    server = await startServer({ admin: true, dataDir: server.dataDir, env: { TRUST_PROXY: 'loopback' } })
    admin = new Script(new Client(server.origin), admin.token)
    expect((await audit({ limit: '1' })).data[0]).toMatchObject({
      actor: { kind: 'system' },
      action: 'restore',
      subject: { kind: 'backup', id: name },
    })
  })
})

describe('the list', () => {
  test('as JSON: narrowed, in pages both ways, and what is wrong is said by parameter', async () => {
    const mine = await audit({ actor: ADMIN.email.toUpperCase(), limit: '3' })
    expect(mine.data).toHaveLength(3)
    expect(mine.data.every(({ actor }) => actor.name === 'Admin')).toBe(true)
    const next = await audit({ actor: ADMIN.email, limit: '3', cursor: mine.nextCursor ?? '' })
    const back = await audit({ actor: ADMIN.email, limit: '3', cursor: next.prevCursor ?? '' })
    expect(back.data).toEqual(mine.data)
    const subject = next.data[0]?.subject?.id ?? ''
    for (const row of (await audit({ subject })).data) expect(row.subject?.id).toBe(subject)
    const failed = await audit({ action: 'sign-in.failed', from: startedAt, to: new Date().toISOString() })
    expect(failed.data.map(({ detail }) => detail?.email)).toEqual([undefined, 'olive@example.com'])
    expect((await audit({ to: '2020-01-01' })).data).toEqual([])
    for (const name of ['action', 'from', 'to', 'cursor', 'limit']) {
      const answer = await admin.send('GET', `/api/admin/audit?${name}=x`)
      expect(answer.status).toBe(422)
      expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toEqual([name])
    }
  })

  test('as a page: sentences, codes, links, and what it is narrowed to', async () => {
    const browser = await signIn(server)
    const query = new URLSearchParams({ actor: ADMIN.email, action: 'make-admin', from: '2020-01-01' })
    const page = await (await browser.get(`/admin/audit?${query}`)).text()
    expect(page).toContain('href="/admin/audit?action=make-admin"')
    expect(page).toContain(`href="/admin/users/${encodeURIComponent(person.email)}"`)
    expect(page).toMatch(
      /aria-label="Take away: Made an admin"[^>]*href="\/admin\/audit\?actor=[^"]*from=2020-01-01"/,
    )
    expect(page).toMatch(/<option value="make-admin" selected="">/)
    expect(page).not.toContain('href="/admin/audit?action=sign-in"')
    const none = await (await browser.get('/admin/audit?actor=nobody@example.com')).text()
    expect(none).toContain('Nothing like that is on the record')
  })

  test('a filter that means nothing: the form with what was typed, the message at its field, no rows', async () => {
    const browser = await signIn(server)
    const read = async (query: Record<string, string>) => {
      const answer = await browser.get(`/admin/audit?${new URLSearchParams(query)}`)
      expect(answer.status).toBe(422)
      const text = (await answer.text()).replaceAll('<!-- -->', '')
      expect(text).toContain('That filter means nothing here')
      expect(text).not.toContain('href="/admin/audit?action=sign-in"')
      return text
    }
    const day = await read({ from: 'yesterday', actor: 'ada@example.com' })
    expect(day).toMatch(/<p id="filter-from-error" role="alert"[^>]*>From: Give a day such as/)
    expect(day).toMatch(
      /<input[^>]*name="from"[^>]*aria-describedby="filter-from-error"[^>]*value="yesterday"/,
    )
    expect(day).toContain('value="ada@example.com"')
    expect(await read({ to: '2026-02-30' })).toMatch(/name="to" type="text"[^>]*value="2026-02-30"/)
    const action = await read({ action: 'zz' })
    expect(action).toContain('What: There is no such action.')
    expect(action).toMatch(/<option value="zz" selected="">/)
  })
})
