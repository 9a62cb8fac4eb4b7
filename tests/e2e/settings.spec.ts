import { TOTP } from 'otpauth'
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

test('two-factor authentication is set up, signs in, and is turned off by a recovery code', {
  tag: '@no-javascript',
}, async ({ page, server }) => {
  const { email, password } = await signUp(server, 'Ada')
  await signIn(page, { email, password })
  await page.goto('/settings')
  await page.getByRole('link', { name: 'Use two-factor authentication' }).click()
  await page.getByRole('link', { name: 'Set up two-factor authentication' }).click()
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible()
  const uri = await page.getByRole('link', { name: 'Open it in an app' }).getAttribute('href')
  const secret = new URL(uri ?? '').searchParams.get('secret') ?? ''
  const code = (step: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + step * 30_000 })
  await page.getByRole('textbox', { name: 'Code' }).fill(code(0))
  await page.getByLabel('Current password').fill(password)
  await page.getByRole('button', { name: 'Turn on' }).click()
  await expect(page.getByRole('heading', { name: 'Two-factor authentication is on' })).toBeVisible()
  const [recovery = ''] = (await page.locator('pre').innerText()).split('\n')

  await page.context().clearCookies()
  await page.goto('/login?next=/settings/two-factor')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByLabel('Code').fill(code(1))
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page).toHaveURL(/\/settings\/two-factor$/)
  await page.locator('summary', { hasText: 'Turn off…' }).click()
  const form = page.locator('form').filter({ hasText: 'Turn off two-factor' })
  await form.getByLabel('Code').fill(recovery)
  await form.getByLabel('Current password').fill(password)
  await form.getByRole('button').click()
  await expect(
    page.getByRole('status').filter({ hasText: 'Two-factor authentication is off.' }),
  ).toBeVisible()
})
