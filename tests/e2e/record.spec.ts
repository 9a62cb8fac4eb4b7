import { Script } from '../support/api'
import { axeViolations } from '../support/axe'
import { expect, signIn, test } from '../support/e2e'
import { ADMIN, type TestServer } from '../support/server'
import { SteeredAgent } from '../support/steered-agent'

/** The record of a job: its timeline, its log narrowed down, payloads as trees, results by what they are. */

test.use({ serverOptions: { admin: true } })

const agents: SteeredAgent[] = []
test.afterAll(() => {
  for (const agent of agents) agent.dispose()
})

/** A job whose agent said and handed in these lines. */
async function handedIn(server: TestServer, ...lines: string[]): Promise<string> {
  const script = await Script.signIn(server)
  const agent = new SteeredAgent()
  agents.push(agent)
  const { id: agentId } = await script.call<{ id: string }>('POST', '/api/admin/agents', {
    ...{ name: `Steered ${crypto.randomUUID().slice(0, 8)}`, kind: 'command' },
    config: agent.config,
  })
  const { id } = await script.createJob({ agentId, name: 'On the record' })
  await script.jobIn(id, 'IN_PROGRESS')
  agent.write(...lines)
  await script.jobIn(id, 'IN_REVIEW')
  return id
}

const result = (value: unknown) => JSON.stringify({ type: 'result', result: value })

test('a result in Markdown is laid out, harmless, and its source is a click away', async ({
  page,
  server,
}) => {
  const id = await handedIn(
    server,
    result('# Findings\n\n- one\n- two\n\n<img src=x onerror=alert(1)>\n\n| a | b |\n|---|---|\n| 1 | 2 |'),
  )
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  await expect(page.getByRole('heading', { name: 'Findings', level: 3 })).toBeVisible()
  await expect(page.getByRole('cell', { name: '2' })).toBeVisible()
  await expect(page.locator('main img')).toHaveCount(0)
  await page.getByText('Source', { exact: true }).click()
  await expect(page.locator('pre').filter({ hasText: '# Findings' }).first()).toBeVisible()
})

test('the log is narrowed by a form, and its attempts are drawn', async ({ page, server }) => {
  const id = await handedIn(server, '{"type":"log","message":"Just saying"}', result('Plain words.'))
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  const log = page.locator('#log')
  await expect(log).toContainText('Just saying')
  await log.getByLabel('Kind').selectOption('changes')
  await log.getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL(/logKind=changes/)
  await expect(log).not.toContainText('Just saying')
  await expect(log.getByRole('listitem')).toHaveCount(3)
  await log.getByRole('link', { name: 'Clear' }).click()
  await expect(log).toContainText('Just saying')
  await page.getByRole('link', { name: 'Attempt 1 in the log' }).click()
  await expect(page).toHaveURL(/logAttempt=1/)
  await page.getByText('As a list').click()
  await expect(page.getByRole('img', { name: /How its time went by/ })).toBeVisible()
  expect((await page.goto(`/jobs/${id}?logKind=nope`))?.status()).toBe(422)
  await expect(page.getByRole('alert')).toContainText('The kind is one of')
})

test('a payload is text without JavaScript, and with it a tree that is searched', async ({
  page,
  server,
  javaScriptEnabled,
}) => {
  const id = await handedIn(
    server,
    '{"type":"custom","big":12345678901234567890123,"password":"hunter2","deep":{"er":{"still":["needle"]}}}',
    result('Done.'),
  )
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  const payload = page
    .locator('details')
    .filter({ hasText: 'Response' })
    .filter({ hasText: 'redacted' })
    .first()
  await payload.locator('summary').click()
  await expect(payload.locator('pre')).toContainText('12345678901234567890123')
  if (javaScriptEnabled === false) return
  await payload.getByRole('button', { name: 'Tree' }).click()
  await expect(payload.getByText('12345678901234567890123')).toBeVisible()
  await payload.getByRole('searchbox').fill('needle')
  await expect(payload.getByText('1 of 1')).toBeVisible()
  await expect(payload.getByText('"needle"')).toBeVisible()
  const file = page.waitForEvent('download')
  await payload.getByRole('link', { name: 'Download as JSON' }).click()
  expect((await file).suggestedFilename()).toMatch(/^docket-.+-response\.json$/)
})

