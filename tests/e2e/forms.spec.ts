import type { Page, Route } from '@playwright/test'
import { type ApiJob, Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import { holdBack } from '../support/holding'
import { ADMIN, type TestServer } from '../support/server'

/** What somebody types is not lost: to a line that breaks, to others who are faster, to a reload, to a session that ends. */

test.use({ serverOptions: { admin: true } })

const newAgent = (script: Script) =>
  script.call<{ id: string }>('POST', '/api/admin/agents', {
    name: `Toolbox ${crypto.randomUUID().slice(0, 6)}`,
    kind: 'toolbox',
    takesUnassigned: true,
  })

/** A job that waits for a judgement, done by whoever took it. */
async function inReview(server: TestServer): Promise<{ script: Script; job: ApiJob }> {
  const script = await Script.signIn(server)
  await newAgent(script)
  const { id } = await script.createJob({ name: 'To be judged' })
  return { script, job: await script.jobIn(id, 'IN_REVIEW') }
}

const feedback = (page: Page) => page.getByLabel('What is missing or wrong')
const sendBack = (page: Page) => page.getByRole('button', { name: 'Send back' })
const alert = (page: Page) => page.getByRole('alert').filter({ hasText: 'still here' })
const badge = (page: Page) => page.getByRole('main').locator('header [data-status]').first()

async function openFeedback(page: Page, id: string, text: string) {
  await page.goto(`/jobs/${id}`)
  await page.getByText('Send it back instead').click()
  await feedback(page).fill(text)
}

test('a form that can not be sent stays, with what was typed, and is sent again @javascript', async ({
  page,
  server,
  context,
}) => {
  const { script, job } = await inReview(server)
  await signIn(page)
  await openFeedback(page, job.id, 'Count the lines, too')

  await context.setOffline(true)
  await sendBack(page).click()
  await expect(alert(page)).toHaveText(
    'Docket can’t be reached. What you typed is still here: send it again.',
  )
  await expect(sendBack(page)).toBeFocused()
  await context.setOffline(false)

  const answers: ((route: Route) => Promise<void>)[] = [
    (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad gateway</h1>' }),
    (route) => route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Captive portal</h1>' }),
    (route) => route.abort('connectionreset'),
  ]
  for (const answer of answers) {
    await page.route('**/send-back.data', answer, { times: 1 })
    await sendBack(page).click()
    await expect(alert(page)).toContainText('It may have arrived all the same; it is not done twice.')
    await expect(page).toHaveURL(new RegExp(`/jobs/${job.id}$`))
    await expect(feedback(page)).toHaveValue('Count the lines, too')
    expect(await script.job(job.id)).toMatchObject({ status: 'IN_REVIEW', version: job.version })
  }

  // it arrives, and its answer is lost: sent again it is told what happened in between
  await page.route(
    '**/send-back.data',
    async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    },
    { times: 1 },
  )
  await sendBack(page).click()
  await expect(alert(page)).toContainText('it is not done twice')
  await expect(feedback(page)).toHaveValue('Count the lines, too')
  await expect.poll(async () => (await script.job(job.id)).version).toBeGreaterThan(job.version)
  await sendBack(page).click()
  await expect(page.getByRole('alert').filter({ hasText: 'What happened in between' })).toBeVisible()
  await expect(feedback(page)).toHaveValue('Count the lines, too')
})

test('what the server refuses is told in the form @javascript', async ({ page, server }) => {
  const { job } = await inReview(server)
  await signIn(page)
  await openFeedback(page, job.id, 'x'.repeat(1_100_000))
  await sendBack(page).click()
  await expect(alert(page)).toContainText('The request is larger than')
  await expect(page).toHaveURL(new RegExp(`/jobs/${job.id}$`))
  await feedback(page).fill('Shorter')
  await sendBack(page).click()
  await expect(feedback(page)).not.toBeVisible()
})

test('every kind of page keeps its form and its frame @javascript', async ({ page, server, context }) => {
  const script = await Script.signIn(server)
  const agent = await newAgent(script)
  await signIn(page)
  const forms: [path: string, button: string][] = [
    ['/settings/preferences', 'Save'],
    ['/settings/tokens', 'Make token'],
    ['/jobs/new?example=stats', 'Hand in job'],
    [`/admin/agents/${agent.id}`, 'Pause'],
    [`/admin/agents/${agent.id}`, 'Test'],
    ['/admin/backups', 'Back up now'],
  ]
  for (const [path, name] of forms) {
    await page.goto(path)
    const name_ = page.getByLabel('Name').first()
    if (path === '/settings/tokens') {
      await name_.fill('A script')
      await page.getByLabel('Current password').fill(ADMIN.password)
    }
    const button = page.getByRole('button', { name, exact: true }).first()
    await expect(button, path).toBeVisible()
    await context.setOffline(true)
    await button.click()
    // where nothing can be typed nothing is said of it
    const said = ['Pause', 'Test', 'Back up now'].includes(name)
      ? 'Try again'
      : 'What you typed is still here'
    await expect(page.getByRole('alert').filter({ hasText: said }), path).toBeVisible()
    await expect(page.getByRole('navigation', { name: 'Places' }).first()).toBeVisible()
    expect(page.url()).toContain(path)
    await context.setOffline(false)
  }
})

test('what is being typed stays when somebody else is faster @javascript', async ({ page, server }) => {
  for (const at of ['', '/send-back']) {
    const { script, job } = await inReview(server)
    if (at === '') await signIn(page)
    if (at === '') await openFeedback(page, job.id, 'It should count lines')
    else {
      await page.goto(`/jobs/${job.id}/send-back`)
      await feedback(page).fill('It should count lines')
    }
    await script.call('POST', `/api/jobs/${job.id}/accept`, { version: job.version })
    await expect(badge(page)).toHaveText('Completed')
    const kept = page.getByRole('status').filter({ hasText: 'kept here for copying' })
    await expect(kept).toContainText(at === '' ? 'accepted the result' : 'this one is completed')
    await expect(feedback(page)).toHaveValue('It should count lines')
    await expect(sendBack(page)).toHaveCount(0)
  }
})

test('what was sent is gone from its form; until then its job shows where it goes @javascript', async ({
  page,
  server,
}) => {
  const { script, job } = await inReview(server)
  expect(job.assignedAgentId).toBeNull()
  await signIn(page)
  await openFeedback(page, job.id, 'Once more')
  const { release } = await holdBack(page, /send-back\.data/)
  await sendBack(page).click()
  await expect(page.locator('[data-status][aria-busy=true]')).toHaveText('Assigned')
  release()
  await script.jobIn(job.id, 'IN_REVIEW')
  await expect.poll(async () => (await script.job(job.id)).attempts).toBe(2)
  await expect(page.getByText('Send it back instead')).toBeVisible()
  await expect(feedback(page)).not.toBeVisible()
  await page.getByText('Send it back instead').click()
  await expect(feedback(page)).toHaveValue('')
})

test('a double click tests an agent once @javascript', async ({ page, server }) => {
  const agent = await newAgent(await Script.signIn(server))
  await signIn(page)
  await page.goto(`/admin/agents/${agent.id}`)
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST') sent++
  })
  await page.getByRole('button', { name: 'Test' }).dblclick()
  await expect(page.getByRole('status').filter({ hasText: 'It works' })).toBeVisible()
  expect(sent).toBe(1)
})

