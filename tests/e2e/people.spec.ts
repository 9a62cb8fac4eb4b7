import type { Page } from '@playwright/test'
import { expect, test } from '../support/e2e'
import { ADMIN } from '../support/server'

/** People from the invitation to the audit, with JavaScript and without; sign-up is closed. */

test.use({ serverOptions: { admin: true, env: { SIGNUP: 'closed' } } })

const password = 'seven green bottles'

async function signIn(page: Page, email = ADMIN.email, secret = ADMIN.password) {
  await page.goto('/login')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(secret)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('invited, made an admin, removed, disabled: each by its form, and on the record', async ({
  page,
  browser,
  server,
}) => {
  test.setTimeout(90_000)
  await signIn(page)
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Admin' }).click()
  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Users' }).click()
  await page.getByRole('link', { name: 'Invite someone' }).click()
  await page.getByLabel('Email', { exact: true }).fill(ADMIN.email)
  await page.getByRole('button', { name: 'Make a link' }).click()
  await expect(page.getByText('There is an account with this email address already.')).toBeVisible()
  await expect(page.getByLabel('Email', { exact: true })).toHaveValue(ADMIN.email)
  await page.getByLabel('Email', { exact: true }).fill('grace@example.com')
  await page.getByRole('button', { name: 'Make a link' }).click()
  const link = await page.getByLabel('Link').inputValue()

  const { javaScriptEnabled } = test.info().project.use
  const context = await browser.newContext({ javaScriptEnabled, baseURL: server.origin })
  const guest = await context.newPage()
  await guest.goto(link)
  await guest.getByLabel('Your name').fill('Grace')
  await guest.getByLabel('Password', { exact: true }).fill(password)
  await guest.getByLabel('Password, once more').fill('something else')
  await guest.getByRole('button', { name: 'Make my account' }).click()
  await expect(guest.getByText('The two passwords differ.')).toBeVisible()
  await expect(guest.getByLabel('Your name')).toHaveValue('Grace')
  await guest.getByLabel('Password', { exact: true }).fill(password)
  await guest.getByLabel('Password, once more').fill(password)
  await guest.getByRole('button', { name: 'Make my account' }).click()
  await expect(guest).toHaveURL(/\/jobs$/)
  expect((await guest.goto(link))?.status()).toBe(404)
  await expect(guest.getByRole('heading', { name: 'This invitation does not work any more' })).toBeVisible()

  await page.goto('/admin/users')
  await page.getByRole('link', { name: /grace@example\.com/ }).click()
  await page.locator('summary', { hasText: 'Make admin…' }).click()
  const own = page.getByLabel('Current password').filter({ visible: true })
  await own.fill('not mine')
  await page.getByRole('button', { name: 'Make an admin' }).click()
  await expect(page.getByText('This is not your current password.')).toBeVisible()
  await own.fill(ADMIN.password)
  await page.getByRole('button', { name: 'Make an admin' }).click()
  await page.locator('summary', { hasText: 'Remove admin…' }).click()
  await page.getByRole('button', { name: 'Remove from the admins' }).click()
  // the page of now, or it would close again what is opened next
  await expect(page.locator('summary', { hasText: 'Make admin…' })).toBeVisible()
  await page.locator('summary', { hasText: 'Disable…' }).click()
  await page.getByRole('button', { name: 'Disable the account' }).click()
  await expect(page.locator('summary', { hasText: 'Enable…' })).toBeVisible()
  await guest.goto('/jobs')
  await expect(guest).toHaveURL(/\/login/)
  await signIn(guest, 'grace@example.com', password)
  await expect(guest.getByText('This account is disabled.')).toBeVisible()
  await context.close()

  // the last admin is told so in place
  await page.goto(`/admin/users/${ADMIN.email}`)
  await page.locator('summary', { hasText: 'Disable…' }).click()
  await page.getByRole('button', { name: 'Disable my account' }).click()
  await expect(page.getByRole('alert')).toContainText('This is the last admin who can sign in')

  await page.getByRole('navigation', { name: 'Admin' }).getByRole('link', { name: 'Audit' }).click()
  await expect(page.getByText('Somebody failed to sign in as Grace')).toBeVisible()
  await page.getByLabel('Who, by email').fill(ADMIN.email)
  await page.getByLabel('What').selectOption('user.disable')
  await page.getByRole('button', { name: 'Show' }).click()
  await expect(page.getByText('Admin disabled Grace')).toBeVisible()
  await expect(page.getByText('Somebody failed to sign in')).toHaveCount(0)
  await page.getByRole('link', { name: 'Take away: Disabled' }).click()
  await expect(page.getByText('Admin made Grace an admin')).toBeVisible()
  await expect(page.getByLabel('What')).toHaveValue('')
  await expect(page.getByLabel('Who, by email')).toHaveValue(ADMIN.email)
})

test('an API token is revoked in two steps', async ({ page }) => {
  await signIn(page)
  await page.waitForURL('**/jobs')
  await page.goto('/settings/tokens')
  await page.getByLabel('Name').fill('laptop')
  await page.getByLabel('Current password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Make token' }).click()
  await expect(page.getByLabel('Token', { exact: true })).toHaveValue(/^docket_/)
  await expect(page.getByRole('button', { name: 'Revoke laptop' })).toBeHidden()
  await page.locator('summary', { hasText: 'Revoke…' }).click()
  await page.getByRole('button', { name: 'Revoke laptop' }).click()
  await expect(page.getByText('The token is revoked.')).toBeVisible()
})

test('a backup is downloaded once the password is confirmed', async ({ page }) => {
  await signIn(page)
  await page.waitForURL('**/jobs')
  await page.goto('/admin/backups')
  await page.getByRole('button', { name: 'Back up now' }).click()
  await page.getByRole('link', { name: /^Download or restore/ }).click()
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Download' }) })
  const own = form.getByLabel('Current password')
  await own.fill('not mine')
  await form.getByRole('button', { name: 'Download' }).click()
  await expect(form.getByText('This is not your current password.')).toBeVisible()
  await expect(own).toBeFocused()
  await own.fill(ADMIN.password)
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    form.getByRole('button', { name: 'Download' }).click(),
  ])
  expect(await download.failure()).toBeNull()
  expect(download.suggestedFilename()).toMatch(/^docket-.*\.db$/)
  // the page stays, and the password does not
  if (test.info().project.use.javaScriptEnabled !== false) await expect(own).toHaveValue('')
})
