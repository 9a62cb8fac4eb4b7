import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { expect, signIn, test } from '../support/e2e'
import { holdBack } from '../support/holding'
import { ADMIN } from '../support/server'

/** The keyboard's way through pages: where Tab goes, that it is seen, and where it begins on the next page. */

test.use({ serverOptions: { admin: true } })

interface Stop {
  name: string
  isSeen: boolean
}

/** What has the focus: what it says, and whether a ring or an outline shows it. */
const focused = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLElement
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    const { height, width } = element.getBoundingClientRect()
    const name =
      element.getAttribute('aria-label') ??
      (element as HTMLInputElement).labels?.[0]?.textContent ??
      element.textContent ??
      ''
    const isMarked = (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow !== 'none'
    return { name: name.trim(), isSeen: isMarked && height > 0 && width > 0 }
  })

async function tabs(page: Page, count: number): Promise<Stop[]> {
  const stops: Stop[] = []
  for (let n = 0; n < count; n++) {
    await page.keyboard.press('Tab')
    stops.push(await focused(page))
  }
  return stops
}

/** Tab by Tab to what is called so. */
async function tabTo(page: Page, name: string | RegExp) {
  const seen: string[] = []
  for (let n = 0; n < 60; n++) {
    await page.keyboard.press('Tab')
    const stop = await focused(page)
    seen.push(stop.name)
    if (typeof name === 'string' ? stop.name === name : name.test(stop.name)) return
  }
  throw new Error(`Tab does not come to ${name}: ${seen.join(' | ')}`)
}

test('signed in, a job handed in and judged, by keyboard alone', async ({ page, server }) => {
  await page.goto('/login')
  await tabTo(page, 'Email')
  await page.keyboard.type(ADMIN.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(ADMIN.password)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/jobs$/)
  await page.goto('/jobs/new')
  await tabTo(page, 'Name')
  await page.keyboard.type('Count by keyboard')
  await tabTo(page, 'Description')
  await page.keyboard.type('/stats\none two three')
  await tabTo(page, 'Acceptance criteria')
  await page.keyboard.type('Three words')
  await tabTo(page, 'Hand in job')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  const id = page.url().split('/').pop() as string
  await (await Script.signIn(server)).jobIn(id, 'IN_REVIEW')
  await page.goto(`/jobs/${id}`)
  await tabTo(page, 'Accept result')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('main').locator('header [data-status]').first()).toHaveText('Completed')
})

test('Tab goes through each page from its beginning, and is seen at each stop', async ({ page, server }) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({ name: 'To be judged' })
  await script.jobIn(id, 'IN_REVIEW')
  await signIn(page)
  for (const path of ['/jobs', `/jobs/${id}`, '/jobs/new', '/admin', `/admin/jobs/${id}`]) {
    await page.goto(path)
    const stops = await tabs(page, 12)
    expect(stops.slice(0, 6).map(({ name }) => name)).toEqual([
      'Skip to content',
      'Docket, to your jobs',
      'Jobs',
      'Templates',
      'Admin',
      'Settings',
    ])
    expect(stops.filter(({ isSeen }) => !isSeen)).toEqual([])
  }
  await page.goto(`/admin/jobs/${id}`)
  await tabTo(page, 'Skip to the job')
  await page.keyboard.press('Enter')
  await tabTo(page, /^(Resubmit|Previous to review|Next to review|Reassign)$/)
})

test('a page that is turned begins at its heading, and says what it is called @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({ name: 'Called off', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  await page.getByRole('link', { name: 'Cancel job' }).click()
  await expect(page.getByRole('status').filter({ hasText: 'Cancel Called off' })).toHaveCount(1)
  await page.getByRole('button', { name: 'Cancel job' }).click()
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused()
  await expect(page.getByRole('status').filter({ hasText: 'Called off · Canceled · Docket' })).toHaveCount(1)
  // what had the focus and is still there keeps it
  const jobs = page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Jobs' })
  await jobs.click()
  await expect(page.getByRole('heading', { level: 1, name: 'Jobs' })).toBeVisible()
  await expect(jobs).toBeFocused()
  await page.keyboard.press('c')
  await expect(page.getByLabel('Name')).toBeFocused()
})

test('a page that takes long says that it is on its way @javascript', async ({ page }) => {
  await signIn(page)
  const { release } = await holdBack(page, /templates\.data/)
  await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Templates' }).click()
  await expect(page.locator('.page-coming')).toBeVisible()
  release()
  await expect(page.getByRole('heading', { level: 1, name: 'Templates' })).toBeVisible()
  await expect(page.locator('.page-coming')).toHaveCount(0)
})

test('a cancel is undone: start time and result are as they were, for owner and admin', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({ name: 'For later', runAfter: '2031-01-01T00:00:00Z' })
  await signIn(page)
  const badge = page.getByRole('main').locator('header [data-status]').first()
  const cancelAndUndo = async (address: string) => {
    await page.goto(`${address}/cancel`)
    await page.getByRole('button', { name: 'Cancel job' }).click()
    await expect(badge).toHaveText('Canceled')
    await page.getByRole('button', { name: 'Undo' }).click()
  }
  await cancelAndUndo(`/jobs/${id}`)
  await expect(badge).toHaveText('Pending')
  expect(await script.job(id)).toMatchObject({ status: 'PENDING', runAfter: '2031-01-01T00:00:00.000Z' })

  const { id: judged } = await script.createJob({ name: 'To judge' })
  await script.jobIn(judged, 'IN_REVIEW')
  const { result } = await script.job(judged)
  await cancelAndUndo(`/admin/jobs/${judged}`)
  await expect(badge).toHaveText('In review')
  await expect(page.getByRole('button', { name: 'Accept' })).toBeVisible()
  expect(await script.job(judged)).toMatchObject({ status: 'IN_REVIEW', result, attempts: 1 })
})
