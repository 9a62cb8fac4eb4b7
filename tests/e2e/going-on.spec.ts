import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import { holding } from '../support/holding'
import { ADMIN, type TestServer } from '../support/server'

/** Who sends a form and does not wait for its answer stays where they go, and misses nothing of it. */

test.use({ serverOptions: { admin: true } })

async function inReview(server: TestServer) {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({ name: 'To be judged' })
  return { script, job: await script.jobIn(id, 'IN_REVIEW') }
}

const goTo = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name }).click()
const late = (page: Page) => page.getByRole('alert').filter({ hasText: 'It was not taken' })

test('who goes on before the answer is there is not called back @javascript', async ({ page, server }) => {
  const { job } = await inReview(server)
  await signIn(page)
  await page.goto(`/jobs/${job.id}`)
  const post = await holding(page, /accept\.data/)
  post.hold()
  await page.getByRole('button', { name: 'Accept result' }).click()
  // the page hears of it before the form does, and has it no more
  await expect(page.getByRole('button', { name: 'Accept result' })).toHaveCount(0)
  await page.route(
    '**/templates.data',
    async (route) => {
      const answered = page.waitForResponse('**/accept.data')
      post.release()
      await answered
      await route.continue()
    },
    { times: 1 },
  )
  await goTo(page, 'Templates')
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible()
  await expect(page).toHaveURL(/\/templates$/)
})

test('what was refused is said wherever one is, and shown where it was sent from @javascript', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/jobs/new')
  await page.getByLabel('Name').fill('Without criteria')
  await page.getByLabel('Description').fill('Something')
  await page.getByLabel('Acceptance criteria').fill(' ')
  const post = await holding(page)
  post.hold()
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await goTo(page, 'Templates')
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible()
  post.release()
  await expect(late(page)).toContainText('New job')
  await expect(late(page)).toContainText('Give the criteria the result is judged by.')
  await goTo(page, 'Settings')
  await expect(page).toHaveURL(/\/settings/)
  await late(page).getByRole('button', { name: 'Show it' }).click()
  await expect(page).toHaveURL(/\/jobs\/new/)
  await expect(page.getByLabel('Name')).toHaveValue('Without criteria')
  await expect(page.getByText('Give the criteria the result is judged by.')).toBeVisible()
  await expect(late(page)).toHaveCount(0)
})

test('what was handed in is not offered as a draft again @javascript', async ({ page, server }) => {
  const { script, job } = await inReview(server)
  await signIn(page)
  await page.goto(`/jobs/${job.id}/send-back`)
  await page.getByLabel('What is missing or wrong').fill('Count them once more')
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).join())).toContain('docket-draft-')
  const post = await holding(page)
  post.hold()
  await page.getByRole('button', { name: 'Send back' }).click()
  await expect.poll(async () => (await script.job(job.id)).version).toBeGreaterThan(job.version)
  await goTo(page, 'Templates')
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible()
  post.release()
  await expect
    .poll(() => page.evaluate(() => Object.keys(localStorage).join()))
    .not.toContain('docket-draft-')
})

test('a form takes nothing from another one’s answer, and a filter neither @javascript', async ({
  page,
  server,
}) => {
  const { job } = await inReview(server)
  await signIn(page)
  await page.goto('/settings/tokens')
  const rows = page.getByRole('main').getByRole('listitem')
  const before = await rows.count()
  const post = await holding(page)
  await page.getByLabel('Name').fill('Fresh one')
  await page.getByLabel('Current password').fill(ADMIN.password)
  post.hold()
  await page.getByRole('button', { name: 'Make token' }).click()
  await page.evaluate(() => {
    window.location.hash = 'elsewhere'
  })
  post.release()
  await expect(page.getByText('Copy the token now')).toBeVisible()
  await expect(rows).toHaveCount(before + 1)

  await page.goto('/settings/tokens')
  const revoke = async (n: number) => {
    await rows.nth(n).locator('summary').click()
    await rows
      .nth(n)
      .getByRole('button', { name: /^Revoke / })
      .click()
  }
  post.hold()
  // the first is the newest, and the last is the script's own
  await revoke(0)
  await revoke(1)
  post.release()
  await expect(rows).toHaveCount(before - 1)

  await page.goto(`/jobs/${job.id}`)
  await page.getByText('Send it back instead').click()
  await page.getByLabel('What is missing or wrong').fill(' ')
  post.hold()
  await page.getByRole('button', { name: 'Send back' }).click()
  await page.locator('#log').getByRole('combobox').first().selectOption({ index: 1 })
  await page.locator('#log').getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL(/logKind=/)
  post.release()
  await expect(page.getByText(/Give feedback/)).toBeVisible()
})

test('an undo that was pressed in time says what became of it; its place stays when the time is over @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const job = await script.createJob({ name: 'Taken back', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.clock.install()
  await script.call('POST', `/api/jobs/${job.id}/cancel`, {})
  await page.goto(`/jobs/${job.id}`)
  const undo = page.getByRole('button', { name: 'Undo' })
  const heading = page.getByRole('heading', { name: 'Acceptance criteria' })
  const place = (await heading.boundingBox())?.y
  await undo.focus()
  await page.clock.runFor(11_000)
  await expect(undo).toBeHidden()
  await expect(page.locator(':focus')).toContainText('The job is canceled.')
  expect((await heading.boundingBox())?.y).toBe(place)

  await script.call('POST', `/api/jobs/${job.id}/resubmit`, {})
  await script.call('POST', `/api/jobs/${job.id}/cancel`, {})
  await page.reload()
  await page.route('**/undo.data', async (route) => {
    await page.clock.runFor(11_000)
    await route.abort()
  })
  await undo.click()
  await expect(page.getByRole('alert').filter({ hasText: 'Docket can’t be reached.' })).toBeVisible()
  await expect(undo).toBeVisible()
})
