import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signIn, signUp } from '../support/api'
import { Client, type Fields } from '../support/client'
import { isOnRealServer } from '../support/on-real-server'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** People by both doors, on a server where sign-up is closed. */

let server: TestServer
let admin: Script
let browser: Client

interface Invitation {
  id: string
  email: string
  role: string
  link: string
  expiresAt: string
}

beforeAll(async () => {
  server = await startServer({ admin: true, env: { SIGNUP: 'closed', LOG_LEVEL: 'debug' } })
  admin = await Script.signIn(server)
  browser = await signIn(server)
})
afterAll(() => server.dispose())

const password = 'seven green bottles'
const tokenIn = (link: string) => new URL(link).searchParams.get('token') ?? ''
/** A page's text; React parts what it puts together by comments. */
const read = async (client: Client, path: string) =>
  (await (await client.get(path)).text()).replaceAll('<!-- -->', '')
const linkIn = (html: string) => /value="(http[^"]+token=[\w-]+)"/.exec(html)?.[1] ?? ''
const invite = (email: string, role = 'USER') =>
  admin.call<Invitation>('POST', '/api/admin/invitations', { email, role })
const accept = (link: string, name = 'Guest', client = new Client(server.origin)) =>
  client.postForm(link, { token: tokenIn(link), name, password, passwordConfirm: password })
/** An account made by invitation, signed in both ways. */
async function guest(email: string, role = 'USER') {
  const client = new Client(server.origin)
  expect((await accept((await invite(email, role)).link, email, client)).status).toBe(303)
  return { client, script: await Script.signIn(server, { email, password }), email }
}
const verb = (email: string, name: string, script = admin) =>
  script.send('POST', `/api/admin/users/${encodeURIComponent(email)}/${name}`)

describe('invitations', () => {
  test('by form: shown once, used once, listed until then; sign-up stays closed', async () => {
    expect(await read(new Client(server.origin), '/signup')).toContain('ask an admin for a link')
    const made = await browser.postForm('/admin/users/invitations', {
      intent: 'invite',
      email: 'form@example.com',
      role: 'ADMIN',
      currentPassword: ADMIN.password,
    })
    expect(made.status).toBe(201)
    const link = linkIn(await made.text())
    expect(link).toMatch(new RegExp(`^${server.origin}/invite\\?token=[\\w-]{43}$`))
    const listed = await (await browser.get('/admin/users/invitations')).text()
    expect(listed).toContain('form@example.com')
    expect(listed).not.toContain(tokenIn(link))

    const guest = new Client(server.origin)
    const page = await guest.get(link)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('as an admin, for form@example.com')
    const odd = await guest.postForm(link, {
      token: tokenIn(link),
      name: 'Form',
      password,
      passwordConfirm: 'another phrase',
    })
    expect(odd.status).toBe(422)
    const refused = await odd.text()
    expect(refused).toContain('The two passwords differ.')
    expect(refused).toContain('value="Form"')
    expect(refused).not.toContain(password)
    const accepted = await accept(link, 'Form', guest)
    expect([accepted.status, accepted.headers.get('location')]).toEqual([303, '/jobs'])
    expect((await guest.get('/admin/users')).status).toBe(200)

    const again = await new Client(server.origin).get(link)
    expect(again.status).toBe(404)
    expect(await again.text()).toContain('This invitation does not work any more')
    expect((await accept(link)).status).toBe(404)
    const outsider = new Client(server.origin)
    const input = { name: 'Out', email: 'out@example.com', password, passwordConfirm: password }
    expect((await outsider.postForm('/signup', input)).status).toBe(403)
  })

  test('by JSON: 201 with the link, listed without it, withdrawn, and void when made anew', async () => {
    const answer = await admin.send('POST', '/api/admin/invitations', { email: ' Json@Example.com ' })
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([201, 'no-store'])
    const first = (await answer.json()) as Invitation
    expect(first).toMatchObject({ email: 'json@example.com', role: 'USER' })
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now() + 6.9 * 24 * 3_600_000)
    const second = await invite('json@example.com', 'ADMIN')
    expect((await new Client(server.origin).get(first.link)).status).toBe(404)
    const list = await (await admin.send('GET', '/api/admin/invitations')).text()
    expect(JSON.parse(list)).toMatchObject({ data: [{ id: second.id, role: 'ADMIN' }], nextCursor: null })
    expect(list).not.toMatch(/link|token/i)
    const path = `/api/admin/invitations/${second.id}`
    expect(await admin.call('DELETE', path)).toMatchObject({ email: 'json@example.com' })
    expect((await admin.send('DELETE', path)).status).toBe(404)
    expect((await accept(second.link)).status).toBe(404)
  })

  test('what is wrong is said in place', async () => {
    const fields = { intent: 'invite', email: ADMIN.email, role: 'USER' }
    const taken = await browser.postForm('/admin/users/invitations', fields)
    expect(taken.status).toBe(422)
    const html = await taken.text()
    expect(html).toContain('There is an account with this email address already.')
    expect(html).toContain(`value="${ADMIN.email}"`)
    for (const body of [
      { email: ADMIN.email },
      { email: 'nobody' },
      { email: 'a@example.com', role: 'x' },
      {},
    ]) {
      const answer = await admin.send('POST', '/api/admin/invitations', body)
      expect(answer.status).toBe(422)
      expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toHaveLength(1)
    }
    const gone = await browser.postForm('/admin/users/invitations', { intent: 'withdraw', id: 'none' })
    expect(gone.status).toBe(404)
  })

  test('a link is in no line of the log', async () => {
    const { link } = await invite('quiet@example.com')
    await new Client(server.origin).get(link)
    await new Client(server.origin).get(link.replace('/invite?', '/invite.data?'))
    await accept(link)
    await server.outputMatching(/"method":"POST","path":"\/invite"/)
    expect(server.output()).not.toContain(tokenIn(link))
    expect(server.output()).not.toContain('token=')
  })

  test('a session of somebody else ends where another account is made', async () => {
    const { client } = await guest('first@example.com')
    const cookies = new Map(client.cookies)
    const { link } = await invite('second@example.com')
    expect(await read(client, link)).toContain('You are signed in as first@example.com')
    expect((await accept(link, 'Second', client)).status).toBe(303)
    expect(await (await client.get('/settings')).text()).toContain('second@example.com')
    client.cookies.clear()
    for (const [name, value] of cookies) client.cookies.set(name, value)
    expect((await client.get('/settings')).status).toBe(303)
  })
})

