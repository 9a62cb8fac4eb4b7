import type { Page } from '@playwright/test'
import { Script, signUp } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import type { TestServer } from '../support/server'

/** The admins' desk in a browser, with JavaScript and without: filters, page and place in the list survive everything. */

test.use({ serverOptions: { admin: true } })

const names = (page: Page) => page.getByRole('table').locator('a[data-job]').allTextContents()
const pane = (page: Page) => page.getByRole('navigation', { name: 'All jobs' })
const badge = (page: Page) => page.getByRole('main').locator('[data-status]').first()

interface Stage {
  owner: string
  resting: string
}
let staged: Promise<Stage> | undefined

/** Sixty jobs of one owner for a paused agent, and some of others. */
const stage = (server: TestServer) => {
  staged ??= setUp(server)
  return staged
}

async function setUp(server: TestServer): Promise<Stage> {
  const admin = await Script.signIn(server)
  const person = await signUp(server, 'Olive')
  const olive = await Script.signIn(server, person)
  const resting = await admin.call<{ id: string }>('POST', '/api/admin/agents', {
    name: 'Resting',
    kind: 'toolbox',
  })
  await admin.call('PATCH', `/api/admin/agents/${resting.id}`, { state: 'PAUSED' })
  const numbers = Array.from({ length: 60 }, (_, at) => at + 1)
  await Promise.all(numbers.map((n) => olive.createJob({ name: `Job ${n}`, agentId: resting.id })))
  await admin.createJob({ name: 'Of the admin', agentId: resting.id })
  return { owner: person.email, resting: resting.id }
}

