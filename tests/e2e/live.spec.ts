import type { Browser, BrowserContext, Page } from '@playwright/test'
import { type ApiJob, Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { openWay, type Way } from '../support/cuttable'
import { expect, test } from '../support/e2e'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { SteeredAgent } from '../support/steered-agent'

/** Two people and one agent: each sees at once what the others do, and nothing is missing after a break. */

interface Person {
  email: string
  password: string
}

let server: TestServer
let way: Way
let agent: SteeredAgent
let admin: Script
let olive: Person
let owner: Script
let agentId: string

test.beforeAll(async () => {
  server = await startServer({ admin: true })
  way = await openWay(server.port)
  agent = new SteeredAgent()
  admin = await Script.signIn(server)
  olive = await signUp(server, 'Olive')
  owner = await Script.signIn(server, olive)
  const steered = { name: 'Steered', kind: 'command', concurrency: 1, takesUnassigned: false }
  agentId = (
    await admin.call<{ id: string }>('POST', '/api/admin/agents', { ...steered, config: agent.config })
  ).id
})
test.afterAll(async () => {
  agent.dispose()
  await way.close()
  await server.dispose()
})

async function signedIn(browser: Browser, { email, password }: Person): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: way.origin })
  const page = await context.newPage()
  await page.goto('/login')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/jobs$/)
  await page.close()
  return context
}

async function open(context: BrowserContext, path: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(path)
  return page
}

const streamsOf = (page: Page) => {
  const seen: string[] = []
  page.on('request', (request) => {
    if (request.resourceType() === 'eventsource') seen.push(new URL(request.url()).pathname)
  })
  return seen
}
/** How often a list was read again by itself. */
const readingsOf = (page: Page) => {
  const seen: string[] = []
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url())
    if (pathname === '/jobs.data' && searchParams.has('held')) seen.push(request.url())
  })
  return seen
}
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name })
const badge = (page: Page) => page.getByRole('main').locator('header [data-status]').first()
const icon = (page: Page) => page.locator('link[rel=icon]').last().getAttribute('href')
const numbers = (page: Page) =>
  page.locator('#log li[id^=log-]').evaluateAll((rows) => rows.map(({ id }) => Number(id.slice(4))))
const log = (page: Page) => page.locator('#log')

async function wholeLog(id: string): Promise<{ number: number; message: string | null }[]> {
  const page = await owner.call<{ data: { number: number; message: string | null }[] }>(
    'GET',
    `/api/jobs/${id}/logs?limit=100`,
  )
  return page.data
}

test('two people and one agent see every change, over a broken line and a restart @javascript', async ({
  browser,
}) => {
  test.setTimeout(90_000)
  const [hers, ours] = [await signedIn(browser, olive), await signedIn(browser, ADMIN)]
  const list = await open(hers, '/jobs')
  const desk = await open(ours, '/admin/jobs')

  // somebody's script hands a job in: it waits above the list, and no row moves
  const job = await owner.createJob({ name: 'Watched', agentId, runAfter: '2031-01-01T00:00:00Z' })
  for (const page of [list, desk]) {
    const news = page.getByRole('button', { name: '1 new job' })
    // an empty list has nothing that could move
    if (page === list) await expect(row(page, 'Watched')).toBeVisible()
    else if (await news.isVisible()) await news.click()
    await expect(row(page, 'Watched')).toContainText('Assigned')
  }
  const detail = await open(hers, `/jobs/${job.id}`)
  await expect(badge(detail)).toHaveText('Assigned')

  await owner.call('PATCH', `/api/jobs/${job.id}`, { version: job.version, runAfter: null })
  await expect(badge(detail)).toHaveText('In progress')
  await expect(row(list, 'Watched')).toContainText('In progress')
  await expect(row(desk, 'Watched')).toContainText('In progress')
  await expect(detail).toHaveTitle(/Watched · In progress/)
  await expect.poll(() => icon(detail)).toBe('/favicon-running.svg')

  agent.say(
    { type: 'log', message: 'Line one' },
    { type: 'progress', percent: 40, message: 'halfway, nearly' },
  )
  await expect(log(detail)).toContainText('Line one')
  await expect(detail.getByRole('progressbar', { name: 'Progress' })).toHaveAttribute('value', '40')

  // the line breaks; what is said meanwhile comes when it is mended
  way.cut()
  agent.say({ type: 'log', message: 'Line two' }, { type: 'log', message: 'Line three' })
  await owner.createJob({ name: 'Made meanwhile', agentId, runAfter: '2031-01-01T00:00:00Z' })
  await expect.poll(async () => (await wholeLog(job.id)).at(-1)?.message).toBe('Line three')
  await expect(log(detail)).not.toContainText('Line two')
  way.mend()
  await expect(log(detail)).toContainText('Line three', { timeout: 15_000 })
  for (const page of [list, desk]) {
    await page.getByRole('button', { name: '1 new job' }).click({ timeout: 15_000 })
    await expect(row(page, 'Made meanwhile')).toBeVisible()
  }
  await expect.poll(() => numbers(detail)).toEqual((await wholeLog(job.id)).map(({ number }) => number))

  // the server restarts; the attempt is given back, and done by the next process
  way.cut()
  expect(await server.stop()).toBe(0)
  const { dataDir } = server
  server = await startServer({ dataDir })
  owner = new Script(new Client(server.origin), owner.token)
  way.mend(server.port)
  await expect(row(list, 'Watched')).toContainText('2', { timeout: 25_000 })
  agent.say({ type: 'log', message: 'Line four' })
  await expect(log(detail)).toContainText('Line four', { timeout: 20_000 })
  agent.say({ type: 'result', result: 'All of it' })
  await expect(badge(detail)).toHaveText('In review')
  await expect(row(desk, 'Watched')).toContainText('In review')
  await expect(detail.getByText('All of it').first()).toBeVisible()
  await expect.poll(() => numbers(detail)).toEqual((await wholeLog(job.id)).map(({ number }) => number))

  await detail.getByRole('button', { name: 'Accept' }).first().click()
  await expect(row(list, 'Watched')).toContainText('Completed')
  await expect(row(desk, 'Watched')).toContainText('Completed')
  await expect.poll(() => icon(detail)).toBe('/favicon-done.svg')
  await Promise.all([hers.close(), ours.close()])
})

