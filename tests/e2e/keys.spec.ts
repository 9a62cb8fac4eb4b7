import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { axeViolations } from '../support/axe'
import { expect, signIn, test } from '../support/e2e'
import { holdBack } from '../support/holding'
import type { TestServer } from '../support/server'

/** The keyboard in a browser: what keys do, and where they do nothing. */

test.use({ serverOptions: { admin: true } })

/** Signed in, at an address, with the page's JavaScript at work. */
async function open(page: Page, path: string) {
  await signIn(page)
  await turnTo(page, path)
}

async function turnTo(page: Page, path: string) {
  await page.goto(path)
  await expect(page.getByRole('link', { name: 'New job' })).toHaveAttribute('aria-keyshortcuts', 'c')
}

let staged: Promise<void> | undefined
const stage = (server: TestServer) => {
  staged ??= setUp(server)
  return staged
}

const reviewed = ['First to judge', 'Second to judge', 'Third to judge']
/** Five that wait, and three under review. */
async function setUp(server: TestServer) {
  const script = await Script.signIn(server)
  for (const name of reviewed) {
    const { id } = await script.createJob({ name })
    await script.jobIn(id, 'IN_REVIEW')
  }
  for (let n = 1; n <= 5; n++)
    await script.createJob({ name: `Row ${n}`, tags: ['rows'], runAfter: '2031-01-01T00:00:00Z' })
}

const row = (page: Page, name: string) => page.getByRole('table').getByRole('link', { name })
const palette = (page: Page) => page.getByRole('combobox', { name: 'Find jobs, agents and actions' })
const openPalette = async (page: Page) => {
  await page.keyboard.press('Control+k')
  await expect(palette(page)).toBeFocused()
}
const chosen = (page: Page) => page.getByRole('dialog').getByRole('option', { selected: true })

test('j and k move, x ticks, Enter opens, Esc clears @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs?tag=rows')
  await page.keyboard.press('j')
  await expect(row(page, 'Row 5')).toBeFocused()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await expect(row(page, 'Row 3')).toBeFocused()
  await page.keyboard.press('k')
  await expect(row(page, 'Row 4')).toBeFocused()
  await page.keyboard.press('x')
  await expect(page.getByRole('checkbox', { name: 'Select Row 4' })).toBeChecked()
  await expect(page.getByRole('status').filter({ hasText: '1 selected' })).toBeVisible()
  await expect(row(page, 'Row 4')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('checkbox', { name: 'Select Row 4' })).not.toBeChecked()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Row 4' })).toBeVisible()
  // back in the list it goes on from there
  await page.goBack()
  await expect(row(page, 'Row 4')).toBeVisible()
  await page.keyboard.press('j')
  await expect(row(page, 'Row 3')).toBeFocused()
})

test('/ searches, and what is typed there is text @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs')
  await page.keyboard.press('/')
  const box = page.getByRole('searchbox')
  await expect(box).toBeFocused()
  await page.keyboard.type('jkxcr?/')
  await expect(box).toHaveValue('jkxcr?/')
  await expect(page).toHaveURL(/\/jobs$/)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(box).toHaveValue('')
  await page.keyboard.press('Escape')
  await page.keyboard.press('j')
  await expect(row(page, 'Row 5')).toBeFocused()
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/jobs\/new$/)
})