test('a session that ended is told of where somebody signs in again, and a sign-out keeps nothing', async ({
  page,
  server,
  javaScriptEnabled,
}) => {
  const { job } = await inReview(server)
  await page.goto('/jobs')
  await expect(page.getByText('Your session has ended')).toHaveCount(0)
  await signIn(page)
  await page.goto(`/jobs/${job.id}/send-back`)
  await feedback(page).fill('Written before the end')
  if (javaScriptEnabled !== false) {
    await expect.poll(() => page.evaluate(() => Object.keys(localStorage).join())).toContain('docket-draft-')
  }
  await page.context().clearCookies()
  await sendBack(page).click()
  await expect(page.getByRole('status').filter({ hasText: 'Your session has ended' })).toBeVisible()
  if (javaScriptEnabled !== false) await expect(page.getByText('What you wrote is kept')).toBeVisible()
  await page.getByLabel('Email').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(new RegExp(`/jobs/${job.id}/send-back$`))
  if (javaScriptEnabled !== false) await expect(feedback(page)).toHaveValue('Written before the end')

  await page.goto('/settings/sessions')
  await page.getByRole('button', { name: 'this browser' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'You are signed out.' })).toBeVisible()
  if (javaScriptEnabled === false) return
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).join())).toBe('')
})

test('drafts of forms that begin differently, and of two tabs, are kept apart @javascript', async ({
  page,
  context,
}) => {
  await signIn(page)
  const name = (at: Page) => at.getByLabel('Name')
  const back = (at: Page) => at.getByText('is here again')
  const kept = (at: Page) => at.evaluate(() => Object.values(localStorage).join())
  await page.goto('/jobs/new')
  await name(page).fill('A plain one')
  await expect.poll(() => kept(page)).toContain('A plain one')

  await page.goto('/jobs/new?example=stats')
  await name(page).fill('My statistics')
  await page.getByText('Review, priority, start').click()
  await page.getByLabel('Priority').fill('7')
  await expect.poll(() => kept(page)).toContain('"priority":"7"')
  await page.reload()
  await expect(back(page)).toBeVisible()
  await expect(name(page)).toHaveValue('My statistics')
  // what came back is not in a fold
  await expect(page.getByLabel('Priority')).toBeVisible()
  await expect(page.getByLabel('Priority')).toHaveValue('7')

  await page.goto('/jobs/new')
  await expect(name(page)).toHaveValue('A plain one')
  // another tab has a form of its own, and what it hands in takes nothing from the first one
  const other = await context.newPage()
  await other.goto('/jobs/new')
  await expect(name(other)).toHaveValue('')
  await name(other).fill('A second one')
  await other.getByLabel('Description').fill('/stats\none')
  await other.getByLabel('Acceptance criteria').fill('It counts')
  await other.getByRole('button', { name: 'Hand in job' }).click()
  await expect(other).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  await page.reload()
  await expect(name(page)).toHaveValue('A plain one')
  await page.close()
  await other.goto('/jobs/new')
  await expect(name(other)).toHaveValue('A plain one')
})

