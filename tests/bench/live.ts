import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Browser, chromium } from '@playwright/test'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script, signIn, signUp } from '../support/api'
import { findBrowser } from '../support/browser'
import { Client } from '../support/client'
import { EventReader } from '../support/event-stream'
import { startHranaServer } from '../support/hrana-server'
import { startServer, type TestServer } from '../support/server'
import { type Line, percentile, print, spread } from './measure'

const people = 20
const streamsEach = 10
const changes = 100
/** Between two changes, in milliseconds. */
const apartMs = 350
/** What is asked for, p99. */
const limitMs = { same: 150, other: 1_500 }

/**
 * From a change's commit to the pages that show it, with 200 streams open of which 10 watch the job: in the process
 * that made the change, and in another one on the same database. The time begins with the log row's own, which is made before the
 * commit; a page is changed when its data was read anew, and one is a real browser's, which is changed when it is drawn.
 */
export async function live(): Promise<void> {
  const browser = await openBrowser()
  const server = await startServer({ admin: true, env: { LOG_LEVEL: 'warn' } })
  try {
    print(
      `From a change to the pages that show it, ${people * streamsEach} streams, ${changes} changes`,
      await measured(browser, server, server, 'in the same process', limitMs.same),
    )
    await server.dispose()
    await between(browser)
  } finally {
    await server.dispose()
    await browser.close()
  }
}

async function between(browser: Browser): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'docket-bench-'))
  const database = await startHranaServer({ file: join(folder, 'docket.db') })
  const db = await openDatabase({ url: database.url })
  await migrate(db)
  db.close()
  const env = { DATABASE_URL: database.url, LOG_LEVEL: 'warn' }
  const [here, there] = [await startServer({ admin: true, env }), await startServer({ env })]
  try {
    print(
      'The same between two processes on one libSQL server',
      await measured(browser, here, there, 'from another process', limitMs.other),
    )
  } finally {
    await here.dispose()
    await there.dispose()
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(
  browser: Browser,
  shown: TestServer,
  changed: Pick<TestServer, 'origin'>,
  where: string,
  limit: number,
): Promise<Line[]> {
  const owner = await signUp(shown, 'Olive')
  const client = await signIn(shown, owner)
  const { token } = await Script.signIn(shown, owner)
  const script = new Script(new Client(changed.origin), token)
  const job = await script.createJob({ runAfter: '2099-01-01T00:00:00Z' })
  // one of them is the browser's own
  const watchers = await streams(shown, client, streamsEach - 1, `/events?job=${job.id}`)
  const others: EventReader[] = []
  for (let n = 1; n < people; n++) {
    const other = await signIn(shown, await signUp(shown, `Other${n}`))
    others.push(...(await streams(shown, other, streamsEach, '/events')))
  }
  const page = await watchedPage(browser, shown, client, job.id)
  const heard: number[] = []
  const read: number[] = []
  const drawn: number[] = []
  let { version } = job
  for (let n = 0; n < changes; n++) {
    // a page is read again at most once in a while: a change that comes sooner waits for that, and is no measure
    await pause(apartMs)
    const name = `Change ${n}`
    const pages = watchers.map(async (watcher) => {
      const { at, data } = await watcher.next()
      const answer = await client.get(`/jobs/${job.id}.data`)
      await answer.text()
      heard.push(at - Number(data.createdAt))
      read.push(now() - Number(data.createdAt))
      return Number(data.createdAt)
    })
    const change = script.call<{ version: number }>('PATCH', `/api/jobs/${job.id}`, { version, name })
    const [committedAt] = await Promise.all(pages)
    drawn.push((await page.drawnAt(name)) - (committedAt ?? Number.NaN))
    ;({ version } = await change)
  }
  for (const each of [...watchers, ...others]) each.close()
  await page.close()
  const against = `the ${limit} ms asked for (p99)`
  const held = (taken: number[]) => ({
    value: spread(taken),
    against,
    ratio: percentile(taken, 0.99) / limit,
  })
  return [
    { what: `to its event, ${where}`, value: spread(heard) },
    { what: `to the page's data, ${where}`, ...held(read) },
    { what: `to the page in a browser, ${where}`, ...held(drawn) },
  ]
}

const now = () => performance.timeOrigin + performance.now()

interface WatchedPage {
  /** When the page showed this name first, milliseconds UTC. */
  drawnAt(name: string): Promise<number>
  close(): Promise<void>
}

async function watchedPage(
  browser: Browser,
  { origin }: Pick<TestServer, 'origin'>,
  client: Client,
  id: string,
): Promise<WatchedPage> {
  const context = await browser.newContext({ baseURL: origin })
  await context.addCookies([...client.cookies].map(([name, value]) => ({ name, value, url: origin })))
  const page = await context.newPage()
  const stream = page.waitForResponse((answer) => new URL(answer.url()).pathname === '/events')
  await page.goto(`/jobs/${id}`)
  await stream
  await page.evaluate(() => {
    const kept = window as typeof window & { drawn: Record<string, number> }
    kept.drawn = {}
    new MutationObserver(() => {
      const name = document.querySelector('h1')?.textContent ?? ''
      kept.drawn[name] ??= performance.timeOrigin + performance.now()
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  return {
    async drawnAt(name) {
      const at = await page.waitForFunction(
        (wanted) => (window as typeof window & { drawn: Record<string, number> }).drawn[wanted],
        name,
      )
      return (await at.jsonValue()) ?? Number.NaN
    },
    close: () => context.close(),
  }
}

async function openBrowser(): Promise<Browser> {
  const { executablePath, args, env } = await findBrowser()
  return chromium.launch({ executablePath, args, env: env as Record<string, string> })
}

function streams(
  { origin }: Pick<TestServer, 'origin'>,
  client: Client,
  count: number,
  path: string,
): Promise<EventReader[]> {
  const cookie = [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  return Promise.all(Array.from({ length: count }, () => EventReader.open(origin + path, { cookie })))
}
