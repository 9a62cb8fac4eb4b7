import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContextOptions, chromium, type Page } from '@playwright/test'
import { Script } from '../tests/support/api'
import { findBrowser } from '../tests/support/browser'
import { startServer } from '../tests/support/server'
import { until } from '../tests/support/until'

/**
 * `npm run screens`: a fresh Docket, set up and used as a newcomer would, photographed into docs/screens: setup, list,
 * form with errors, a running and a finished job, each in light and dark, at 320 pixels, and without JavaScript.
 */

const folder = join(process.cwd(), 'docs', 'screens')
const person = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' }

const looks: Record<string, BrowserContextOptions> = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  '320': { viewport: { width: 320, height: 700 }, colorScheme: 'light' },
  'no-javascript': { viewport: { width: 1280, height: 800 }, colorScheme: 'light', javaScriptEnabled: false },
}

mkdirSync(folder, { recursive: true })
const server = await startServer()
const { executablePath, args, env } = await findBrowser()
const browser = await chromium.launch({ executablePath, args, env: env as Record<string, string> })

try {
  const link = (await server.outputMatching(/http:\S+\/setup\?token=\S+/))[0]
  await inEachLook('setup', async (page) => void (await page.goto(link)))
  const { storageState, jobs } = await setUp(link)
  const home = server.origin
  await inEachLook('list', async (page) => void (await page.goto(`${home}/jobs`)), storageState)
  await inEachLook(
    'form-errors',
    async (page) => {
      await page.goto(`${home}/jobs/new?example=stats`)
      await page.getByLabel('Name').fill(' ')
      await page.getByLabel('Acceptance criteria').fill(' ')
      await page.getByRole('button', { name: 'Hand in job' }).click()
      await page.getByText('Give the job a name.').waitFor()
    },
    storageState,
  )
  await inEachLook(
    'running',
    async (page) => void (await page.goto(`${home}/jobs/${jobs.running}`)),
    storageState,
  )
  await inEachLook(
    'job',
    async (page) => void (await page.goto(`${home}/jobs/${jobs.finished}`)),
    storageState,
  )
  await inEachLook(
    'agents',
    async (page) => void (await page.goto(`${home}/admin/agents/${jobs.agent}`)),
    storageState,
  )
} finally {
  await browser.close()
  await server.dispose()
}

/** The first account by its form, then jobs in the states worth a picture, by the API. */
async function setUp(link: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByLabel('Password, once more').fill(person.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL('**/jobs')
  const script = await Script.signIn(server, person)
  const agent = await script.call<{ id: string }>('POST', '/api/admin/agents', {
    ...{ name: 'Painter', kind: 'command', description: 'Watches paint dry, and says how dry it is.' },
    config: { argv: ['node', '{root}/examples/agents/watch-paint-dry.mjs'] },
  })
  const [first, second] = (await script.call<{ data: { id: string }[] }>('GET', '/api/jobs')).data
  const finished = first?.id ?? ''
  await script.jobIn(finished, 'IN_REVIEW')
  await script.jobIn(second?.id ?? '', 'IN_REVIEW')
  await script.call('POST', `/api/jobs/${second?.id}/accept`)
  const failed = await script.createJob({
    name: 'Write a poem about the sea',
    description: 'Four lines, please.',
  })
  await script.jobIn(failed.id, 'FAILED')
  await script.createJob({
    name: 'Count the words of the annual report',
    runAfter: '2031-01-01T09:00:00Z',
    priority: 5,
  })
  const running = await script.createJob({
    ...{ name: 'Watch the new paint in the hall dry', agentId: agent.id, priority: 9 },
    description:
      'Say when it is safe to put the furniture back. It was put on in one go, some 2 minutes ago.',
    acceptanceCriteria: 'It says that the paint is dry\nThere are at least four readings\nNobody touched it',
  })
  await until(async () => {
    const { data } = await script.call<{ data: object[] }>('GET', `/api/jobs/${running.id}/logs`)
    return data.length > 6
  })
  return {
    storageState: await context.storageState(),
    jobs: { running: running.id, finished, agent: agent.id },
  }
}

type State = Awaited<ReturnType<typeof setUp>>['storageState']

/** Photographs a place in each look; the light one has the place's own name, for the README. */
async function inEachLook(name: string, go: (page: Page) => Promise<void>, storageState?: State) {
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext({ ...options, storageState, reducedMotion: 'reduce' })
    const page = await context.newPage()
    await go(page)
    const file = `${name}${look === 'light' ? '' : `-${look}`}.png`
    writeFileSync(join(folder, file), await page.screenshot({ fullPage: true }))
    await context.close()
    console.log(file)
  }
}