test('r asks before it resubmits, from a row and on the job’s page @javascript', async ({ page, server }) => {
  await stage(server)
  const script = await Script.signIn(server)
  const { id } = await script.createJob({
    name: 'Once more',
    review: 'none',
    tags: ['again'],
    runAfter: '2031-01-01T00:00:00Z',
  })
  const open_ = await script.createJob({ name: 'Not yet', tags: ['again'], runAfter: '2031-01-01T00:00:00Z' })
  await script.call('POST', `/api/jobs/${id}/cancel`, {})
  await open(page, '/jobs?tag=again')
  await page.keyboard.press('j')
  await expect(row(page, 'Not yet')).toBeFocused()
  await page.keyboard.press('r')
  await page.keyboard.press('j')
  await expect(row(page, 'Once more')).toBeFocused()
  await page.keyboard.press('r')
  await expect(page).toHaveURL(`/jobs/${id}/resubmit`)
  await expect(
    page.getByRole('region').or(page.locator('form#resubmit')).getByRole('button', { name: 'Resubmit' }),
  ).toBeFocused()
  expect((await script.job(id)).status).toBe('CANCELED')

  await turnTo(page, `/jobs/${id}`)
  await expect(page.getByRole('button', { name: 'Resubmit' })).toHaveAttribute('title', 'Resubmit (r)')
  await page.keyboard.press('r')
  await expect(page.locator('form#resubmit').getByRole('button', { name: 'Resubmit' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/jobs/${id}`)
  await script.jobIn(id, 'PENDING', 'IN_PROGRESS', 'COMPLETED')
  expect((await script.job(open_.id)).version).toBe(1)
})

test('review by keys: from the list through all of them @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs')
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await expect(page).toHaveURL(/\/jobs\?status=IN_REVIEW$/)
  await expect(row(page, 'Third to judge')).toBeVisible()
  await page.keyboard.press('j')
  await expect(row(page, 'Third to judge')).toBeFocused()
  await page.keyboard.press('Enter')
  const title = (name: string) => page.getByRole('heading', { level: 1, name })
  await expect(title('Third to judge')).toBeVisible()
  await page.keyboard.press('a')
  const accept = page.getByRole('button', { name: 'Accept result' })
  await expect(accept).toBeFocused()
  await expect(accept).toBeInViewport()
  await page.keyboard.press('Enter')
  await expect(accept).toHaveCount(0)
  await page.keyboard.press('n')
  await expect(title('Second to judge')).toBeVisible()
  await page.keyboard.press('n')
  await expect(title('First to judge')).toBeVisible()
  await page.keyboard.press('p')
  await expect(title('Second to judge')).toBeVisible()
  await page.keyboard.press('s')
  const feedback = page.getByRole('textbox', { name: 'What is missing or wrong' })
  await expect(feedback).toBeFocused()
  await page.keyboard.type('name the sum')
  await expect(feedback).toHaveValue('name the sum')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.locator('#log').getByText('Sent back: name the sum').first()).toBeVisible()
})

test('a page that is read again stays where one has scrolled meanwhile @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const description = Array.from({ length: 150 }, (_, n) => `Line ${n}`).join('\n')
  const { id, version } = await script.createJob({
    ...{ name: 'Long to read', description, tags: ['long'], runAfter: '2031-01-01T00:00:00Z' },
  })
  await open(page, '/jobs?tag=long')
  await row(page, 'Long to read').click()
  await expect(page.getByText('Line 149')).toBeVisible()
  const { asked, release } = await holdBack(page, /\.data/)
  await page.evaluate(() => window.scrollTo(0, 300))
  await script.call('POST', `/api/jobs/${id}/tags`, { tags: ['long', 'changed'], version })
  await asked
  await page.evaluate(() => window.scrollTo(0, 700))
  release()
  await expect(page.getByRole('link', { name: 'changed' })).toHaveCount(1)
  expect(await page.evaluate(() => window.scrollY)).toBe(700)
})

test('? shows the keys, and so does the menu @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs')
  await page.keyboard.press('?')
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await expect(sheet.getByText('Next row')).toBeVisible()
  // behind it nothing moves
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/jobs$/)
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await page.getByRole('banner').locator('summary').first().click()
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).first().click()
  await expect(sheet).toBeVisible()
  await sheet.getByRole('link', { name: 'settings' }).click()
  await expect(page).toHaveURL(/\/settings/)
  await expect(sheet).toHaveCount(0)
})

test('the palette: actions, jobs, agents, recent ones, by keys alone @javascript', async ({
  page,
  server,
}) => {
  await stage(server)
  const script = await Script.signIn(server)
  const { id } = await script.createJob({ name: 'Quarterly zebra report', runAfter: '2031-01-01T00:00:00Z' })
  await open(page, '/jobs')
  await openPalette(page)
  await page.keyboard.type('sched')
  await expect(chosen(page)).toHaveText(/Schedules/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/schedules$/)

  // while one types, too
  await turnTo(page, '/jobs/new')
  await page.getByLabel('Name', { exact: true }).focus()
  await openPalette(page)
  await page.keyboard.type('zebra')
  await expect(chosen(page)).toHaveText(/Quarterly zebra report/)
  await expect(page.getByRole('dialog').getByRole('status')).toHaveText('2 results')
  await page.keyboard.press('ArrowUp')
  await expect(chosen(page)).toHaveText(/All that is found for “zebra”/)
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/jobs/${id}`)

  // on its page, what can be done to it; no key has done anything
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Quarterly zebra report')
  await openPalette(page)
  await page.keyboard.type('cancel this')
  await expect(chosen(page)).toHaveText(/Cancel this job/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(`/jobs/${id}/cancel`)
  await expect(page.getByRole('button', { name: 'Cancel job' })).toBeFocused()

  await openPalette(page)
  await expect(page.getByRole('group', { name: 'Recent' }).getByRole('option').first()).toHaveText(
    'Quarterly zebra report',
  )
  await page.keyboard.type('toolb')
  await expect(chosen(page)).toHaveText(/Toolbox/)
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/admin\/agents\//)
  await openPalette(page)
  await page.keyboard.type(id)
  await expect(chosen(page)).toHaveText(/Quarterly zebra report/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

test('at the desk the keys go on in the list beside the job, and in other lists @javascript', async ({
  page,
  server,
}) => {
  await stage(server)
  await open(page, '/admin/jobs?tag=rows')
  await page.keyboard.press('j')
  await expect(row(page, 'Row 5')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Row 5' })).toBeVisible()
  const pane = page.getByRole('navigation', { name: 'All jobs' })
  await page.keyboard.press('j')
  await expect(pane.getByRole('link', { name: 'Row 4' })).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Row 4' })).toBeVisible()
  await page.keyboard.press('g')
  await page.keyboard.press('a')
  await expect(page).toHaveURL(/\/admin$/)
  await turnTo(page, '/admin/agents')
  await page.keyboard.press('j')
  await expect(page.locator('a[data-row]').first()).toBeFocused()
})

test('palette and sheet are accessible, fit a phone, and follow each other @javascript', async ({
  page,
  server,
}) => {
  await stage(server)
  await open(page, '/jobs')
  const width = () => page.evaluate(() => document.documentElement.scrollWidth)
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize(
      colorScheme === 'dark' ? { width: 320, height: 700 } : { width: 1440, height: 900 },
    )
    await page.keyboard.press('?')
    const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await expect(sheet).toBeVisible()
    expect(await axeViolations(page)).toEqual([])
    await page.keyboard.press('Escape')
    await openPalette(page)
    await palette(page).fill('judge')
    await expect(page.getByRole('group', { name: 'Jobs' }).getByRole('option')).toHaveCount(3)
    expect(await axeViolations(page)).toEqual([])
    expect(await width()).toBeLessThanOrEqual(colorScheme === 'dark' ? 320 : 1440)
    await page.keyboard.press('Control+k')
    await expect(page.getByRole('dialog')).toHaveCount(0)
  }
})

const pageData = /\.data(\?|$)/
const title = (page: Page, name: string) => page.getByRole('heading', { level: 1, name })
const feedback = (page: Page) => page.getByRole('textbox', { name: 'What is missing or wrong' })

/** The newest to review, the last of them first. */
async function toReview(server: TestServer, ...names: string[]) {
  const script = await Script.signIn(server)
  const ids: string[] = []
  for (const name of names) {
    const { id } = await script.createJob({ name })
    await script.jobIn(id, 'IN_REVIEW')
    ids.unshift(id)
  }
  return { script, ids }
}

test('a key pressed while the next page comes accepts nothing on the one that is left @javascript', async ({
  page,
  server,
}) => {
  const { script, ids } = await toReview(server, 'To accept', 'To skip')
  await open(page, `/jobs/${ids[0]}`)
  const { asked, release } = await holdBack(page, pageData)
  await page.keyboard.press('n')
  await asked
  await page.keyboard.press('a')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('button', { name: 'Accept result' })).not.toBeFocused()
  release()
  await expect(title(page, 'To accept')).toBeVisible()
  await script.jobIn(ids[1] as string, 'COMPLETED')
  expect((await script.job(ids[0] as string)).status).toBe('IN_REVIEW')
})

test('each of several keys waits for the page that the one before leads to @javascript', async ({
  page,
  server,
}) => {
  const { script, ids } = await toReview(server, 'Third on', 'Second on', 'First on')
  await open(page, `/jobs/${ids[0]}`)
  const { asked, release } = await holdBack(page, pageData)
  await page.keyboard.press('n')
  await asked
  await page.keyboard.press('n')
  await page.keyboard.press('s')
  await page.keyboard.type('no sum, nastily')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  release()
  await expect(title(page, 'Third on')).toBeVisible()
  await expect(page.locator('#log').getByText('Sent back: no sum, nastil').first()).toBeVisible()
  for (const id of ids.slice(0, 2)) expect((await script.job(id)).status).toBe('IN_REVIEW')
})

test('rows are moved to and opened in the list that was gone to @javascript', async ({ page, server }) => {
  const { script } = await toReview(server, 'In the list gone to')
  await script.createJob({ name: 'In the list left', runAfter: '2031-01-01T00:00:00Z' })
  await open(page, '/jobs')
  const { asked, release } = await holdBack(page, pageData)
  await page.keyboard.press('g')
  await page.keyboard.press('r')
  await asked
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await expect(row(page, 'In the list left')).not.toBeFocused()
  release()
  await expect(title(page, 'In the list gone to')).toBeVisible()
})

test('Enter after r resubmits, and opens no row @javascript', async ({ page, server }) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob({
    ...{ name: 'At once again', review: 'none', runAfter: '2031-01-01T00:00:00Z' },
  })
  await script.call('POST', `/api/jobs/${id}/cancel`, {})
  await open(page, '/jobs')
  await page.keyboard.press('j')
  await expect(row(page, 'At once again').first()).toBeFocused()
  const { asked, release } = await holdBack(page, pageData)
  await page.keyboard.press('r')
  await asked
  await page.keyboard.press('Enter')
  release()
  await expect(page).toHaveURL(`/jobs/${id}`)
  await script.jobIn(id, 'PENDING', 'IN_PROGRESS', 'COMPLETED')
})

test('who clicks a link and goes on typing keeps the text; a click forgets held keys @javascript', async ({
  page,
  server,
}) => {
  await stage(server)
  await open(page, '/jobs?tag=rows')
  const code = await holdBack(page, /follow-keys/)
  const { asked, release } = await holdBack(page, pageData)
  await row(page, 'Row 5').click()
  await asked
  await page.keyboard.press('c')
  const box = page.getByRole('searchbox')
  await box.click()
  await page.keyboard.type('can jot')
  await expect(box).toHaveValue('can jot')
  code.release()
  release()
  await expect(title(page, 'Row 5')).toBeVisible()
  await page.keyboard.press('?')
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible()
  await expect(title(page, 'Row 5')).toBeVisible()
})

test('what is typed before the keys’ code has come is text where it is meant to be @javascript', async ({
  page,
  server,
}) => {
  const { ids } = await toReview(server, 'Typed early')
  await open(page, `/jobs/${ids[0]}`)
  const { release } = await holdBack(page, /follow-keys/)
  await page.keyboard.press('s')
  await page.keyboard.type('total is wrong')
  release()
  await expect(feedback(page)).toHaveValue('total is wrong')
  await expect(title(page, 'Typed early')).toBeVisible()
})

test('a search can be typed before the keys’ code has come @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs')
  const { release } = await holdBack(page, /follow-keys/)
  await page.keyboard.press('/')
  await page.keyboard.type('car')
  release()
  await expect(page.getByRole('searchbox')).toHaveValue('car')
  await expect(page).toHaveURL(/\/jobs$/)
})

for (const late of [/follow-keys/, /KeyDialog/])
  test(`the palette begins with what was typed while it came, ${late.source} late @javascript`, async ({
    page,
    server,
  }) => {
    await stage(server)
    await open(page, '/jobs')
    if (late.source === 'KeyDialog') await page.keyboard.press('j')
    const { release } = await holdBack(page, late)
    await page.keyboard.press('Control+k')
    await page.keyboard.type('new jo')
    release()
    await expect(palette(page)).toHaveValue('new jo')
    await page.keyboard.press('Escape')
    await turnTo(page, '/jobs')
    await page.keyboard.press('Control+k')
    await page.keyboard.type('sched')
    await page.keyboard.press('Enter')
    await expect(page).toHaveURL(/\/schedules$/)
  })

test('the palette’s Enter waits for what is found for the text that is there @javascript', async ({
  page,
  server,
}) => {
  const script = await Script.signIn(server)
  const mark = `zz${Date.now().toString(36)}`
  const later = { runAfter: '2031-01-01T00:00:00Z' }
  await script.createJob({ name: `${mark}one`, ...later })
  const { id } = await script.createJob({ name: `${mark}two`, ...later })
  await open(page, '/jobs')
  await openPalette(page)
  await page.keyboard.type(`${mark}one`)
  await expect(chosen(page)).toHaveText(new RegExp(`^${mark}one`))
  const { asked, release } = await holdBack(page, /\/api\/search/)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(`${mark}two`)
  await page.keyboard.press('Enter')
  await asked
  await expect(page).toHaveURL(/\/jobs$/)
  await expect(chosen(page)).toHaveText(new RegExp(`^${mark}one`))
  release()
  await expect(page).toHaveURL(`/jobs/${id}`)
})

test('the palette says what is wrong @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs')
  await page.getByRole('link', { name: 'Search', exact: true }).click()
  await expect(palette(page)).toBeFocused()
  await page.keyboard.type('stauts:failed')
  await expect(page.getByRole('alert')).toContainText('Did you mean “status:”?')
  await page.context().setOffline(true)
  await palette(page).fill('zebra')
  await expect(page.getByRole('alert')).toContainText('can’t be reached')
  await page.context().setOffline(false)
  await page.context().clearCookies()
  await palette(page).fill('row')
  await expect(page.getByRole('alert')).toContainText('signed out')
})

