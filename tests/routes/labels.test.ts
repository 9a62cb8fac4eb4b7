import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiJob, Script, signIn, signUp } from '../support/api'
import type { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

type Labelled = ApiJob & { tags: string[]; metadata: Record<string, string>; warnings?: string[] }

let server: TestServer
let owner: Script
let page: Client
let stranger: Script
let admin: Script
let desk: Client
/** Paused, so that what is assigned to it stays as it is. */
let agentId: string

beforeAll(async () => {
  server = await startServer({ admin: true })
  const olive = await signUp(server, 'Olive')
  owner = await Script.signIn(server, olive)
  page = olive.client
  stranger = await Script.signIn(server, await signUp(server, 'Sam'))
  admin = await Script.signIn(server, ADMIN)
  desk = await signIn(server, ADMIN)
  agentId = (await admin.call<{ id: string }>('POST', '/api/admin/agents', { name: 'R', kind: 'toolbox' })).id
  await admin.call('PATCH', `/api/admin/agents/${agentId}`, { state: 'PAUSED' })
})
afterAll(() => server.dispose())

const handIn = (input: object = {}) => owner.createJob({ agentId, ...input }) as Promise<Labelled>
const job = (id: string) => owner.job(id) as Promise<Labelled>

describe('as JSON', () => {
  test('handed in with a job, changed with it, and in every answer', async () => {
    const made = await handIn({ tags: ['Billing', 'a'], metadata: { ticket: 4711 } })
    expect(made).toMatchObject({ tags: ['a', 'billing'], metadata: { ticket: '4711' } })
    const edited = await owner.call('PATCH', `/api/jobs/${made.id}`, { tags: null })
    expect(edited).toMatchObject({ tags: [], metadata: { ticket: '4711' } })
    const { data } = await owner.call<{ data: Labelled[] }>('GET', '/api/jobs')
    expect(data.find(({ id }) => id === made.id)).toMatchObject({ tags: [], metadata: { ticket: '4711' } })
  })

  test('changed in any status, whole or one by one', async () => {
    const { id } = await handIn({ tags: ['a'] })
    await owner.call('POST', `/api/jobs/${id}/cancel`, {})
    const change = (body: object) => owner.call<Labelled>('POST', `/api/jobs/${id}/tags`, body)
    expect(await change({ add: ['b'], remove: ['a'], metadata: { k: 'v' } })).toMatchObject({
      status: 'CANCELED',
      tags: ['b'],
      metadata: { k: 'v' },
      version: 3,
    })
    expect(await change({ tags: ['c', 'd'] })).toMatchObject({ tags: ['c', 'd'], metadata: { k: 'v' } })
    expect(await change({ metadata: null })).toMatchObject({ tags: ['c', 'd'], metadata: {} })
  })

  test('refused: by field, to strangers, of an old version', async () => {
    const { id } = await handIn()
    const send = (body: object, who = owner) => who.send('POST', `/api/jobs/${id}/tags`, body)
    const wrong = await send({ tags: ['no!'], metadata: { 'a b': 1 } })
    expect([wrong.status, await wrong.json()]).toMatchObject([
      422,
      { errors: { tags: [expect.stringContaining('no!')], metadata: [expect.stringContaining('A key')] } },
    ])
    expect((await send({ add: ['x'] }, stranger)).status).toBe(404)
    expect((await send({ add: ['x'], version: 7 })).status).toBe(409)
    expect((await stranger.send('POST', `/api/admin/jobs/${id}/tags`, { add: ['x'] })).status).toBe(404)
    expect((await job(id)).tags).toEqual([])
  })

  test('at the desk with warnings', async () => {
    const { id } = await handIn()
    const done = await admin.call<Labelled>('POST', `/api/admin/jobs/${id}/tags`, { add: ['seen'] })
    expect(done).toMatchObject({ tags: ['seen'], warnings: [expect.stringContaining('paused')] })
  })
})

describe('by form', () => {
  const whole = { name: 'Count', description: 'Count it', acceptanceCriteria: 'Counted' }

  test('a new job', async () => {
    const made = await page.postForm('/jobs/new', {
      ...whole,
      agentId,
      tags: 'Q3/Urgent, billing',
      metadata: 'a=1\r\nb = 2',
    })
    expect(made.status).toBe(303)
    const shown = await (await page.follow(made)).text()
    expect(shown).toContain('href="/jobs?q=tag%3Aq3%2Furgent"')
    expect(shown).toMatch(/b=<\/span><bdi[^>]*>2</)
  })

  test('what is refused is said beside it, and kept', async () => {
    const answer = await page.postForm('/jobs/new', { ...whole, tags: 'fine no!', metadata: 'just words' })
    const text = await answer.text()
    expect(answer.status).toBe(422)
    expect(text).toContain('This is none: no!')
    expect(text).toContain('Give each line as key=value.')
    expect(text).toContain('value="fine no!"')
    expect(text).toContain('just words</textarea>')
    expect(text).toMatch(/<details[^>]* open=""/)
  })

  test('one that changes nothing says so, and leaves the version', async () => {
    const { id, version } = await handIn({ ...whole, tags: ['a'], metadata: { k: 'v' } })
    const edit = { ...whole, agentId, tags: 'a', metadata: 'k=v', priority: 0, maxAttempts: 3, version }
    const preferences = { theme: 'dark', density: 'compact', timeZone: 'UTC', notifications: 'off' }
    await page.postForm('/settings/preferences', preferences)
    await desk.postForm(`/admin/jobs/${id}/tags?status=PENDING`, { tags: 'a', metadata: 'k=v' })
    for (const [path, fields, to] of [
      [`/jobs/${id}/edit`, edit, `/jobs/${id}?unchanged=`],
      [`/jobs/${id}/tags`, { tags: 'a', metadata: 'k=v', version }, `/jobs/${id}?unchanged=`],
      ['/settings/preferences', preferences, '/settings/preferences?unchanged='],
    ] as const) {
      const answer = await page.postForm(path, fields)
      expect([answer.status, answer.headers.get('location')]).toEqual([303, to])
      expect(await (await page.follow(answer)).text(), path).toContain('Nothing changed.')
    }
    const same = { ...whole, agentId, tags: ['a'], version }
    expect(await owner.call('PATCH', `/api/jobs/${id}`, same)).toMatchObject({ id, version })
    const changed = await page.postForm(`/jobs/${id}/edit`, { ...edit, priority: 4 })
    expect(changed.headers.get('location')).toBe(`/jobs/${id}`)
    expect(await (await page.follow(changed)).text()).toContain('Changed priority from 0 to 4.')
  })

  test('the edit form has them, and what is emptied there is gone', async () => {
    const { id } = await handIn({ tags: ['a', 'b'], metadata: { k: 'v' } })
    const form = await (await page.get(`/jobs/${id}/edit`)).text()
    expect(form).toContain('value="a, b"')
    expect(form).toContain('k=v</textarea>')
    expect(
      (await page.postForm(`/jobs/${id}/edit`, { ...whole, agentId, tags: '', metadata: '' })).status,
    ).toBe(303)
    const { tags, metadata } = await job(id)
    expect([tags, metadata]).toEqual([[], {}])
  })

  test('a page of their own, in any status, for the owner and at the desk', async () => {
    const { id, version } = await handIn({ tags: ['a'], metadata: { k: 'v' } })
    expect(await (await page.get(`/jobs/${id}`)).text()).toContain(`href="/jobs/${id}/tags"`)
    const form = await (await page.get(`/jobs/${id}/tags`)).text()
    expect(form).toContain('value="a"')
    const saved = await page.postForm(`/jobs/${id}/tags`, { tags: 'c, b', metadata: '', version })
    expect([saved.status, saved.headers.get('location')]).toEqual([303, `/jobs/${id}`])
    const { tags, metadata } = await job(id)
    expect([tags, metadata]).toEqual([['b', 'c'], {}])

    const stale = await page.postForm(`/jobs/${id}/tags`, { tags: 'mine', version })
    expect([stale.status, await stale.text()]).toEqual([409, expect.stringContaining('value="mine"')])

    const wrong = await desk.postForm(`/admin/jobs/${id}/tags?status=PENDING`, { tags: '!' })
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('This is none: !')])
    const done = await desk.postForm(`/admin/jobs/${id}/tags?status=PENDING`, { tags: 'desk' })
    expect([done.status, done.headers.get('location')]).toEqual([303, `/admin/jobs/${id}?status=PENDING`])
    const shown = await (await desk.get(`/admin/jobs/${id}`)).text()
    expect(shown).toContain('href="/admin/jobs?q=tag%3Adesk"')
  })
})
