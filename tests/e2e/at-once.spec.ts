import { Script, signUp } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import { holding } from '../support/holding'

/** What somebody does is shown before the server has answered. */

test.use({ serverOptions: { admin: true } })

test('labels and an archive, an admin, a session, a token and a theme @javascript', async ({
  page,
  browser,
  server,
}) => {
  const script = await Script.signIn(server)
  const person = await signUp(server, 'Olive')
  const job = await script.createJob({ name: 'Later', runAfter: '2031-01-01T00:00:00Z' })
  await script.call('POST', `/api/jobs/${job.id}/cancel`, {})
  await signIn(page)
  const post = await holding(page)
  const busy = page.locator('[aria-busy]')
  const settles = async () => {
    post.release()
    await expect(busy).toHaveCount(0)
  }

  post.hold()
  await page.goto(`/jobs/${job.id}/tags`)
  await page.getByLabel('Tags').fill('blue, Red')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('link', { name: 'red', exact: true })).toBeVisible()
  await expect(page).toHaveURL(/\/tags$/)
  post.release()
  await expect(page).toHaveURL(`/jobs/${job.id}`)

  post.hold()
  await page.getByRole('button', { name: 'Archive' }).click()
  await expect(page.getByText('Archived just now')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Archive' })).toBeVisible()
  post.release()
  await expect(page.getByRole('button', { name: 'Archive' })).toHaveCount(0)

  // in the list and beside it
  post.hold()
  await page.goto(`/admin/users/${encodeURIComponent(person.email)}`)
  await page.locator('summary', { hasText: 'Disable' }).click()
  await page.getByRole('button', { name: 'Disable the account' }).click()
  await expect(busy).toHaveText(['Disabled', 'Disabled'])
  await settles()
  await expect(page.locator('summary', { hasText: 'Enable…' })).toBeVisible()

  const other = await browser.newPage({ baseURL: server.origin })
  await signIn(other)
  await other.context().close()
  post.hold()
  await page.goto('/settings/sessions')
  const sessions = page.getByRole('main').getByRole('listitem')
  const before = await sessions.count()
  await page.getByRole('button', { name: 'End all others' }).click()
  await expect(busy).toHaveCount(before - 1)
  await settles()
  await expect(sessions).toHaveCount(1)

  post.hold()
  await page.goto('/settings/tokens')
  await page.locator('summary', { hasText: 'Revoke…' }).click()
  await page.getByRole('button', { name: /^Revoke / }).click()
  await expect(busy).toHaveCount(1)
  await settles()
  await expect(page.getByText('The token is revoked.')).toBeVisible()

  post.hold()
  await page.goto('/settings/preferences')
  const html = page.locator('html')
  await page.getByLabel('Theme').selectOption('dark')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(html).toHaveAttribute('data-theme', 'dark')
  await expect(page.getByText('Saved. It holds')).toHaveCount(0)
  post.release()
  await expect(page.getByText('Saved. It holds')).toBeVisible()
  await expect(html).toHaveAttribute('data-theme', 'dark')
})