test('recent jobs are forgotten on the way out @javascript', async ({ page, server }) => {
  await stage(server)
  await open(page, '/jobs?tag=rows')
  await page.keyboard.press('j')
  await expect(row(page, 'Row 5')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { level: 1, name: 'Row 5' })).toBeVisible()
  const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('recent')))
  await expect.poll(kept).toHaveLength(1)
  await page.getByRole('banner').locator('summary').first().click()
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await expect(page).toHaveURL(/\/login/)
  await expect.poll(kept).toEqual([])
})

test('the page of a search finds the same', async ({ page, server }) => {
  await stage(server)
  await signIn(page)
  await page.goto('/search')
  await page.getByRole('searchbox').fill('row 4')
  await page.getByRole('button', { name: 'Search' }).click()
  await expect(page).toHaveURL('/search?q=row+4')
  await page.getByRole('main').getByRole('link', { name: 'Row 4' }).click()
  await expect(page.getByRole('heading', { level: 1, name: 'Row 4' })).toBeVisible()
  await page.goto('/search?q=toolbox')
  await expect(page.getByRole('main').getByRole('link', { name: 'Toolbox' })).toBeVisible()
  await page.goto('/search?q=status:asleep')
  await expect(page.getByRole('alert')).toContainText('asleep')
  await page.goto('/search?q=nosuchword')
  await expect(page.getByText('Nothing is found')).toBeVisible()
})

test('without JavaScript nothing speaks of keys, and the header’s search is a link @no-javascript', async ({
  page,
  server,
}) => {
  await stage(server)
  await signIn(page)
  expect(await page.locator('[aria-keyshortcuts]').count()).toBe(0)
  expect(await page.locator('kbd').count()).toBe(0)
  await page.getByRole('link', { name: 'Search', exact: true }).click()
  await expect(page).toHaveURL(/\/search$/)
})
