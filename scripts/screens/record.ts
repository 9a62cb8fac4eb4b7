import type { Browser, Page } from '@playwright/test'
import { Script } from '../../tests/support/api'
import { startServer } from '../../tests/support/server'
import { SteeredAgent } from '../../tests/support/steered-agent'
import { until } from '../../tests/support/until'
import { photograph } from './camera'
import { atDemoDesk } from './demo-desk'
import { setUp } from './newcomer'

/** The record of jobs, and what is there for each person: timeline, payloads, results, search, keys, preferences. */
export async function photographRecord(browser: Browser): Promise<void> {
  await atDemoDesk(browser, async ({ server, session, script }) => {
    const at = (path: string) => server.origin + path
    const { data } = await script.call<{ data: { id: string; attempts: number }[] }>(
      'GET',
      '/api/admin/jobs?limit=100',
    )
    const tried = data.reduce((most, job) => (job.attempts > most.attempts ? job : most))
    const places: Record<string, (page: Page) => Promise<unknown>> = {
      timeline: async (page) => {
        await page.goto(at(`/jobs/${tried.id}`))
        await page.getByText('As a list').click()
      },
      search: (page) => page.goto(at('/search?q=invoice')),
      preferences: (page) => page.goto(at('/settings/preferences')),
    }
    for (const [name, go] of Object.entries(places)) await photograph(browser, name, go, session)
    const keys: Record<string, string> = { palette: 'Control+k', 'key-sheet': '?' }
    for (const [name, key] of Object.entries(keys)) {
      const go = async (page: Page) => {
        await page.goto(at('/jobs'))
        // there where its JavaScript is
        await page.locator('[aria-keyshortcuts]').first().waitFor({ state: 'attached' })
        await page.keyboard.press(key)
        await page.getByRole('dialog').waitFor()
      }
      await photograph(browser, name, go, session, { only: ['light', 'dark', '320'] })
    }
  })
  await photographResults(browser)
}

const report = `# Words in the visit report

The text has **214 words** in 11 sentences.

| Part | Words | Share |
| --- | ---: | ---: |
| Beginning | 62 | 29 % |
| Middle | 98 | 46 % |
| End | 54 | 25 % |

## What stands out

1. Long sentences: the third has 41 words.
2. \`kettle\` comes up seven times.

> Nobody knew who had the key to the cage.

See [the guide](https://example.org/style) for shorter ones.`

const rows = {
  file: 'stock.csv',
  checked: 4,
  rows: [
    { item: 'Kettle, 1.7 l', counted: 118, booked: 129, difference: -11 },
    { item: 'Rug, wool', counted: 40, booked: 40, difference: 0 },
    { item: 'Till roll', counted: 1204, booked: 1200, difference: 4 },
    { item: 'Cage key', counted: 0, booked: 1, difference: -1 },
  ],
}

/** A command agent hands in what it is told to: Markdown, and rows. */
async function photographResults(browser: Browser): Promise<void> {
  const server = await startServer()
  const agent = new SteeredAgent()
  try {
    const link = (await server.outputMatching(/http:\S+\/setup\?token=\S+/))[0]
    const { session, person } = await setUp(browser, link)
    const script = await Script.signIn(server, person)
    const { id: agentId } = await script.call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Reader', kind: 'command', takesUnassigned: false },
      config: agent.config,
    })
    const done = async (name: string, result: unknown): Promise<string> => {
      const { id } = await script.createJob({ name, agentId, description: 'Read it, and say what is in it.' })
      await script.jobIn(id, 'IN_PROGRESS')
      agent.say(
        { type: 'log', message: 'Reading' },
        { type: 'progress', percent: 50, message: 'halfway' },
        {
          type: 'model-call',
          request: { model: 'reader-1', temperature: 0.2 },
          apiKey: 'sk-not-kept-anywhere-000',
          usage: { tokens: 1204 },
        },
        { type: 'result', result },
      )
      await script.jobIn(id, 'IN_REVIEW')
      return id
    }
    const [text, table] = [
      await done('Count the words of the visit report', report),
      await done('Check the stock list', rows),
    ]
    const show = (path: string) => (page: Page) => page.goto(server.origin + path)
    await photograph(browser, 'result-markdown', show(`/jobs/${text}`), session)
    await photograph(browser, 'result-table', show(`/jobs/${table}`), session)
    const openTree = async (page: Page) => {
      await show(`/jobs/${table}`)(page)
      const payload = page.locator('#log details').filter({ hasText: 'redacted' }).first()
      await payload.locator('summary').click()
      await payload.getByRole('button', { name: 'Tree' }).click()
      await payload.getByRole('searchbox').fill('tokens')
      await until(async () => (await payload.getByRole('status').filter({ hasText: '1 of' }).count()) > 0)
    }
    await photograph(browser, 'payload-tree', openTree, session, { only: ['light', 'dark', '320'] })
  } finally {
    agent.dispose()
    await server.dispose()
  }
}
