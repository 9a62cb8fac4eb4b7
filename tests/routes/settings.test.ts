import { afterAll, beforeAll, expect, test } from 'vitest'
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

test('by JSON: any of them, 422 with the field, 401 for nobody', async () => {
  expect(await script.call('PATCH', '/api/settings', { shortcuts: true })).toMatchObject({ shortcuts: true })
  const refused = await script.send('PATCH', '/api/settings', { density: 'airy' })
  expect(refused.status).toBe(422)
  expect(await refused.json()).toMatchObject({
    errors: { density: [expect.stringContaining('comfortable')] },
  })
  expect((await page.json('PATCH', '/api/settings', { body: {} })).status).toBe(401)
})