describe('accounts', () => {
  test('by form: admin and back, disabled and enabled, each leading back to the person', async () => {
    const { client, script, email } = await guest('olive@example.com')
    const page = `/admin/users/${encodeURIComponent(email)}`
    const steps = [
      ['make-admin', 'Remove admin…'],
      ['remove-admin', 'Make admin…'],
      ['disable', 'Can’t sign in'],
      ['enable', 'Disable…'],
    ]
    for (const [step, shows] of steps) {
      const answer = await browser.postForm(page, { verb: step, currentPassword: ADMIN.password })
      expect([answer.status, answer.headers.get('location')], step).toEqual([303, page])
      expect(await (await browser.get(page)).text(), step).toContain(shows)
      if (step === 'make-admin') expect((await client.get('/admin/audit')).status).toBe(200)
      if (step === 'remove-admin') expect((await client.get('/admin/audit')).status).toBe(404)
    }
    expect((await client.get('/jobs')).status).toBe(303)
    expect((await script.send('GET', '/api/jobs')).status).toBe(401)
    const link = await browser.postForm(page, { verb: 'reset-link', currentPassword: ADMIN.password })
    expect(link.status).toBe(201)
    expect((await new Client(server.origin).get(linkIn(await link.text()))).status).toBe(200)
    expect((await browser.postForm(page, { verb: 'promote' })).status).toBe(422)
    expect((await browser.postForm('/admin/users/nobody%40example.com', { verb: 'disable' })).status).toBe(
      404,
    )
  })

  test('a form that gives access asks for the password, and brings back everything but that', async () => {
    const { email } = await guest('zoe@example.com')
    const page = `/admin/users/${encodeURIComponent(email)}`
    const invited = { intent: 'invite', email: 'boss@example.com', role: 'ADMIN' }
    const token = { intent: 'create', name: 'My laptop', expiresInDays: 365, scopes: ['admin'] }
    // a server's are made there
    const backups = isOnRealServer ? [] : [await admin.call<{ name: string }>('POST', '/api/admin/backups')]
    const shut = await guest('shut@example.com')
    await verb(shut.email, 'disable')
    const shutPage = `/admin/users/${encodeURIComponent(shut.email)}`
    const forms: [path: string, fields: Fields, kept: string][] = [
      [shutPage, { verb: 'enable' }, '<details open=""'],
      [page, { verb: 'make-admin' }, '<details open=""'],
      [page, { verb: 'reset-link' }, '<details open=""'],
      ['/admin/users/invitations', invited, 'value="boss@example.com"'],
      ['/settings/tokens', token, 'value="My laptop"'],
      ...backups.flatMap(({ name }): typeof forms => [
        [`/admin/backups/${name}`, { intent: 'restore' }, name],
        [`/admin/backups/${name}`, { intent: 'download' }, name],
      ]),
    ]
    const wrong = 'a wrong phrase'
    for (const [path, fields, kept] of forms) {
      expect(await read(browser, path), path).toContain('autoComplete="current-password"')
      for (const [currentPassword, why] of [
        [undefined, 'Enter your current password.'],
        [wrong, 'This is not your current password.'],
      ] as const) {
        const refused = await browser.postForm(path, { ...fields, currentPassword })
        // what the page hands on to its scripts repeats what it shows
        const html = (await refused.text()).replace(/<script[\s\S]*?<\/script>/g, '')
        expect(refused.status, path).toBe(422)
        expect(html.split(why), `${path} ${why}`).toHaveLength(2)
        expect(html).toContain(kept)
        expect(html).not.toContain(wrong)
        expect(html).toMatch(/<input(?=[^>]*name="currentPassword")(?=[^>]*autofocus)/i)
      }
      // a right password forgets the failures before it
      await browser.postForm('/login', ADMIN)
    }
    expect((await browser.get('/admin/users')).status).toBe(200)
    expect((await admin.call<{ role: string }>('GET', `/api${page}`)).role).toBe('USER')
    expect(await admin.call('GET', `/api${shutPage}`)).toMatchObject({ disabledAt: expect.any(String) })
    expect(await admin.call('GET', '/api/admin/restore')).toEqual({ name: null })
    const open = await admin.call<{ data: { email: string }[] }>('GET', '/api/admin/invitations')
    expect(open.data.map((each) => each.email)).not.toContain('boss@example.com')
    expect(server.output()).not.toContain(wrong)
  })

  test('too many wrong passwords in such a form are 429, and a right one then waits too', async () => {
    const { client } = await guest('guesser@example.com')
    const token = (currentPassword: string) =>
      client.postForm('/settings/tokens', {
        ...{ intent: 'create', name: 'x', scopes: 'read' },
        currentPassword,
      })
    for (let n = 0; n < 5; n++) expect((await token('wrong')).status).toBe(422)
    const late = await token(password)
    expect([late.status, Number(late.headers.get('retry-after')) > 800]).toEqual([429, true])
    expect(await late.text()).toContain('Too many failed sign-ins for this account.')
    const signIn = { email: 'guesser@example.com', password }
    expect((await new Client(server.origin).postForm('/login', signIn)).status).toBe(429)
  })

  test('a person is opened out of a search and left into it again', async () => {
    const { email } = await guest('pat@example.com')
    await guest('patricia@example.com')
    const list = await read(browser, '/admin/users?search=pat')
    const person = `/admin/users/${encodeURIComponent(email)}?search=pat`
    expect(list).toContain(`href="${person}"`)
    expect(list).toContain('href="/admin/users/invitations?search=pat"')
    const opened = await read(browser, person)
    expect(opened).toMatch(/href="\/admin\/users\?search=pat"[^>]*>.*?All users/s)
    expect(opened).toContain('href="/admin/users/patricia%40example.com?search=pat"')
    const done = await browser.postForm(person, { verb: 'disable' })
    expect([done.status, done.headers.get('location')]).toEqual([303, person])
    const page = await admin.call<{ nextCursor: string }>('GET', '/api/admin/users?limit=1')
    const paged = `cursor=${page.nextCursor}`
    expect(await read(browser, `/admin/users/${encodeURIComponent(email)}?${paged}`)).toContain(
      `href="/admin/users?${paged}"`,
    )
    const made = await invite('later@example.com')
    const id = (
      await admin.call<{ data: { id: string; email: string }[] }>('GET', '/api/admin/invitations')
    ).data.find((each) => each.email === 'later@example.com')?.id
    expect(made.email).toBe('later@example.com')
    const gone = await browser.postForm('/admin/users/invitations?search=pat', { intent: 'withdraw', id })
    expect(gone.headers.get('location')).toBe('/admin/users/invitations?search=pat&withdrawn=yes')
    expect(await read(browser, gone.headers.get('location') ?? '')).toContain('The invitation is withdrawn.')
  })

  test('by JSON: each answers with the account as it is', async () => {
    const { email } = await guest('jason@example.com')
    const call = async (name: string) => {
      const answer = await verb(email, name)
      expect(answer.status).toBe(200)
      return (await answer.json()) as { role: string; disabledAt: string | null }
    }
    expect(await call('make-admin')).toMatchObject({ role: 'ADMIN', disabledAt: null })
    expect(await call('remove-admin')).toMatchObject({ role: 'USER' })
    expect((await call('disable')).disabledAt).toMatch(/Z$/)
    const path = `/api/admin/users/${encodeURIComponent(email)}`
    expect((await admin.call<{ disabledAt: string }>('GET', path)).disabledAt).toMatch(/Z$/)
    expect(await call('enable')).toMatchObject({ disabledAt: null })
    const found = await admin.call<{ data: { email: string }[] }>(
      'GET',
      '/api/admin/users?search=JAS&limit=1',
    )
    expect(found).toMatchObject({ data: [{ email }], nextCursor: null })
    for (const name of ['make-admin', 'remove-admin', 'disable', 'enable', 'reset-password'])
      expect((await verb('nobody@example.com', name)).status).toBe(404)
  })

  test('a disabled account is out at once, and is told so for its own password only', async () => {
    const { client, script, email } = await guest('mallory@example.com')
    const { link } = (await (await verb(email, 'reset-password')).json()) as { link: string }
    expect((await verb(email, 'disable')).status).toBe(200)
    expect((await client.get('/jobs')).headers.get('location')).toMatch(/^\/login/)
    expect((await script.send('GET', '/api/jobs')).status).toBe(401)
    const followed = await new Client(server.origin).get(link)
    expect(followed.status).toBe(409)
    expect(await followed.text()).toContain('This account is disabled.')
    const another = await verb(email, 'reset-password')
    expect(another.status).toBe(409)
    expect(await another.json()).toMatchObject({ reason: 'account_disabled' })
    const tries = [password, 'a wrong phrase'].map((each) => ({ email, password: each }))
    for (const [at, fields] of tries.entries()) {
      const words = at === 0 ? 'This account is disabled.' : 'do not go together'
      const form = await new Client(server.origin).postForm('/login', fields)
      expect(form.status).toBe(422)
      expect(await form.text()).toContain(words)
      const basic = await new Client(server.origin).json('POST', '/api/tokens', {
        body: { name: 'x' },
        headers: { authorization: `Basic ${btoa(`${email}:${fields.password}`)}` },
      })
      expect(basic.status).toBe(401)
      expect(await basic.text()).toContain(words)
    }
  })

  test('the last admin who can sign in stays: 409 with a sentence, by both doors', async () => {
    const alone = await startServer({ admin: true })
    try {
      const root = await Script.signIn(alone)
      const session = await signIn(alone)
      const path = encodeURIComponent(ADMIN.email)
      for (const name of ['disable', 'remove-admin']) {
        const answer = await root.send('POST', `/api/admin/users/${path}/${name}`)
        expect(answer.status).toBe(409)
        expect(await answer.json()).toMatchObject({
          reason: 'last_admin',
          detail: expect.stringContaining('last admin'),
        })
        const form = await session.postForm(`/admin/users/${path}`, { verb: name })
        expect(form.status).toBe(409)
        expect(await form.text()).toContain('This is the last admin who can sign in')
      }
      // with another one, an admin may leave, and is shown a page that is still theirs
      const other = await signUp(alone, 'Other')
      await root.call('POST', `/api/admin/users/${encodeURIComponent(other.email)}/make-admin`)
      const left = await session.postForm(`/admin/users/${path}`, { verb: 'remove-admin' })
      expect([left.status, left.headers.get('location')]).toEqual([303, '/jobs'])
      expect((await session.get('/admin/users')).status).toBe(404)
      const out = await other.client.postForm(`/admin/users/${path}`, { verb: 'disable' })
      expect(out.status).toBe(303)
      expect((await session.get('/jobs')).status).toBe(303)
    } finally {
      await alone.dispose()
    }
  })
})
