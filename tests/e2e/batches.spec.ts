import type { Browser, Page } from '@playwright/test'
import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import type { TestServer } from '../support/server'

/** One thing done with many jobs: ticked on several pages or all that match, with JavaScript and without. */

test.use({ serverOptions: { admin: true } })

async function without(browser: Browser, server: TestServer) {
  const context = await browser.newContext({ baseURL: server.origin, javaScriptEnabled: false })
  return context.newPage()
}

/** Thirty of a kind, for later, so that no agent begins them. */
async function thirty(server: TestServer, tag: string) {
  const script = await Script.signIn(server)
  for (let n = 1; n <= 30; n++) {
    await script.createJob({
      name: `${tag} ${String(n).padStart(2, '0')}`,
      tags: [tag],
      runAfter: '2099-01-01T00:00:00Z',
    })
  }
  return script
}

const box = (page: Page, name: string) => page.getByRole('checkbox', { name: `Select ${name}`, exact: true })
const list = (tag: string) => `/jobs?q=tag:${tag}`

const needsScript = { tag: '@javascript' }

test('ticked over two pages and a reload, confirmed, watched', needsScript, async ({ page, server }) => {
  test.setTimeout(90_000)
  const script = await thirty(server, 'apple')
  await signIn(page)
  await page.goto(list('apple'))
  await expect(page.getByText('None selected')).toBeAttached()
  await expect(page.getByRole('button', { name: 'The selected…' })).toBeDisabled()
  await box(page, 'apple 30').check()
  await box(page, 'apple 29').check()
  await expect(page.getByText('2 selected', { exact: true })).toBeVisible()
  await page.getByRole('link', { name: 'Older' }).click()
  await box(page, 'apple 02').check()
  await expect(page.getByText('3 selected, 2 on other pages')).toBeVisible()
  await page.reload()
  await expect(page.getByText('3 selected, 2 on other pages')).toBeVisible()
  await expect(box(page, 'apple 02')).toBeChecked()
  await page.getByRole('link', { name: 'Newer' }).click()
  await expect(box(page, 'apple 29')).toBeChecked()
  await box(page, 'apple 29').uncheck()
  await expect(page.getByText('2 selected, 1 on other pages')).toBeVisible()

  await page.getByLabel('What is to be done').selectOption({ label: 'Add tag' })
  await page.getByRole('button', { name: 'The 2 selected…' }).click()
  await expect(page.getByRole('heading', { name: 'Add a tag to 2 jobs?' })).toBeVisible()
  await expect(page.getByRole('row', { name: 'It can be done 2 jobs' })).toBeVisible()
  await page.getByLabel('Tag').fill('Core')
  await page.getByRole('button', { name: 'Add the tag to 2 jobs' }).click()
  await expect(page.getByRole('heading', { name: 'Add the tag core to 2 jobs' })).toBeVisible()
  await expect(page.getByText('2 done')).toBeVisible()
  await page.getByRole('link', { name: 'See these 2 jobs in the list' }).click()
  await expect(page.getByRole('table').locator('a[data-job]')).toHaveText(['apple 30', 'apple 02'])

  await page.goto(list('apple'))
  await expect(page.getByText('None selected')).toBeAttached()
  await expect(box(page, 'apple 30')).not.toBeChecked()
  const { data } = await script.call<{ data: { name: string }[] }>('GET', '/api/jobs?tag=core')
  expect(data.map(({ name }) => name)).toEqual(['apple 30', 'apple 02'])
})

test(
  'a whole page, cleared, and another filter begins with nothing',
  needsScript,
  async ({ page, server }) => {
    await thirty(server, 'plum')
    await signIn(page)
    await page.goto(list('plum'))
    await page.getByRole('button', { name: 'Select page' }).click()
    await expect(page.getByText('25 selected', { exact: true })).toBeVisible()
    await expect(box(page, 'plum 06')).toBeChecked()
    await page.getByRole('button', { name: 'Deselect page' }).click()
    await expect(box(page, 'plum 06')).not.toBeChecked()
    await box(page, 'plum 07').check()
    await page.getByRole('searchbox').fill('tag:plum 07')
    await page.getByRole('button', { name: 'Filter' }).click()
    await expect(page.getByRole('table').locator('a[data-job]')).toHaveText(['plum 07'])
    await expect(box(page, 'plum 07')).not.toBeChecked()
  },
)

// its page has no JavaScript in either project: once is enough
test(
  'without JavaScript: kept from page to page, all that match, tried again',
  needsScript,
  async ({ browser, server }) => {
    test.setTimeout(90_000)
    await thirty(server, 'pear')
    const page = await without(browser, server)
    await signIn(page)
    await page.goto(list('pear'))
    await box(page, 'pear 30').check()
    await page.getByRole('button', { name: 'Keep ticks, next page' }).click()
    await expect(page.getByText('1 job kept from other pages')).toBeVisible()
    await box(page, 'pear 01').check()
    await page.getByLabel('What is to be done').selectOption({ label: 'Cancel' })
    await page.getByRole('button', { name: 'The selected…' }).click()
    await expect(page.getByRole('heading', { name: 'Cancel 2 jobs?' })).toBeVisible()
    await page.getByRole('button', { name: 'Cancel 2 jobs' }).click()
    await expect(page.getByRole('heading', { name: 'Cancel 2 jobs', exact: true })).toBeVisible()
    await expect(page.getByText('2 done')).toBeVisible()

    await page.goto(list('pear'))
    await page.getByLabel('What is to be done').selectOption({ label: 'Cancel' })
    await page.getByRole('button', { name: 'All that match…' }).click()
    await expect(page.getByRole('heading', { name: 'Cancel 30 jobs?' })).toBeVisible()
    await expect(page.getByRole('row', { name: /this one is canceled\. 2 jobs/ })).toBeVisible()
    await page.getByRole('button', { name: 'Cancel 28 jobs' }).click()
    await expect(page.getByText('28 done')).toBeVisible()
    await expect(page.getByText('2 refused')).toBeVisible()
    await page.getByRole('link', { name: 'Refused 2' }).click()
    await expect(page.getByRole('listitem').filter({ hasText: 'Refused. You can cancel' })).toHaveCount(2)
    await page.getByRole('button', { name: 'Retry what failed…' }).click()
    await expect(page.getByText('There is nothing to do')).toBeVisible()
    await page.getByRole('button', { name: 'Don’t do it' }).click()
    await expect(page).toHaveURL(/\/jobs$/)
    await page.getByRole('link', { name: 'Batches' }).click()
    await expect(page.getByRole('link', { name: 'Cancel 30 jobs' })).toBeVisible()
    await page.context().close()
  },
)