test('from a filtered second page: open, act, go back; filters, page and place are kept', async ({
  page,
  server,
}) => {
  test.setTimeout(60_000)
  const { owner, resting } = await stage(server)
  await signIn(page)
  await page.goto('/admin/jobs')
  await page.getByLabel('Agent', { exact: true }).selectOption({ label: 'Resting (paused)' })
  await page.getByLabel('Owner’s email').fill(owner)
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL(new RegExp(`agent=${resting}`))
  await expect(page.getByText('Of the admin')).toHaveCount(0)
  await page.getByRole('link', { name: 'Older' }).click()
  await expect(page.getByRole('link', { name: 'Newer' })).toBeVisible()
  const listed = await names(page)
  expect(listed).toHaveLength(25)
  const search = new URL(page.url()).searchParams
  const name = listed[20] as string

  const opened = page.getByRole('table').getByRole('link', { name, exact: true })
  await opened.scrollIntoViewIfNeeded()
  await opened.click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  const row = pane(page).locator('[aria-current="page"]')
  await expect(row).toContainText(name)
  await expect(row).toBeInViewport()
  const scrolled = await pane(page)
    .locator('div')
    .nth(1)
    .evaluate((element) => element.scrollTop)
  expect(scrolled).toBeGreaterThan(0)

  await page.getByRole('link', { name: 'Complete', exact: true }).click()
  await expect(page).toHaveURL(/\/complete\?/)
  await expect(row).toBeInViewport()
  await page.getByLabel('Reason').fill('Done by hand')
  await page.getByLabel(/^Result/).fill('{"done": 1')
  await page.getByRole('button', { name: 'Complete job' }).click()
  await expect(page.getByText('This is not JSON, at line 1, column 11')).toBeVisible()
  await expect(page.getByLabel('Reason')).toHaveValue('Done by hand')
  await page.getByLabel('Text kept').check()
  await page.getByRole('button', { name: 'Complete job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'COMPLETED')
  await expect(page.getByText('Completed by admin').first()).toBeVisible()
  await expect(page).toHaveURL(/\/admin\/jobs\/[0-9a-z]{26}\?/)
  await expect(row).toContainText('Completed')
  await expect(row).toBeInViewport()

  await pane(page).getByRole('link', { name: 'All jobs' }).click()
  await expect(page).toHaveURL(/\/admin\/jobs\?/)
  for (const [key, value] of search) expect(new URL(page.url()).searchParams.get(key)).toBe(value)
  // the address changes a moment before the page does
  await expect.poll(() => names(page)).toEqual(listed)
  await expect(page.getByRole('row', { name })).toBeInViewport()
  await expect(page.getByLabel('Owner’s email')).toHaveValue(owner)
})

test('a job that left the filter leaves its place behind', async ({ page, server }) => {
  const { resting } = await stage(server)
  await signIn(page)
  await page.goto(`/admin/jobs?status=ASSIGNED&agent=${resting}`)
  const listed = await names(page)
  const [name, next] = [listed[18] as string, listed[19] as string]
  await page.getByRole('table').getByRole('link', { name, exact: true }).click()
  await page.getByRole('link', { name: 'Cancel job' }).click()
  await page.getByRole('button', { name: 'Cancel job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'CANCELED')
  await expect(pane(page).locator('[aria-current]')).toHaveCount(0)
  await expect(pane(page).getByRole('link', { name: next })).toBeInViewport()
  await pane(page).getByRole('link', { name: 'All jobs' }).click()
  await expect(page).toHaveURL(/status=ASSIGNED/)
  await expect(page.getByRole('row', { name: next })).toBeInViewport()
})

test('reassign shows who is how busy; a paused agent is warned of before and after; a stale form keeps its choice', async ({
  page,
  server,
}) => {
  const { resting } = await stage(server)
  const admin = await Script.signIn(server)
  const job = await admin.createJob({ name: 'Handed round', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.goto(`/admin/jobs/${job.id}?agent=none`)
  await page.getByRole('link', { name: 'Reassign' }).click()
  await expect(page.getByText(/for Resting/)).toBeVisible()
  await page.getByRole('radio', { name: 'Resting' }).check()
  await admin.call('PATCH', `/api/jobs/${job.id}`, { name: 'Renamed meanwhile' })
  // the form is sent again before the page could be read again: the refusal itself says which version that is about
  let sentAgain = () => {}
  const isSentAgain = new Promise<void>((resolve) => {
    sentAgain = resolve
  })
  await page.route(/reassign\.data/, async (route) => {
    if (route.request().method() === 'GET') await isSentAgain
    await route.continue().catch(() => undefined)
  })
  await page.getByRole('button', { name: 'Reassign' }).click()
  await expect(page.getByText('What happened in between')).toBeVisible()
  await expect(page.getByRole('radio', { name: 'Resting' })).toBeChecked()
  await page.getByRole('button', { name: 'Reassign' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'ASSIGNED')
  await expect(page).toHaveURL(`/admin/jobs/${job.id}?agent=none`)
  sentAgain()
  await expect(page.getByRole('heading', { level: 1, name: 'Renamed meanwhile' })).toBeVisible()
  await expect(page.getByText('Resting is paused.').first()).toBeVisible()
  expect((await admin.job(job.id)).assignedAgentId).toBe(resting)
})

test('a job is resubmitted by force, and purged when it is closed', async ({ page, server }) => {
  const { resting } = await stage(server)
  const admin = await Script.signIn(server)
  const job = await admin.createJob({ name: 'Once more', agentId: resting })
  await signIn(page)
  await page.goto(`/admin/jobs/${job.id}?agent=${resting}`)
  await page.getByRole('link', { name: 'Resubmit' }).click()
  await expect(page.getByText('nothing is cut off')).toBeVisible()
  await page.getByRole('main').getByRole('button', { name: 'Resubmit' }).click()
  await expect(page.locator('#log').getByText('Resubmitted.').first()).toBeVisible()
  await expect(page).toHaveURL(`/admin/jobs/${job.id}?agent=${resting}`)
  await admin.call('POST', `/api/admin/jobs/${job.id}/cancel`)
  await page.goto(`/admin/jobs/${job.id}/purge?agent=${resting}`)
  await page.getByRole('button', { name: 'Purge for good' }).click()
  await expect(page).toHaveURL(`/admin/jobs?agent=${resting}`)
  expect((await admin.send('GET', `/api/admin/jobs/${job.id}`)).status).toBe(404)
})

test('on a phone the job takes the page and leads back to its row', async ({ page, server }) => {
  const { resting } = await stage(server)
  await page.setViewportSize({ width: 320, height: 640 })
  await signIn(page)
  await page.goto(`/admin/jobs?agent=${resting}`)
  const name = (await names(page))[12] as string
  await page.getByRole('table').getByRole('link', { name, exact: true }).click()
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible()
  await expect(pane(page)).toBeHidden()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320)
  await page.getByRole('main').getByRole('link', { name: 'All jobs' }).click()
  await expect(page).toHaveURL(new RegExp(`/admin/jobs\\?agent=${resting}#job-`))
  await expect(page.getByRole('table').getByRole('link', { name, exact: true })).toBeInViewport()
})

test('from job to job the list is not read again, and its scroll stays @javascript', async ({
  page,
  server,
}) => {
  const { resting } = await stage(server)
  await signIn(page)
  await page.goto(`/admin/jobs?agent=${resting}`)
  await page.getByRole('table').locator('a[data-job]').first().click()
  await expect(pane(page)).toBeVisible()
  const scroller = pane(page).locator('div').nth(1)
  await scroller.evaluate((element) => {
    element.dataset.kept = 'yes'
    element.scrollTop = 400
  })
  const asked: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('.data')) asked.push(decodeURIComponent(request.url()))
  })
  const other = pane(page).getByRole('listitem').nth(10)
  const name = (await other.locator('bdi').first().textContent()) ?? ''
  await other.getByRole('link').click()
  await expect(page.getByRole('heading', { level: 1, name, exact: true })).toBeVisible()
  await expect(scroller).toHaveAttribute('data-kept', 'yes')
  expect(await scroller.evaluate((element) => element.scrollTop)).toBe(400)
  expect(asked).toHaveLength(1)
  expect(asked[0]).toContain('_routes=')
  expect(asked[0]).not.toContain('routes/admin/jobs/list')
})

test('a form keeps the version it was opened on while the page around it moves on @javascript', async ({
  page,
  server,
}) => {
  const admin = await Script.signIn(server)
  const job = await admin.createJob({ name: 'Opened', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.goto(`/admin/jobs/${job.id}/complete`)
  await page.getByLabel('Reason').fill('Meant for the job as it was')
  await admin.call('PATCH', `/api/jobs/${job.id}`, { acceptanceCriteria: 'Something else' })
  // the page reads itself again
  await expect(page.getByText('Something else').first()).toBeVisible()
  await page.getByRole('button', { name: 'Complete job' }).click()
  await expect(page.getByText(/^Changed acceptance criteria from/).first()).toBeVisible()
  await expect(page.getByLabel('Reason')).toHaveValue('Meant for the job as it was')
  expect((await admin.job(job.id)).status).toBe('PENDING')
  await page.getByRole('button', { name: 'Complete job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'COMPLETED')
})
