import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** Lists of jobs over HTTP: the page and the JSON of one address show the same jobs, whatever it asks. */

let server: TestServer
let olive: Awaited<ReturnType<typeof signUp>>
let script: Script
let admin: Client
let adminScript: Script
let agent: { id: string; name: string }

const later = { runAfter: '2099-01-01T00:00:00Z' }

beforeAll(async () => {
  server = await startServer({ admin: true })
  olive = await signUp(server, 'Olive')
  script = await Script.signIn(server, olive)
  admin = new Client(server.origin)
  await admin.postForm('/login', ADMIN)
  adminScript = await Script.signIn(server)
  const agents = await adminScript.call<{ data: (typeof agent)[] }>('GET', '/api/admin/agents')
  agent = agents.data.find(({ name }) => name === 'Toolbox') as typeof agent
  for (let n = 1; n <= 30; n++) {
    await script.createJob({
      ...later,
      name: `${n % 3 === 0 ? 'Invoice' : 'Letter'} ${String(n).padStart(2, '0')}`,
      description: n === 7 ? 'the quick brown fox' : 'a brown and quick dog',
      priority: n % 10,
      tags: n % 2 === 0 ? ['even', 'urgent'] : ['odd'],
      metadata: { customer: n < 5 ? 'acme' : 'other' },
      ...(n % 5 === 0 && { agentId: agent.id }),
    })
  }
  const canceled = await names(script, '/api/jobs?q=invoice+30')
  const { data } = await script.call<{ data: { id: string }[] }>('GET', '/api/jobs?q=invoice+30')
  expect(canceled).toEqual(['Invoice 30'])
  await script.call('POST', `/api/jobs/${data[0]?.id}/cancel`, {})
  await adminScript.createJob({ ...later, name: 'Of the admin', tags: ['urgent'] })
}, 60_000)
afterAll(() => server.dispose())

interface Listed {
  data: { id: string; name: string }[]
  nextCursor: string | null
  prevCursor: string | null
}

const names = async (by: Script, path: string) =>
  (await by.call<Listed>('GET', path)).data.map(({ name }) => name)