test('what was done is said, and what is refused has a title', async ({ page, server }) => {
  const agent = await newAgent(await Script.signIn(server))
  await signIn(page)
  await page.goto(`/admin/agents/${agent.id}`)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is paused.' })).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'It is active again.' })).toBeVisible()
  for (const path of ['/jobs/none', '/password?token=none', '/setup']) {
    await page.goto(path)
    await expect(page).toHaveTitle('This page can’t be shown · Docket')
    await expect(page.getByRole('alert')).toBeVisible()
  }
})

test('a job whose answer was lost is not made twice, also after a reload @javascript', async ({
  page,
  server,
}) => {
  await signIn(page)
  await page.goto('/jobs/new')
  const name = `Lost answer ${crypto.randomUUID().slice(0, 8)}`
  await page.getByLabel('Name').fill(name)
  await page.getByLabel('Description').fill('/stats\none two')
  await page.getByLabel('Acceptance criteria').fill('It counts')
  await page.route(/\/jobs\/new\.data/, async (route) => {
    if (route.request().method() !== 'POST') return route.continue()
    await route.fetch()
    await route.abort()
  })
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page.getByRole('alert')).toContainText(
    'It may have arrived all the same; it is not done twice.',
  )
  await page.unroute(/\/jobs\/new\.data/)
  await page.reload()
  await expect(page.getByLabel('Name')).toHaveValue(name)
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  const script = await Script.signIn(server)
  const { data } = await script.call<{ data: { name: string }[] }>('GET', '/api/jobs?limit=100')
  expect(data.filter((job) => job.name === name)).toHaveLength(1)
})

test('what happened in between stays said while the page around it is read again @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const job = await script.createJob({ name: 'Changed twice', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.goto(`/jobs/${job.id}/cancel`)
  await script.call('PATCH', `/api/jobs/${job.id}`, { acceptanceCriteria: 'Something else' })
  await page.getByRole('button', { name: 'Cancel job' }).click()
  const said = page.getByRole('alert').filter({ hasText: 'What happened in between' })
  await expect(said).toBeVisible()
  const { version } = await script.job(job.id)
  await script.call('POST', `/api/jobs/${job.id}/tags`, { tags: ['later'], version })
  await expect(page.getByRole('link', { name: 'later', exact: true })).toBeVisible()
  await expect(said).toBeVisible()
  await expect(page.getByText(/^Changed acceptance criteria from/).first()).toBeVisible()
})

test('why a form was refused is in view, however far down it was sent from @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({
    name: 'Judged by two',
    description: `/stats\n${'a line\n'.repeat(80)}`,
  })
  await script.jobIn(id, 'IN_REVIEW')
  await signIn(page)
  // the page hears nothing of what somebody else does, and reads nothing until it has sent its form
  let isSent = false
  await page.route('**/events*', (route) => route.abort())
  await page.route(/\/jobs\/.*\.data/, (route) => {
    isSent ||= route.request().method() === 'POST'
    return isSent ? route.continue() : route.abort()
  })
  await page.goto(`/jobs/${id}`)
  await page.getByText('Send it back instead').click()
  await page.getByLabel('What is missing or wrong').fill('The sum')
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight))
  await script.call('POST', `/api/jobs/${id}/accept`, {})
  await page.getByRole('button', { name: 'Send back' }).press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'What happened in between' })).toBeInViewport()
})
