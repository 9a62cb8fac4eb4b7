import { expect, test } from '../support/e2e'
import type { TestServer } from '../support/server'

/** The first minute of a new Docket. */

const ada = { name: 'Ada', email: 'ada@example.com', password: 'correct horse battery' }

const setupLink = (server: TestServer) => /http:\S+\/setup\?token=\S+/.exec(server.output())?.[0] as string

test('the setup link makes the first account, and its examples run', async ({ page, server }) => {
  expect((await page.goto('/setup'))?.status()).toBe(404)
  await page.goto(setupLink(server))
  await page.getByLabel('Name').fill(ada.name)
  await page.getByLabel('Email').fill(ada.email)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByLabel('Password, once more').fill('something else')
  await expect(page.getByRole('checkbox')).toBeChecked()
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page.getByText('The two passwords differ.')).toBeVisible()
  await expect(page.getByLabel('Password, once more')).toBeFocused()
  await expect(page.getByLabel('Email')).toHaveValue(ada.email)
  await page.getByLabel('Password', { exact: true }).fill(ada.password)
  await page.getByLabel('Password, once more').fill(ada.password)
  await page.getByRole('button', { name: 'Make the account' }).click()
  await expect(page).toHaveURL(/\/jobs$/)
  await expect(async () => {
    await page.reload()
    await expect(page.locator('[data-status="IN_REVIEW"]')).toHaveCount(3, { timeout: 1_000 })
  }).toPass({ timeout: 15_000 })
  const again = await page.goto(setupLink(server))
  expect(again?.status()).toBe(404)
})
