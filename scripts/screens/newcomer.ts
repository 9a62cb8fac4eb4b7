import type { Browser } from '@playwright/test'
import { Script } from '../../tests/support/api'
import { startServer, type TestServer } from '../../tests/support/server'
import { until } from '../../tests/support/until'
import { photograph } from './camera'

const person = { name: 'Ada Lovelace', email: 'ada@example.com', password: 'correct horse battery' }

/** A fresh Docket, set up and used as a newcomer would: setup, list, form with errors, a running and a finished job. */
export async function photographNewcomer(browser: Browser): Promise<void> {
  const server = await startServer()
  try {
    const link = (await server.outputMatching(/http:\S+\/setup\?token=\S+/))[0]
    await photograph(browser, 'setup', (page) => page.goto(link))
    const { session } = await setUp(browser, link)
    const jobs = await jobsWorthAPicture(server)
    const at = (path: string) => `${server.origin}${path}`
    await photograph(browser, 'list', (page) => page.goto(at('/jobs')), session, { also: ['2560'] })
    await photograph(
      browser,
      'form-errors',
      async (page) => {
        await page.goto(at('/jobs/new?example=stats'))
        await page.getByLabel('Name').fill(' ')
        await page.getByLabel('Acceptance criteria').fill(' ')
        await page.getByRole('button', { name: 'Hand in job' }).click()
        await page.getByText('Give the job a name.').waitFor()
      },
      session,
    )
    await photograph(browser, 'running', (page) => page.goto(at(`/jobs/${jobs.running}`)), session)
    await photograph(browser, 'job', (page) => page.goto(at(`/jobs/${jobs.finished}`)), session, {
      also: ['2560'],
    })
  } finally {
    await server.dispose()
  }
}

/** The first account, by its form. */
export async function setUp(browser: Browser, link: string) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(link)
  await page.getByLabel('Name').fill(person.name)
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await page.getByLabel('Password, once more').fill(person.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await page.waitForURL('**/jobs')
  const session = await context.storageState()
  await context.close()
  return { session, person }
}

/** In the states worth a picture, by the API. */
async function jobsWorthAPicture(server: TestServer) {
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
  return { running: running.id, finished }
}
