import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import type { Client } from '../support/client'
import { startServer, type TestServer } from '../support/server'

/** Saved views by both doors of the built server. */

interface View {
  id: string
  name: string
  query: string
  shared: boolean
  owner: { id: string; name: string } | null
  url: string
  apiUrl: string
}

let server: TestServer
let admin: Script
let ada: Script
let browser: Client

beforeAll(async () => {
  server = await startServer({ admin: true })
  admin = await Script.signIn(server)
  const person = await signUp(server, 'Ada')
  browser = person.client
  ada = await Script.signIn(server, person)
}, 40_000)
afterAll(() => server.dispose())

const list = async (script: Script) => (await script.call<{ data: View[] }>('GET', '/api/views')).data

describe('as JSON', () => {
  test('the built-in ones are there, over everyone’s jobs for admins alone', async () => {
    expect((await list(ada)).map(({ id }) => id)).toEqual(['needs-me', 'running', 'failed-today'])
    expect((await list(admin)).map(({ id }) => id)).toContain('all-needs-me')
    expect((await ada.send('GET', '/api/views?scope=all')).status).toBe(404)
    expect((await ada.send('GET', '/api/views?scope=mine')).status).toBe(422)
  })

  test('one is made, read, followed, changed and removed', async () => {
    const input = { name: 'Late', query: '?sort=name&status=FAILED&cursor=x' }
    const view = await ada.call<View>('POST', '/api/views', input)
    expect(view).toMatchObject({ name: 'Late', query: 'status=FAILED&sort=name', shared: false })
    expect(view.owner?.name).toBe('Ada')
    expect(view).toMatchObject({
      url: '/jobs?status=FAILED&sort=name',
      apiUrl: '/api/jobs?status=FAILED&sort=name',
    })
    await ada.call('GET', view.apiUrl)
    const at = `/api/views/${view.id}`
    expect(await ada.call<View>('GET', at)).toEqual(view)
    expect((await admin.send('GET', at)).status).toBe(404)
    expect((await ada.call<View>('PATCH', at, { shared: true })).shared).toBe(true)
    expect((await list(admin)).find(({ id }) => id === view.id)?.owner?.name).toBe('Ada')
    expect((await admin.send('DELETE', at)).status).toBe(403)
    await ada.call('DELETE', at)
    expect((await ada.send('GET', at)).status).toBe(404)
  })

  test('what means nothing is refused by its field', async () => {
    for (const query of ['status=SLEEPING', 'stauts=FAILED', 'q=needs%3Aconstructor']) {
      const answer = await ada.send('POST', '/api/views', { name: 'Odd', query })
      expect(answer.status).toBe(422)
      expect(((await answer.json()) as { errors: object }).errors).toHaveProperty('query')
    }
    expect((await ada.send('DELETE', '/api/views/running')).status).toBe(409)
  })
})

describe('by form, without JavaScript', () => {
  const query = 'q=invoice&status=FAILED'

  test('a list is kept, and the answer leads to it', async () => {
    const form = await (await browser.get(`/views?scope=own&query=${encodeURIComponent(query)}`)).text()
    expect(form).toContain('Status: Failed')
    const answer = await browser.postForm('/views', { scope: 'own', query, name: 'Bills', shared: 'on' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/jobs?${query}`])
    expect(await (await browser.get('/jobs')).text()).toContain('Bills')
  })

  test('a name that is taken is refused in place, with what was typed', async () => {
    const at = `/views?scope=own&query=${encodeURIComponent(query)}`
    const answer = await browser.postForm(at, { scope: 'own', query, name: 'bills' })
    const text = await answer.text()
    expect(answer.status).toBe(422)
    expect(text).toContain('You have a view of this name already.')
    expect(text).toContain('value="bills"')
  })

  test('it is renamed and removed', async () => {
    const { id } = (await list(ada)).find(({ name }) => name === 'Bills') as View
    expect((await browser.postForm(`/views/${id}`, { name: 'Invoices' })).status).toBe(303)
    const renamed = await ada.call<View>('GET', `/api/views/${id}`)
    expect(renamed).toMatchObject({ name: 'Invoices', shared: false, query })
    expect((await browser.postForm(`/views/${id}/remove`)).headers.get('location')).toBe('/views?scope=own')
    expect((await ada.send('GET', `/api/views/${id}`)).status).toBe(404)
  })
})
