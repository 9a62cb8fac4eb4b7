import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import type { TestServer } from '../support/server'

/** Finding jobs in a browser, with JavaScript and without: everything is in the address. */

test.use({ serverOptions: { admin: true } })

const names = (page: Page) => page.getByRole('table').locator('a[data-job]').allTextContents()
const search = (page: Page) => new URL(page.url()).searchParams

let staged: Promise<void> | undefined
const stage = (server: TestServer) => {
  staged ??= setUp(server)
  return staged
}

/** Thirty that wait, of three kinds. */
async function setUp(server: TestServer) {
  const script = await Script.signIn(server)
  for (let n = 1; n <= 30; n++) {
    await script.createJob({
      name: `${n % 3 === 0 ? 'Invoice' : 'Letter'} ${String(n).padStart(2, '0')}`,
      priority: n % 10,
      tags: n % 2 === 0 ? ['urgent', 'even'] : ['odd'],
      runAfter: '2031-01-01T00:00:00Z',
    })
  }
}

test('by the box, by selects, by a chip less, in another order', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.getByRole('searchbox').fill('invo tag:urgent')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect
    .poll(() => names(page))
    .toEqual(['Invoice 30', 'Invoice 24', 'Invoice 18', 'Invoice 12', 'Invoice 06'])
  expect(search(page).get('q')).toBe('invo tag:urgent')

  await page.getByLabel('Priority').selectOption('>=4')
  await page.getByLabel('Order').selectOption('name')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect.poll(() => names(page)).toEqual(['Invoice 06', 'Invoice 18', 'Invoice 24'])

  await page.getByRole('link', { name: 'Take away: tag:urgent' }).click()
  await expect
    .poll(() => names(page))
    .toEqual(['Invoice 06', 'Invoice 09', 'Invoice 15', 'Invoice 18', 'Invoice 24', 'Invoice 27'])
  expect(search(page).get('q')).toBe('invo')
  await page.getByRole('columnheader', { name: 'Name' }).getByRole('link').click()
  await expect.poll(async () => (await names(page))[0]).toBe('Invoice 27')
  await page.getByRole('link', { name: 'Clear filters' }).click()
  await expect.poll(() => names(page)).toHaveLength(25)
})

test('through the pages and back, in an order', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.goto('/jobs?sort=name')
  const first = await names(page)
  expect(first[0]).toBe('Invoice 03')
  await page.getByRole('link', { name: 'Next' }).click()
  await expect.poll(() => names(page)).toHaveLength(5)
  expect(search(page).get('sort')).toBe('name')
  await page.getByRole('link', { name: 'Previous' }).click()
  await expect.poll(() => names(page)).toEqual(first)
})

test('a row’s tag leads to all that have it, and a click elsewhere to the job', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.getByRole('table').getByRole('link', { name: 'odd' }).first().click()
  await expect(page).toHaveURL(/\/jobs\?tag=odd$/)
  await expect(page.getByRole('link', { name: 'Take away: Tag: odd' })).toBeVisible()
  await page.getByRole('table').getByRole('link', { name: 'Letter 29' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Letter 29' })).toBeVisible()
})

test('a list is kept as a view, and opened again', async ({ page, server }, { project }) => {
  await stage(server)
  await signIn(page)
  const name = `Bills ${project.name}`
  await page.goto('/jobs?q=invoice&sort=name')
  await page.getByRole('link', { name: 'Save this view' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByRole('button', { name: 'Save view' }).click()
  await expect(page).toHaveURL('/jobs?q=invoice&sort=name')
  await page.goto('/jobs')
  await page.getByRole('link', { name }).click()
  await expect(page.getByRole('link', { name })).toHaveAttribute('aria-current', 'page')
  expect(await names(page)).toHaveLength(10)
})

test('what means nothing is told beside the box, with the text kept', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.getByRole('searchbox').fill('stauts:failed')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page.getByRole('alert')).toContainText('status:')
  await expect(page.getByRole('searchbox')).toHaveValue('stauts:failed')
  await expect(page.getByRole('table')).toHaveCount(0)
})

test('the address stays free of what is empty @javascript', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.getByLabel('Created').selectOption('7d')
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL('/jobs?created=7d')
})
