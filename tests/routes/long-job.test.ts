import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ensureAdmin } from '~/domain/accounts/setup.server'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script, signIn } from '../support/api'
import { addAgent } from '../support/cast'
import type { Client } from '../support/client'
import { addLongJob } from '../support/long-job'
import { databaseUrl } from '../support/real-server'
import { ADMIN, startServer, type TestServer } from '../support/server'

/** A job of ten days and 300 attempts, on its pages and by script. */

const folder = mkdtempSync(join(tmpdir(), 'docket-long-'))
const day = 86_400_000
const begin = Date.UTC(2025, 10, 19, 8)
const id = '1'.repeat(26)
let server: TestServer
let script: Script
let person: Client

beforeAll(async () => {
  const db = await openDatabase({ url: await databaseUrl(join(folder, 'docket.db')) })
  await migrate(db)
  const desk = { db, now: Date.now }
  await ensureAdmin(desk, ADMIN)
  const admin = await db.first<{ id: string }>('SELECT id FROM users')
  const agents = [await addAgent(desk, 'Early'), await addAgent(desk, 'Late'), await addAgent(desk, 'Other')]
  await addLongJob(db, {
    ...{ id, ownerId: admin?.id ?? '', agents: agents.map((agent) => agent.id), attempts: 300, lines: 4 },
    ...{ begin, end: begin + 10 * day },
  })
  await db.release()
  db.close()
  server = await startServer({ dataDir: folder })
  script = await Script.signIn(server)
  person = await signIn(server)
}, 60_000)
afterAll(async () => {
  await server?.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const page = async (path: string) => {
  const answer = await person.get(path, { headers: { accept: 'text/html' } })
  return { status: answer.status, html: await answer.text() }
}

interface AttemptsAnswer {
  data: { number: number }[]
  nextCursor: string | null
  prevCursor: string | null
}
interface LogAnswer {
  data: { number: number; attempt: number | null }[]
  nextCursor: string | null
  lookedTo: number | null
}
const attemptsIn = (html: string) =>
  [...html.matchAll(/<span class="text-ink-3 tabular-nums">#(?:<!-- -->)?(\d+)</g)].map(([, n]) => Number(n))
const linkIn = (html: string, words: RegExp) => {
  const links = [...html.matchAll(/<a [^>]*?href="([^"]+)"[^>]*>(.*?)<\/a>/gs)]
  const found = links.find(([, , text = '']) => words.test(text.replaceAll('<!-- -->', '')))
  return found?.[1]?.replaceAll('&amp;', '&').replace(/#.*/, '')
}

test('its page is of its whole life, and small', async () => {
  for (const path of [`/jobs/${id}`, `/admin/jobs/${id}`]) {
    const { status, html } = await page(path)
    expect(status).toBe(200)
    expect(html).toContain('All of it')
    expect(html).toContain('19 Nov 2025, 08:00:00 UTC')
    expect(html).toContain('29 Nov 2025, 08:00:00 UTC')
    expect(html).toMatch(/How its time went by: .*Running 120 h/)
    // as it is sent: of its 300 attempts and 900 changes those that a person reads
    expect(gzipSync(html).length).toBeLessThan(25_000)
    expect(attemptsIn(html)).toEqual(Array.from({ length: 20 }, (_, n) => 300 - n))
    expect(linkIn(html, /280 earlier attempts not\s+drawn/)).toContain(`${path}?attempts=`)
  }
})

test.each(['/jobs', '/admin/jobs'])(
  '%s: every attempt can be reached by links alone, there and back',
  async (jobs) => {
    const seen: number[] = []
    let at: string | undefined = `${jobs}/${id}`
    let html = ''
    while (at) {
      ;({ html } = await page(at))
      seen.push(...attemptsIn(html))
      at = linkIn(html, /^\d+ earlier attempts?$/)
    }
    expect(seen).toEqual(Array.from({ length: 300 }, (_, n) => 300 - n))
    const back = linkIn(html, /^280 later attempts$/)
    expect(attemptsIn((await page(back ?? '')).html)).toEqual(Array.from({ length: 20 }, (_, n) => 40 - n))
    expect((await page(`${jobs}/${id}?attempts=nonsense`)).status).toBe(422)
  },
)

test('the first attempt is narrowed down to by a number that is typed', async () => {
  const { html } = await page(`/jobs/${id}`)
  expect(html).toMatch(
    /<input type="number"[^>]*min="1"[^>]*max="300"[^>]*name="logAttempt"|<input (?=[^>]*type="number")(?=[^>]*name="logAttempt")(?=[^>]*max="300")/,
  )
  const first = await page(`/jobs/${id}?logKind=&logAttempt=1`)
  expect([...first.html.matchAll(/<li id="log-(\d+)"/g)].map(([, n]) => Number(n))).toEqual([
    2, 3, 4, 5, 6, 7,
  ])
  expect(first.html).not.toContain('Looked as far as')
})

test('by script: its attempts by pages, in either order', async () => {
  const ask = (search: string) => script.call<AttemptsAnswer>('GET', `/api/jobs/${id}/attempts${search}`)
  const numbers = ({ data }: AttemptsAnswer) => data.map(({ number }) => number)
  const first = await ask('')
  expect(numbers(first)).toEqual(Array.from({ length: 25 }, (_, n) => n + 1))
  expect(first.prevCursor).toBeNull()
  const next = await ask(`?cursor=${first.nextCursor}&limit=100`)
  expect([numbers(next)[0], numbers(next).at(-1)]).toEqual([26, 125])
  expect(numbers(await ask(`?cursor=${next.prevCursor}`))).toEqual(numbers(first))
  expect(numbers(await ask('?order=newest&limit=2'))).toEqual([300, 299])
  for (const [search, field] of [
    ['order=sideways', 'order'],
    ['limit=0', 'limit'],
    ['cursor=x', 'cursor'],
    [`order=newest&cursor=${first.nextCursor}`, 'cursor'],
  ]) {
    const answer = await script.send('GET', `/api/jobs/${id}/attempts?${search}`)
    expect(answer.status).toBe(422)
    expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toEqual([field])
  }
})

test('by script: the tail of its log, and cursors of either order', async () => {
  const ask = (search: string) => script.call<LogAnswer>('GET', `/api/jobs/${id}/logs${search}`)
  const last = 1 + 300 * 6
  const { data } = await ask('?order=newest&limit=1')
  expect(data.map(({ number }) => number)).toEqual([last])
  const tail = await ask('?order=newest&limit=3')
  const before = await ask(`?order=newest&limit=3&cursor=${tail.nextCursor}`)
  expect([...tail.data, ...before.data].map(({ number }) => number)).toEqual(
    Array.from({ length: 6 }, (_, n) => last - n),
  )
  expect((await ask('?limit=1')).data).toEqual((await ask('?order=oldest&limit=1')).data)
  const early = await ask('?order=newest&attempt=1&limit=100')
  expect(early.data.map(({ number }) => number)).toEqual([7, 6, 5, 4, 3, 2])
  expect(early.lookedTo).toBeNull()
  for (const [search, field] of [
    ['order=up', 'order'],
    [`cursor=${tail.nextCursor}`, 'cursor'],
  ]) {
    const answer = await script.send('GET', `/api/jobs/${id}/logs?${search}`)
    expect(answer.status).toBe(422)
    expect(Object.keys(((await answer.json()) as { errors: object }).errors)).toEqual([field])
  }
})
