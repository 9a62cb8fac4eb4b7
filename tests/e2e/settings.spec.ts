import { Script, signUp } from '../support/api'
import { expect, signIn, test } from '../support/e2e'

test('a theme, a density and a time zone are chosen and hold from the next page on', async ({
  page,
  server,
  javaScriptEnabled,
}) => {
  const olive = await signUp(server, 'Olive')
  await (await Script.signIn(server, olive)).createJob({ runAfter: '2031-01-01T20:00:00Z' })
  await signIn(page, olive)
  await page.goto('/settings/preferences')
  const ground = () => page.locator('html').evaluate((html) => getComputedStyle(html).backgroundColor)
  const light = javaScriptEnabled === false ? null : await ground()
  await page.getByLabel('Theme').selectOption('dark')
  await page.getByLabel('Density').selectOption('compact')
  await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
  await page.getByLabel('Single keys do things').uncheck()
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Saved.' })).toBeVisible()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  if (light) expect(await ground()).not.toBe(light)
  await page.getByRole('link', { name: 'Jobs', exact: true }).first().click()
  await expect(page.locator('html')).toHaveAttribute('data-density', 'compact')
  await page.getByRole('link', { name: 'A job' }).click()
  await expect(page.locator('time[title*="2 Jan 2031, 05:00:00 UTC+9"]').first()).toBeVisible()
  if (!light) return
  // on paper dark grounds would be all ink
  await page.emulateMedia({ media: 'print' })
  expect(await ground()).toBe('rgb(255, 255, 255)')
  const ink = await page.locator('h1').evaluate((heading) => getComputedStyle(heading).color)
  expect(ink).toBe('rgb(29, 31, 28)')
})
