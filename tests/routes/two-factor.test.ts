import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signIn, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** Two-factor authentication by form without JavaScript and by JSON, on a server where admins need it. */

const options = { admin: true, env: { REQUIRE_ADMIN_2FA: 'true', LOG_LEVEL: 'debug' } }
let server: TestServer
let admin: Enabled

type Enabled = Awaited<ReturnType<typeof enabled>>

interface Person {
  email: string
  password: string
  client: Client
}

const text = async (answer: Response) => (await answer.text()).replaceAll('<!-- -->', '')
const leadsTo = (answer: Response) => [answer.status, answer.headers.get('location')]
const codesIn = (html: string) => html.match(/\b(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}\b/g) ?? []
const basic = ({ email, password, client }: Person, otp?: string, body = { name: 'script' }) =>
  client.json('POST', '/api/tokens', {
    body,
    headers: {
      authorization: `Basic ${btoa(`${email}:${password}`)}`,
      ...(otp !== undefined && { 'docket-otp': otp }),
    },
  })

/** Sets it up by the forms. `code()` gives a code of a later step each time, since each works once: twice at the most. */
async function enabled(person: Person, next = '') {
  const { client, password } = person
  const page = `/two-factor${next}`
  const started = await client.postForm(page, { intent: 'start', next: '/jobs?status=FAILED' })
  expect(leadsTo(started)).toEqual([303, '/two-factor?next=%2Fjobs%3Fstatus%3DFAILED'])
  const html = await text(await client.get('/two-factor'))
  const uri = /href="(otpauth:[^"]+)"/.exec(html)?.[1]?.replaceAll('&amp;', '&') ?? ''
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  let steps = 0
  const code = () => new TOTP({ secret }).generate({ timestamp: Date.now() + steps++ * 30_000 })
  const done = await client.postForm(page, { intent: 'enable', code: code(), currentPassword: password })
  const answer = await text(done)
  expect(done.status, answer).toBe(201)
  const recovery = [...new Set(codesIn(answer))]
  return { ...person, html, uri, secret, code, recovery }
}

/** An account with it, whose browser is signed in. */
const personWithIt = async (name: string) => enabled(await signUp(server, name))

/** An admin without it. */
async function newAdmin(name: string) {
  const person = await signUp(server, name)
  const script = await Script.signIn(server, person)
  const page = `/admin/users/${encodeURIComponent(person.email)}`
  const form = { verb: 'make-admin', currentPassword: admin.password }
  expect((await admin.client.postForm(page, form)).status).toBe(303)
  return { ...person, script, page }
}

beforeAll(async () => {
  server = await startServer(options)
  admin = await enabled({ ...ADMIN, client: await signIn(server) })
})
afterAll(() => server.dispose())

