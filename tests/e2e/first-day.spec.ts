import type { Page } from '@playwright/test'
import { expect, signIn, test } from '../support/e2e'
import { ADMIN } from '../support/server'

/**
 * What somebody does on a first day: sign-in, a job with errors and without, an agent that does it, its result and log, sent
 * back, accepted. It runs with JavaScript on and off.
 */

test.use({ serverOptions: { admin: true } })

/** The status in the job's own header. */
const badge = (page: Page) => page.getByRole('main').locator('[data-status]').first()

async function fillJob(
  page: Page,
  job: { name?: string; description?: string; acceptanceCriteria?: string },
) {
  await page.getByLabel('Name').fill(job.name ?? 'Count the words')
  await page.getByLabel('Description').fill(job.description ?? '/stats\nThe quick brown fox')
  await page
    .getByLabel('Acceptance criteria')
    .fill(job.acceptanceCriteria ?? 'It says how many words there are\nIt is right')
}

test('sign out, and in again', async ({ page }) => {
  await page.goto('/jobs')
  await expect(page).toHaveURL(/\/login\?next=/)
  await page.getByLabel('Email').fill(ADMIN.email)
  await page.getByLabel('Password').fill('wrong, alas')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByText('This email address and password do not go together.')).toBeVisible()
  await expect(page.getByLabel('Password')).toBeFocused()
  await expect(page.getByLabel('Email')).toHaveValue(ADMIN.email)
  await signIn(page)
  await page.getByRole('banner').locator('summary').first().click()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/login/)
  await page.goto('/jobs')
  await expect(page).toHaveURL(/\/login/)
})

test('a job with errors keeps what was typed and puts the focus on the first', async ({ page }) => {
  await signIn(page)
  await page.getByRole('link', { name: 'New job' }).first().click()
  await expect(page).toHaveURL(/\/jobs\/new/)
  // a space passes the browser's own check, not ours
  await fillJob(page, { name: ' ', description: 'What I typed', acceptanceCriteria: ' ' })
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page.getByText('Give the job a name.')).toBeVisible()
  await expect(page.getByText('Give the criteria the result is judged by.')).toBeVisible()
  await expect(page.getByLabel('Name')).toBeFocused()
  await expect(page.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByLabel('Description')).toHaveValue('What I typed')
  await page.getByLabel('Name').fill('Named now')
  await page.getByLabel('Acceptance criteria').fill('It is done')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  // no slash command: the toolbox says at once what it can do
  await expect(badge(page)).toHaveAttribute('data-status', 'FAILED', { timeout: 15_000 })
  await expect(page.getByText('/stats').first()).toBeVisible()
})

test('an agent does a job; its result and log are there; sent back, done again, accepted', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/jobs/new')
  await fillJob(page, {})
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  // the page follows by itself, with JavaScript and without
  await expect(badge(page)).toHaveAttribute('data-status', 'IN_REVIEW', { timeout: 15_000 })
  await expect(badge(page)).toHaveText(/In review/)
  const result = page
    .getByRole('main')
    .locator('section', { has: page.getByRole('heading', { name: 'Result' }) })
  await expect(result.getByText('words', { exact: true }).first()).toBeVisible()
  const log = page.locator('#log')
  await expect(log.getByText('Toolbox began attempt 1.')).toBeVisible()
  await expect(log.locator('details').first()).not.toHaveAttribute('open')

  await page.getByText('Send it back instead').click()
  await page.getByLabel('What is missing or wrong').fill(' ')
  await page.getByRole('button', { name: 'Send back' }).click()
  await expect(page).toHaveURL(/\/send-back$/)
  await expect(page.getByText(/Give feedback/)).toBeVisible()
  await page.getByLabel('What is missing or wrong').first().fill('Count them once more')
  await page.getByRole('button', { name: 'Send back' }).first().click()
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  await expect(async () => {
    await page.reload()
    await expect(log.getByText('began attempt 2.')).toBeVisible({ timeout: 1_000 })
    await expect(badge(page)).toHaveAttribute('data-status', 'IN_REVIEW', { timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  await expect(page.getByText('Count them once more').first()).toBeVisible()

  await page.getByRole('button', { name: 'Accept result' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'COMPLETED')
  await page.goto('/jobs?status=COMPLETED')
  await expect(page.getByText('Count the words')).toBeVisible()
})

test('cancel asks first; a page opened earlier is told what changed', async ({ page, context }) => {
  await signIn(page)
  await page.goto('/jobs/new')
  await fillJob(page, { name: 'Later' })
  await page.locator('summary', { hasText: 'Review, priority, start, limits and tags' }).click()
  await page.getByLabel('Not before').fill('2031-01-01T09:00')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'PENDING')
  const job = page.url()
  const stale = await context.newPage()
  await stale.goto(`${job}/cancel`)
  await page.goto(`${job}/edit`)
  await page.getByLabel('Name').fill('Later still')
  await page.getByRole('button', { name: /Save/ }).click()
  await expect(page.getByRole('heading', { name: 'Later still' })).toBeVisible()
  await stale.getByRole('button', { name: 'Cancel job' }).click()
  await expect(stale.getByText(/has changed since you opened it/)).toBeVisible()
  await page.goto(`${job}/cancel`)
  await page.getByRole('button', { name: 'Cancel job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'CANCELED')
  await page.getByRole('button', { name: 'Archive' }).click()
  await expect(page.locator('#log').getByText('Archived.')).toBeVisible()
  await page.goto('/jobs?status=CANCELED')
  await expect(page.getByText('Later still')).toHaveCount(0)
})

test('an admin makes, pauses and resumes an agent; it asks and gets its answer', async ({ page }) => {
  await signIn(page)
  await page.goto('/admin/agents/new')
  await page.getByRole('link', { name: /^Command/ }).click()
  await page.getByLabel('Name').fill('Sorter')
  await page.getByLabel('Program and arguments').fill('node\n{root}/examples/agents/ask.mjs')
  await page.getByLabel('Environment').fill('SORT_TOKEN=of no use')
  await page.getByRole('button', { name: 'Create agent' }).click()
  await expect(page).toHaveURL(/\/admin\/agents\/[0-9a-z]{26}\?saved/)
  await expect(page.getByLabel('Environment')).toHaveValue('SORT_TOKEN=[secret]')
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByRole('main').getByText('Paused').first()).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()

  await page.goto('/jobs/new')
  await fillJob(page, { name: 'Sort', description: 'pear\napple', acceptanceCriteria: 'Sorted' })
  await page.getByRole('radio', { name: 'Sorter' }).check()
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'INPUT_REQUIRED', { timeout: 15_000 })
  await page.getByLabel('Your answer').fill('ascending')
  await page.getByRole('button', { name: 'Answer' }).click()
  await expect(badge(page)).toHaveAttribute('data-status', 'IN_REVIEW', { timeout: 15_000 })
  await expect(page.getByText('"apple"').first()).toBeVisible()
})