/** The names of a page's rows. */
async function rows(client: Client, path: string): Promise<string[]> {
  const answer = await client.get(path)
  const html = await answer.text()
  expect(answer.status, path).toBe(200)
  return [...html.matchAll(/data-job="[^"]+"[^>]*><bdi>([^<]+)<\/bdi>/g)].map(([, name]) => name as string)
}

describe('the page and the JSON of one address show the same', () => {
  test.each([
    ['status=CANCELED', 1],
    ['status=CANCELED&status=PENDING', 25],
    ['q=status:canceled', 1],
    ['q=status:canceled,failed', 1],
    ['q=agent:Toolbox', 6],
    ['agent=none&status=PENDING', 24],
    ['priority=9', 3],
    ['priority=%3E%3D7', 9],
    ['tag=urgent', 15],
    ['tag=urgent&tag=even', 15],
    ['q=tag:odd', 15],
    ['q=-tag:odd', 15],
    ['q=customer%3Dacme', 4],
    ['q=invo', 10],
    ['q=%22quick+brown%22', 1],
    ['q=brown+-fox', 25],
    ['q=created:7d', 25],
    ['created=%3E2026-01-01', 25],
    ['created=%3C2026-01-01', 0],
    ['q=updated:today', 25],
    ['q=attempts:0', 25],
    ['q=attempts:%3E0', 0],
    ['q=needs:review', 0],
    ['q=status:pending+tag:urgent+letter+priority:%3E3', 6],
    ['sort=name&q=letter', 20],
  ])('%s', async (query, count) => {
    const listed = await names(script, `/api/jobs?${query}&limit=25`)
    expect(listed).toHaveLength(count)
    expect(await rows(olive.client, `/jobs?${query}`)).toEqual(listed)
    // to an admin everyone's of that owner are the same jobs
    const owned = `${query}&owner=${encodeURIComponent(olive.email)}`
    expect(await names(adminScript, `/api/admin/jobs?${owned}&limit=25`)).toEqual(listed)
    expect(await rows(admin, `/admin/jobs?${owned}`)).toEqual(listed)
  })
})

describe('pages', () => {
  const sorts = ['createdAt', 'updatedAt', 'priority', 'name'].flatMap((field) => [field, `-${field}`])

  test.each(sorts)('by %s: there and back, nothing twice and nothing missing', async (sort) => {
    const there: string[][] = []
    let page = await script.call<Listed>('GET', `/api/jobs?sort=${sort}&limit=7`)
    for (;;) {
      there.push(page.data.map(({ id }) => id))
      if (!page.nextCursor) break
      page = await script.call<Listed>('GET', `/api/jobs?sort=${sort}&limit=7&cursor=${page.nextCursor}`)
    }
    expect(new Set(there.flat()).size).toBe(30)
    const back = [page.data.map(({ id }) => id)]
    while (page.prevCursor) {
      page = await script.call<Listed>('GET', `/api/jobs?sort=${sort}&limit=7&cursor=${page.prevCursor}`)
      back.unshift(page.data.map(({ id }) => id))
    }
    expect(back).toEqual(there)
  })

  test('what comes in meanwhile moves nothing', async () => {
    const person = await signUp(server, 'Move')
    const by = await Script.signIn(server, person)
    for (let n = 1; n <= 10; n++) await by.createJob({ ...later, name: `Job ${n}` })
    const first = await by.call<Listed>('GET', '/api/jobs?limit=5')
    await by.createJob({ ...later, name: 'In between' })
    const second = await by.call<Listed>('GET', `/api/jobs?limit=5&cursor=${first.nextCursor}`)
    expect([...first.data, ...second.data].map(({ name }) => name)).toEqual(
      Array.from({ length: 10 }, (_, n) => `Job ${10 - n}`),
    )
  })
})

describe('what means nothing', () => {
  test.each([
    ['q=stauts:failed', 'q', 'stauts'],
    ['q=status:asleep', 'q', 'asleep'],
    ['q=created:soon', 'q', 'soon'],
    ['status=SLEEPING', 'status', 'SLEEPING'],
    ['priority=high', 'priority', 'high'],
    ['created=yesterday-ish', 'created', 'yesterday-ish'],
    ['updated=%3E', 'updated', ''],
    ['agent=nobody+at+all', 'agent', 'nobody at all'],
    ['sort=colour', 'sort', 'colour'],
    ['cursor=bm9uc2Vuc2U', 'cursor', ''],
  ])('%s is explained in place, and named in JSON', async (query, field, kept) => {
    const answer = await script.send('GET', `/api/jobs?${query}`)
    expect([400, 422]).toContain(answer.status)
    const { errors } = (await answer.json()) as { errors: Record<string, string[]> }
    expect(Object.keys(errors)).toEqual([field])
    const page = await olive.client.get(`/jobs?${query}`)
    expect(page.status).toBe(422)
    const html = await page.text()
    expect(html).toContain('role="alert"')
    if (kept) expect(html).toContain(kept)
  })

  test('no text that can be typed is an error of ours', async () => {
    const nasty = [
      ...[
        '"',
        "'",
        '\\',
        '%',
        '*',
        '-',
        '(',
        ')',
        ':',
        '::',
        'a:',
        ':a',
        '-"',
        'NEAR(',
        'AND',
        'OR NOT',
        '^a',
      ],
      ...[
        '\0',
        '\ud800',
        'ﷺ',
        '👩‍👩‍👧',
        '\u202e',
        'a'.repeat(600),
        '"'.repeat(99),
        '- - -',
        '--x',
        '{"a":1}',
      ],
      ...[
        "'; DROP TABLE jobs; --",
        '<script>',
        'tag:',
        'tag:"',
        'a=',
        '=a',
        'a=b=c',
        'created:>>1',
        'created:99999999999999d',
      ],
      ...[
        'priority:-1',
        'priority:1e9',
        'attempts:NaN',
        'batch:x',
        'owner:x',
        'status:,',
        'jobs_text:x',
        'tags : x',
      ],
    ]
    for (const text of nasty) {
      for (const name of [
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
        'limit',
      ]) {
        const query = `${name}=${encodeURIComponent(text.toWellFormed())}`
        const { status } = await script.send('GET', `/api/jobs?${query}`)
        expect([200, 400, 422], query).toContain(status)
      }
      const query = `q=${encodeURIComponent(text.toWellFormed())}`
      const page = await admin.get(`/admin/jobs?${query}`)
      expect([200, 422], query).toContain(page.status)
      await page.arrayBuffer()
    }
  }, 60_000)
})

describe('nobody else’s', () => {
  test('whatever the address asks', async () => {
    const stranger = await Script.signIn(server, await signUp(server, 'Sam'))
    for (const query of ['', 'tag=urgent', 'q=invoice', 'q=customer%3Dacme', 'sort=name', 'status=PENDING']) {
      expect(await names(stranger, `/api/jobs?${query}`), query).toEqual([])
    }
    const owned = await stranger.send('GET', `/api/jobs?owner=${encodeURIComponent(olive.email)}`)
    expect(owned.status === 200 ? ((await owned.json()) as Listed).data : []).toEqual([])
    expect((await stranger.send('GET', '/api/admin/jobs')).status).toBe(404)
    // an admin's own list is their own as well
    expect(await names(adminScript, '/api/jobs?tag=urgent')).toEqual(['Of the admin'])
    expect(await names(adminScript, '/api/admin/jobs?tag=urgent&limit=100')).toHaveLength(16)
  })
})