/** All at once: one of them waits until a stream ends, and each has people of its own. */
describe.concurrent('two-factor authentication', () => {
  describe('an admin without it', () => {
    test('reaches only the set-up and the sign-out, by page and by JSON, until it is set up', async () => {
      const rita = await newAdmin('Rita')
      const { client } = rita
      for (const path of [
        '/jobs',
        '/admin',
        '/settings',
        '/settings/two-factor',
        '/jobs/export?format=csv',
      ]) {
        const to = `/two-factor?next=${encodeURIComponent(path)}`
        expect(leadsTo(await client.get(path)), path).toEqual([303, to])
      }
      const data = await (await client.get('/admin/users.data')).text()
      expect(data).toContain('/two-factor?next=%2Fadmin%2Fusers')
      expect(data).not.toContain(ADMIN.email)
      const form = await client.postForm('/jobs/new', {
        name: 'x',
        description: 'x',
        acceptanceCriteria: 'x',
      })
      expect(leadsTo(form)).toEqual([303, '/two-factor?next=%2Fjobs%2Fnew'])
      const refused = { reason: 'two_factor_setup_required', status: 403 }
      for (const path of ['/api/jobs', '/events', '/admin/events', '/api/admin/users']) {
        const answer = await client.get(path)
        expect([answer.status, await answer.json()], path).toMatchObject([403, refused])
      }
      expect(await (await basic(rita)).json()).toMatchObject(refused)
      const page = await text(await client.get('/two-factor?next=%2Fadmin'))
      expect(page).toContain('Admins need it here')
      expect(page).toContain('href="/logout"')
      expect((await client.get('/logout')).status).toBe(200)
      expect(leadsTo(await client.postForm('/logout'))).toEqual([303, '/login?why=signed-out'])
      const withIt = await enabled({ ...rita, client: await signIn(server, rita) })
      expect((await withIt.client.get('/admin/users')).status).toBe(200)
    })

    test('is limited with a token that was made before, and so is one whose it is reset', async () => {
      const olive = await newAdmin('Olive')
      const { script, page } = olive
      for (const path of ['/api/jobs', '/api/admin/users', '/api/events']) {
        const answer = await script.send('GET', path)
        expect([answer.status, await answer.json()]).toMatchObject([
          403,
          { reason: 'two_factor_setup_required' },
        ])
      }
      expect(leadsTo(await olive.client.get('/jobs'))).toEqual([303, '/two-factor?next=%2Fjobs'])

      await enabled(olive)
      expect((await script.send('GET', '/api/admin/users')).status).toBe(200)
      const stream = await script.send('GET', '/api/events')
      expect(stream.status).toBe(200)
      const own = `/admin/users/${encodeURIComponent(ADMIN.email)}`
      expect(await text(await admin.client.get(own))).not.toContain('Reset two-factor')
      expect(await text(await admin.client.get(page))).toContain('Reset two-factor')
      const reset = (currentPassword: string, path = page) =>
        admin.client.postForm(path, { verb: 'reset-2fa', currentPassword })
      expect((await reset('wrong')).status).toBe(422)
      expect((await reset(admin.password, own)).status).toBe(409)
      expect(leadsTo(await reset(admin.password))).toEqual([303, page])
      expect((await script.send('GET', '/api/jobs')).status).toBe(403)
      expect(await text(await admin.client.get(page))).toContain('reset the two-factor authentication')
      // its stream ends by itself
      await stream.text()
    })
  })

  describe('the set-up', () => {
    test('shows a QR code and the key, takes a code and the password, and shows ten codes once', async () => {
      const ada = await signUp(server, 'Ada')
      expect(await text(await ada.client.get('/settings/two-factor'))).toContain('href="/two-factor"')
      const begun = await text(await ada.client.get('/two-factor'))
      expect(begun).not.toContain('<svg role="img"')
      const early = await ada.client.postForm('/two-factor', {
        ...{ intent: 'enable', code: '123456', currentPassword: ada.password },
      })
      expect(early.status).toBe(409)
      expect(await text(early)).toContain('This set-up has expired. Start again.')

      const keyOf = async () =>
        /otpauth:[^"]+secret=(\w+)/.exec(await text(await ada.client.get('/two-factor')))?.[1]
      await ada.client.postForm('/two-factor', { intent: 'start' })
      const key = await keyOf()
      expect(await text(await ada.client.get('/two-factor'))).toContain('Start over with a new key')
      await ada.client.postForm('/two-factor', { intent: 'start' })
      expect([key, await keyOf()]).toEqual([
        expect.stringMatching(/./),
        expect.not.stringMatching(`^${key}$`),
      ])
      for (const fields of [
        { code: '12345', currentPassword: ada.password, says: 'This code is wrong.' },
        { code: '', currentPassword: ada.password, says: 'Enter a code.' },
        { code: '12345', currentPassword: 'not it', says: 'This is not your current password.' },
        { code: '12345', currentPassword: '', says: 'Enter your current password.' },
      ]) {
        const { says, ...given } = fields
        const refused = await ada.client.postForm('/two-factor', { intent: 'enable', ...given })
        const html = await text(refused)
        expect([refused.status, html.includes(says)], says).toEqual([422, true])
        expect(html).toContain('<svg role="img"')
      }
      const elsewhere = await signIn(server, ada)
      const { html, uri, secret, recovery, client } = await enabled(ada)
      expect(leadsTo(await elsewhere.get('/jobs'))).toEqual([303, '/login?next=%2Fjobs&why=ended'])
      expect((await client.get('/jobs')).status).toBe(200)
      expect(html).toContain('aria-label="QR code for your authenticator app"')
      expect(html).toContain(secret.replace(/.{4}(?=.)/g, '$& '))
      expect(uri).toMatch(/^otpauth:\/\/totp\/Docket%20\(127\.0\.0\.1\):ada-/)
      expect(recovery).toHaveLength(10)
      expect(client.cookies.has('docket_2fa')).toBe(false)
      const again = await text(await client.get('/two-factor'))
      expect(again).toContain('Two-factor authentication is on')
      expect(codesIn(again)).toEqual([])
      expect(server.output()).not.toContain(secret)
      expect(server.output()).not.toContain(recovery[0])
    })
  })

  test('signing out ends what a set-up and a sign-in have kept in the browser', async () => {
    const { client } = await signUp(server, 'Sid')
    await client.postForm('/two-factor', { intent: 'start' })
    client.cookies.set('docket_sign_in', 'kept')
    expect(client.cookies.has('docket_2fa')).toBe(true)
    await client.postForm('/logout')
    expect([...client.cookies.keys()]).toEqual(['docket_device'])
  })

  describe('signing in', () => {
    const begin = async ({ email, password, client: { origin } }: Person, next?: string) => {
      const client = new Client(origin)
      return { client, answer: await client.postForm('/login', { email, password, next }) }
    }

    test('takes two steps, keeps where to go, and gives no session before the second', async () => {
      const ada = await personWithIt('Ada')
      const { client, answer } = await begin(ada, '/jobs?status=FAILED')
      const second = '/login/code?next=%2Fjobs%3Fstatus%3DFAILED'
      expect(leadsTo(answer)).toEqual([303, second])
      expect([...client.cookies.keys()]).toEqual(['docket_sign_in'])
      expect((await client.get('/jobs')).headers.get('location')).toMatch(/^\/login/)
      const page = await text(await client.get(second))
      expect(page).toContain(`Signing in as ${ada.email}.`)
      expect(page).toMatch(/<input(?=[^>]*name="code")(?=[^>]*autoComplete="one-time-code")/i)
      const wrong = await client.postForm(second, { code: '000000', next: '/jobs?status=FAILED' })
      const refused = await text(wrong)
      expect([wrong.status, refused.includes('000000')]).toEqual([422, false])
      expect(refused).toContain('This code is wrong, or was already used.')
      expect(refused).toContain('name="next" value="/jobs?status=FAILED"')
      const right = await client.postForm(second, { code: ada.code(), next: '/jobs?status=FAILED' })
      expect(leadsTo(right)).toEqual([303, '/jobs?status=FAILED'])
      expect([...client.cookies.keys()].sort()).toEqual(['docket_device', 'docket_session'])
      expect((await client.get('/jobs')).status).toBe(200)
    })

    test('takes a recovery code in the same field, once', async () => {
      const ada = await personWithIt('Ada')
      const [code] = ada.recovery
      for (const status of [303, 422]) {
        const { client } = await begin(ada)
        expect(await text(await client.get('/login/code?way=recovery'))).toContain('Recovery code')
        expect((await client.postForm('/login/code', { code })).status).toBe(status)
      }
      expect(await text(await ada.client.get('/settings/two-factor'))).toContain('9 left.')
    })

    test('begins again without the first step, or with a cookie that is not ours', async () => {
      const client = new Client(server.origin)
      for (const cookie of [undefined, 'bm90aGluZw==.x', '', 'null']) {
        if (cookie !== undefined) client.cookies.set('docket_sign_in', cookie)
        expect(leadsTo(await client.get('/login/code?next=/batches'))).toEqual([
          ...[303, '/login?next=%2Fbatches&why=late'],
        ])
        expect(leadsTo(await client.postForm('/login/code', { code: '123456' }))).toEqual([
          ...[303, '/login?why=late'],
        ])
      }
      expect(await text(await client.get('/login?why=late'))).toContain('This sign-in has expired.')
    })

    test('by Basic for an API token: a code in Docket-OTP, and the reason where it is missing or wrong', async () => {
      const ada = await personWithIt('Ada')
      expect(await (await basic(ada)).json()).toMatchObject({ status: 401, reason: 'otp_required' })
      expect(await (await basic(ada, '')).json()).toMatchObject({ status: 401, reason: 'otp_required' })
      const wrong = await basic(ada, '000000')
      expect(wrong.headers.get('www-authenticate')).toMatch(/^Basic/)
      expect(await wrong.json()).toMatchObject({ status: 401, reason: 'otp_invalid' })
      const withoutPassword = await basic({ ...ada, password: 'not it' }, ada.recovery[2])
      expect(await withoutPassword.json()).not.toHaveProperty('reason')
      // a body that can't be taken uses up no code
      const bad = await basic(ada, ada.recovery[2], { name: '' })
      expect(bad.status).toBe(422)
      const made = await basic(ada, ada.recovery[2])
      expect(made.status).toBe(201)
      const { token } = (await made.json()) as { token: string }
      const script = new Script(new Client(server.origin), token)
      // a token goes on as it is
      expect((await script.send('GET', '/api/jobs')).status).toBe(200)
    })

    test('new recovery codes and turning off ask for the password and a code', async () => {
      const page = '/settings/two-factor'
      const ada = await personWithIt('Ada')
      const { client, password, recovery } = ada
      const post = (fields: Record<string, string>) => client.postForm(page, fields)
      for (const intent of ['new-codes', 'disable']) {
        const refused = await post({ intent, code: recovery[4] as string, currentPassword: 'not it' })
        expect([
          refused.status,
          (await text(refused)).includes('This is not your current password.'),
        ]).toEqual([...[422, true]])
      }
      for (const [code, says] of [
        ['', 'Enter a code.'],
        ['000000', 'This code is wrong, or was already used.'],
      ] as const) {
        const refused = await post({ intent: 'new-codes', code, currentPassword: password })
        expect([refused.status, (await text(refused)).includes(says)], says).toEqual([422, true])
      }
      const made = await post({
        ...{ intent: 'new-codes', code: recovery[3] as string, currentPassword: password },
      })
      expect(made.status).toBe(201)
      const fresh = [...new Set(codesIn(await text(made)))]
      expect(fresh).toHaveLength(10)
      const former = await post({
        ...{ intent: 'disable', code: recovery[4] as string, currentPassword: password },
      })
      expect(former.status).toBe(422)
      const off = await post({ intent: 'disable', code: fresh[0] as string, currentPassword: password })
      expect(leadsTo(off)).toEqual([303, '/settings/two-factor?off'])
      expect(await text(await client.get('/settings/two-factor?off'))).toContain(
        'Two-factor authentication is off',
      )
      const again = await post({ intent: 'disable', code: '000000', currentPassword: password })
      expect(again.status).toBe(409)
      expect(leadsTo((await begin(ada)).answer)).toEqual([303, '/jobs'])
    })

    test('five wrong codes make the next one wait, by form and by JSON', async () => {
      const bob = await personWithIt('Bob')
      const client = new Client(server.origin)
      await client.postForm('/login', { email: bob.email, password: bob.password })
      for (let n = 0; n < 5; n++) {
        expect((await client.postForm('/login/code', { code: '000000' })).status).toBe(422)
      }
      for (const late of [
        await client.postForm('/login/code', { code: bob.code() }),
        await basic(bob, bob.code()),
      ]) {
        expect([late.status, Number(late.headers.get('retry-after')) > 800]).toEqual([429, true])
        expect(await text(late)).toContain('Too many wrong codes for this account.')
      }
    })

    test('with another SESSION_SECRET: said so, and recovery codes are the way in', async () => {
      const own = await startServer(options)
      const { dataDir } = own
      const { email, password, recovery, code } = await enabled({ ...ADMIN, client: await signIn(own) })
      await own.stop()
      const env = { ...options.env, SESSION_SECRET: 'another secret, as long as that one' }
      const again = await startServer({ ...options, env, dataDir })
      try {
        const client = new Client(again.origin)
        expect((await client.postForm('/login', { email, password })).headers.get('location')).toBe(
          '/login/code',
        )
        expect(await text(await client.get('/login/code'))).toContain('SESSION_SECRET was changed')
        const refused = await client.postForm('/login/code', { code: code() })
        expect([refused.status, (await text(refused)).includes('ask an admin to reset')]).toEqual([422, true])
        const asked = await basic({ email, password, client }, code())
        expect(await asked.json()).toMatchObject({ reason: 'otp_invalid' })
        expect((await client.postForm('/login/code', { code: recovery[0] })).status).toBe(303)
        expect(await text(await client.get('/settings/two-factor'))).toContain('SESSION_SECRET was changed')
        const off = { intent: 'disable', code: recovery[1], currentPassword: password }
        expect((await client.postForm('/settings/two-factor', off)).status).toBe(303)
      } finally {
        await again.dispose()
        await own.dispose()
      }
    })
  })
})