test('all tabs of a browser share one stream, which rests while nobody looks @javascript', async ({
  browser,
}) => {
  const context = await signedIn(browser, olive)
  await owner.createJob({ name: 'Was there', agentId, runAfter: '2031-01-01T00:00:00Z' })
  const first = await context.newPage()
  const streams = streamsOf(first)
  const readings = readingsOf(first)
  await first.goto('/jobs')
  await expect.poll(() => streams.length).toBe(1)
  const second = await context.newPage()
  const others = streamsOf(second)
  await second.goto('/jobs')
  const job: ApiJob = await owner.createJob({ name: 'For both', agentId, runAfter: '2031-01-01T00:00:00Z' })
  await expect(second.getByRole('button', { name: '1 new job' })).toBeVisible()
  await expect(first.getByRole('button', { name: '1 new job' })).toBeVisible()
  expect(others).toEqual([])
  // a page knows up to where it is true, also the first one that follows: it is read again for what came since, once
  expect(readings).toHaveLength(1)
  // the one that has it closes: the other one takes it over, and nothing is missed
  await first.close()
  await expect.poll(() => others.length).toBe(1)
  await owner.call('POST', `/api/jobs/${job.id}/cancel`, {})
  await owner.createJob({ name: 'And again', agentId, runAfter: '2031-01-01T00:00:00Z' })
  await expect(second.getByRole('button', { name: '2 new jobs' })).toBeVisible()
  await context.close()
})

test('what came is shown with the focus at the first of it @javascript', async ({ browser }) => {
  const context = await signedIn(browser, olive)
  const later = { agentId, runAfter: '2031-01-01T00:00:00Z' }
  await owner.createJob({ name: 'Long there', ...later })
  const list = await open(context, '/jobs')
  await expect(row(list, 'Long there')).toBeVisible()
  for (const name of ['Came first', 'Came second']) await owner.createJob({ name, ...later })
  await list.getByRole('button', { name: '2 new jobs' }).press('Enter')
  await expect(list.getByRole('link', { name: 'Came second' })).toBeFocused()
  await list.goto('/jobs?sort=createdAt')
  await owner.createJob({ name: 'Came last', ...later })
  await list.getByRole('button', { name: '1 job has come up' }).click()
  await expect(list.getByRole('link', { name: 'Came last' })).toBeFocused()
  await context.close()
})

test('rows keep their place and their height under the pointer; lines wait while the log is paused @javascript', async ({
  browser,
}) => {
  const context = await signedIn(browser, olive)
  const job = await owner.createJob({ name: 'Stays', agentId })
  await owner.jobIn(job.id, 'IN_PROGRESS')
  const list = await open(context, '/jobs')
  const box = async () => {
    const place = await row(list, 'Stays').boundingBox()
    return place && { y: place.y, height: place.height }
  }
  await row(list, 'Stays').hover()
  const before = await box()
  await owner.createJob({ name: 'Comes later', agentId, runAfter: '2031-01-01T00:00:00Z' })
  await expect(list.getByRole('button', { name: '1 new job' })).toBeVisible()
  expect(await box()).toEqual(before)

  const detail = await open(context, `/jobs/${job.id}`)
  await expect(detail.getByRole('button', { name: 'Pause' })).toBeVisible()
  agent.say({ type: 'log', message: 'Before the pause' })
  await expect(log(detail)).toContainText('Before the pause')
  await detail.getByRole('button', { name: 'Pause' }).click()
  agent.say({ type: 'log', message: 'During the pause' }, { type: 'log', message: 'And one more' })
  await detail.getByRole('button', { name: 'Follow (2 new)' }).click()
  await expect(log(detail)).toContainText('And one more')

  agent.say({ type: 'result', result: 'Done' })
  await list.bringToFront()
  await expect(row(list, 'Stays')).toContainText('In review')
  expect(await box()).toEqual(before)
  await context.close()
})