const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

test('an image is shown, out of an address of its own', async ({ page, server }) => {
  const id = await handedIn(server, result({ image: `data:image/png;base64,${dot}`, alt: 'A dot' }))
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  const image = page.getByRole('img', { name: 'A dot' })
  await expect(image).toHaveAttribute('src', /\/result\/image\?v=/)
  await expect.poll(() => image.evaluate((element) => (element as HTMLImageElement).naturalWidth)).toBe(1)
})

test('a tree takes whatever names an agent chose, and a line of it is copied @javascript', async ({
  page,
  server,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const id = await handedIn(
    server,
    '{"type":"result","result":{"q":[{"z":1},[1]],"a":{"isLosslessNumber":true,"toString":"x"},"a b":[2.50]}}',
  )
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  await page.getByRole('button', { name: 'Tree' }).first().click()
  await expect(page.getByText('"isLosslessNumber"', { exact: true })).toBeVisible()
  await page.getByRole('group', { name: '["a b"][0]' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Copied')).toBeVisible()
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('2.50')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('["a b"][0]')
  expect(await axeViolations(page)).toEqual([])
})

test('a result of a megabyte opens as a tree without holding the page up @javascript', async ({
  page,
  server,
}) => {
  const rows = Array.from({ length: 9_000 }, (_, n) => ({
    id: n,
    words: `row ${n} ${'x'.repeat(60)}`,
    list: [n],
  }))
  const id = await handedIn(server, result({ rows, also: [1] }))
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  await page.evaluate(() => {
    const kept = window as typeof window & { longest?: number }
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) kept.longest = Math.max(kept.longest ?? 0, duration)
    }).observe({ type: 'longtask' })
  })
  await page.getByRole('button', { name: 'Tree' }).first().click()
  const tree = page.getByRole('searchbox', { name: 'Search names and values' })
  await tree.fill('row 8999')
  await expect(page.getByText('1 of 1', { exact: true })).toBeVisible()
  const longest = await page.evaluate(() => (window as typeof window & { longest?: number }).longest ?? 0)
  test.info().annotations.push({ type: 'longest task', description: `${Math.round(longest)} ms` })
  await expect(page.getByText('row 8999 xxx', { exact: false }).first()).toBeVisible()
})

test('what was typed and not handed in comes back; a cancel is taken back with one press @javascript', async ({
  page,
}) => {
  await signIn(page)
  await page.goto('/jobs/new')
  await page.getByLabel('Name').fill('Half a thought')
  await page.getByLabel('Description').fill('/stats\none two three')
  // what keeps it is loaded with the form
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...localStorage }))).toContain('one two three')
  await page.reload()
  await expect(page.getByText('is here again')).toBeVisible()
  await expect(page.getByLabel('Name')).toHaveValue('Half a thought')
  // the session ends while somebody writes: signing in leads back to the form
  await page.context().clearCookies()
  await page.getByLabel('Acceptance criteria').fill('It counts')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page).toHaveURL(/\/login\?next=%2Fjobs%2Fnew/)
  await page.getByLabel('Email').fill(ADMIN.email)
  await page.getByLabel('Password').fill(ADMIN.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByLabel('Acceptance criteria')).toHaveValue('It counts')
  await page.getByRole('button', { name: 'Hand in job' }).click()
  await expect(page).toHaveURL(/\/jobs\/[0-9a-z]{26}$/)
  const badge = page.getByRole('main').locator('header [data-status]').first()
  await page.getByRole('link', { name: 'Cancel job' }).click()
  await page.getByRole('button', { name: 'Cancel job' }).click()
  await expect(badge).toHaveText('Canceled')
  await page.getByRole('button', { name: 'Undo' }).click()
  await expect(badge).not.toHaveText('Canceled')
  await page.goto('/jobs/new')
  await expect(page.getByLabel('Name')).toHaveValue('')
})
