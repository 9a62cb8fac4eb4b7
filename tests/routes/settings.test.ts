import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDay } from '~/domain/zones/clock'
import { Script, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'

let server: TestServer
let page: Client
let script: Script
beforeAll(async () => {
  server = await startServer()
  const olive = await signUp(server, 'Olive')
  page = olive.client
  script = await Script.signIn(server, olive)
})
afterAll(() => server.dispose())

const chosen = { theme: 'dark', density: 'compact', timeZone: 'Europe/Berlin', notifications: 'needs-me' }

test('by form: saved with 303, in the page from then on, and refused with what was chosen kept', async () => {
  expect(await (await page.get('/jobs')).text()).toContain('data-theme="system" data-density="comfortable"')
  const saved = await page.postForm('/settings/preferences', chosen)
  expect([saved.status, saved.headers.get('location')]).toEqual([303, '/settings/preferences?saved'])
  const shown = await (await page.follow(saved)).text()
  expect(shown).toContain('data-theme="dark" data-density="compact"')
  expect(shown).toContain('<meta name="color-scheme" content="dark"/>')
  expect(shown).toContain('Saved.')
  expect(await script.call('GET', '/api/settings')).toEqual({ ...chosen, shortcuts: false })

  const refused = await page.postForm('/settings/preferences', {
    ...chosen,
    timeZone: 'Mars/Base',
    theme: 'light',
  })
  expect(refused.status).toBe(422)
  expect(await refused.text()).toContain('There is no such time zone.')
  expect(await script.call('GET', '/api/settings')).toMatchObject({ theme: 'dark' })
})

test('exact times are those of the zone that was chosen', async () => {
  await script.call('PATCH', '/api/settings', { timeZone: 'Asia/Kolkata' })
  const { id } = await script.createJob({ runAfter: '2031-01-01T20:00:00Z' })
  const text = await (await page.get(`/jobs/${id}`)).text()
  expect(text).toContain('dateTime="2031-01-01T20:00:00.000Z" title="2 Jan 2031, 01:30:00 UTC+5:30"')
})

test('a page counts days and reads local times by that zone, and says so; JSON does by UTC', async () => {
  const timeZone = 'Pacific/Kiritimati'
  await script.call('PATCH', '/api/settings', { timeZone })
  const { id } = await script.createJob({ runAfter: '2099-01-01T00:00:00Z' })
  const today = localDay(Date.now(), timeZone)
  const yesterday = localDay(Date.now() - 86_400_000, timeZone)
  const has = async (address: string) => (await (await page.get(address)).text()).includes(id)
  expect(await has(`/jobs?created=${today}`)).toBe(true)
  expect(await has(`/jobs?q=created:${yesterday}`)).toBe(false)
  expect(await has(`/jobs/export?format=csv&created=${today}`)).toBe(true)
  expect(await has(`/jobs?created=${localDay(Date.now())}&timeZone=UTC`)).toBe(true)
  expect(await has(`/search?q=created:${today}`)).toBe(true)
  const found = async (query: string) => {
    const { data } = await script.call<{ data: { id: string }[] }>('GET', `/api/jobs?${query}`)
    return data.some((each) => each.id === id)
  }
  expect(await found(`created=${today}&timeZone=${timeZone}`)).toBe(true)
  expect(await found(`created=${localDay(Date.now())}`)).toBe(true)

  const text = await (await page.get('/jobs/new')).text()
  expect(text).toContain(`In ${timeZone}. Empty: at once.`)
  const form = {
    name: 'Later',
    description: 'd',
    acceptanceCriteria: 'a',
    timeZone,
    runAfter: '2098-05-05T09:30',
  }
  const made = await page.postForm('/jobs/new', form)
  const at = made.headers.get('location') ?? ''
  expect(await script.call('GET', `/api${at}`)).toMatchObject({ runAfter: '2098-05-04T19:30:00.000Z' })
  const edit = await (await page.get(`${at}/edit`)).text()
  expect(edit).toContain('value="2098-05-05T09:30"')
  expect(edit).toContain('name="runAfterShown" value="2098-05-04T19:30:00.000Z"')
  expect(await script.createJob({ runAfter: '2098-05-05T09:30', timeZone })).toMatchObject({
    runAfter: '2098-05-04T19:30:00.000Z',
  })
})

test('saved views and batches keep the zone whose days they mean', async () => {
  await script.call('PATCH', '/api/settings', { timeZone: 'Asia/Kolkata' })
  const saved = await page.postForm('/views', { name: 'Today', scope: 'own', query: 'created=today' })
  expect(saved.headers.get('location')).toBe('/jobs?created=today&timeZone=Asia%2FKolkata')
  expect(await (await page.follow(saved)).text()).toContain('Days in Asia/Kolkata')
  expect(
    await script.call('POST', '/api/views', { name: 'By a script', query: 'created=today' }),
  ).toMatchObject({
    query: 'created=today&timeZone=UTC',
  })
  const frozen = await page.postForm('/batches/new', {
    verb: 'cancel',
    scope: 'own',
    query: 'created=2000-01-01',
    all: '1',
  })
  expect(await script.call('GET', `/api${frozen.headers.get('location')}`)).toMatchObject({
    filter: 'created=2000-01-01&timeZone=Asia%2FKolkata',
  })
})

test('a zone that is none is a 422 wherever one can be named', async () => {
  const addresses = [
    '/api/jobs?created=today&',
    '/api/jobs/export?format=csv&',
    '/api/search?q=a&',
    '/api/agents?',
  ]
  for (const address of addresses) {
    expect((await script.send('GET', `${address}timeZone=Asia/Kolkata`)).status, address).toBe(200)
    for (const zone of ['Mars/Base', '%2B02:00', '']) {
      const refused = await script.send('GET', `${address}timeZone=${zone}`)
      expect(refused.status, `${address}${zone}`).toBe(422)
      expect(await refused.json()).toMatchObject({ errors: { timeZone: [expect.any(String)] } })
    }
  }
  expect((await page.get('/jobs?created=today&timeZone=Mars/Base')).status).toBe(422)
  for (const method of ['POST', 'PATCH'] as const) {
    const path =
      method === 'POST'
        ? '/api/jobs'
        : `/api/jobs/${(await script.createJob({ runAfter: '2099-01-01T00:00' })).id}`
    const body = { name: 'n', description: 'd', acceptanceCriteria: 'a', timeZone: 'Mars/Base' }
    expect((await script.send(method, path, body)).status).toBe(422)
  }
})

test('by JSON: any of them, 422 with the field, 401 for nobody', async () => {
  expect(await script.call('PATCH', '/api/settings', { shortcuts: true })).toMatchObject({ shortcuts: true })
  const refused = await script.send('PATCH', '/api/settings', { density: 'airy' })
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    errors: { density: [expect.stringContaining('comfortable')] },
  })
  expect((await page.json('PATCH', '/api/settings', { body: {} })).status).toBe(401)
})
