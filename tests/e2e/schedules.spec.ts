import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'

/** A schedule from the choice of its template to its removal, with JavaScript and without. */

test.use({ serverOptions: { admin: true } })

test('made with a usual time, looked at, run, paused, changed and removed', async ({ page, server }) => {
  test.setTimeout(90_000)
  const script = await Script.signIn(server)
  const name = `Sales report ${crypto.randomUUID().slice(0, 8)}`
  await script.call('POST', '/api/templates', {
    name,
    job: { name: 'Report on {{topic}}', description: '/stats\n{{topic}}', acceptanceCriteria: 'It counts' },
    variables: [{ name: 'topic', label: 'Topic', type: 'text', required: true, default: null }],
  })
  await signIn(page)
  await page.goto('/schedules')
  await page.getByRole('link', { name: 'New schedule' }).first().click()
  await page.getByRole('link', { name }).click()

  await page.getByLabel('Name').fill('Monthly sales')
  await page.getByLabel('Time zone').selectOption('Europe/Berlin')
  await page.getByRole('button', { name: 'First of the month' }).click()
  await expect(page.getByText('On the 1st of every month at 09:00')).toBeVisible()
  await expect(page.getByLabel('Cron expression')).toHaveValue('0 9 1 * *')
  await expect(page.getByLabel('Name')).toHaveValue('Monthly sales')
  await expect(page.getByLabel('Time zone')).toHaveValue('Europe/Berlin')

  await page.getByLabel('Cron expression').fill('0 0 30 2 *')
  await page.getByRole('button', { name: 'Show the next runs' }).click()
  await expect(page.getByText('This is never due: no month has such a day.')).toBeVisible()
  await page.getByLabel('Cron expression').fill('30 2 * * *')
  await page.getByRole('button', { name: 'Show the next runs' }).click()
  await expect(page.getByText('Every day at 02:30')).toBeVisible()
  await expect(page.getByRole('listitem').filter({ hasText: ', 02:30' })).toHaveCount(5)

  // Enter presses the button that saves, not one of those beside the form
  await page.getByLabel('Topic').fill('shoes')
  await page.getByLabel('Topic').press('Enter')
  await expect(page.getByRole('heading', { name: 'Monthly sales' })).toBeVisible()
  await expect(page.getByText('It has not run yet.')).toBeVisible()

  await page.getByRole('button', { name: 'Run now' }).click()
  await page.getByRole('link', { name: 'Report on shoes' }).click()
  await expect(page.locator('#log').getByText('by the schedule “Monthly sales”, run by hand.')).toBeVisible()
  await page.goBack()
  await expect(page.getByRole('heading', { name: 'Monthly sales', level: 1 })).toBeVisible()

  await page.getByRole('button', { name: 'Pause' }).click()
  await expect(page.getByText('None while it is paused.')).toBeVisible()
  await page.getByRole('link', { name: 'Edit' }).click()
  await expect(page.getByLabel('Topic')).toHaveValue('shoes')
  await page.getByLabel('Name').fill('Daily sales')
  await page.getByRole('button', { name: 'Save changes' }).click()
  await expect(page.getByRole('heading', { name: 'Daily sales' })).toBeVisible()
  await page.getByRole('button', { name: 'Resume' }).click()
  await expect(page.getByRole('button', { name: 'Pause' })).toBeVisible()

  await page.locator('summary', { hasText: 'Remove…' }).click()
  await page.getByRole('button', { name: 'Remove the schedule' }).click()
  await expect(page.getByText('The schedule is removed. Its jobs stay.')).toBeVisible()
  await expect(page.getByRole('link', { name: 'Daily sales' })).toHaveCount(0)
})
