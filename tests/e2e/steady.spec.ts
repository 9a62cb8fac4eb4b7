import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { Client } from '../support/client'
import { expect, signIn, test } from '../support/e2e'
import { ADMIN } from '../support/server'

// the preferences offer a zone that is not the saved one, once the script knows it
test.use({ serverOptions: { admin: true }, timezoneId: 'Asia/Kolkata' })

type Shift = PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node: Node | null }[] }
type Measured = Window & { shifts: string[]; shifted: number }

/** Counts from a page's first moment on how far things move that nobody moved (Layout Instability, W3C). */
const measureShifts = (page: Page) =>
  page.addInitScript(() => {
    const own = window as unknown as Measured
    own.shifted = 0
    own.shifts = []
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput, sources } of list.getEntries() as Shift[]) {
        if (hadRecentInput) continue
        own.shifted += value
        own.shifts.push(...sources.map(({ node }) => `${node?.nodeName} ${node?.textContent?.slice(0, 60)}`))
      }
    }).observe({ type: 'layout-shift', buffered: true })
  })

/** A list, a job with a result, a form, a job at the desk with a verb's panel, the overview, the preferences. */
async function pages(script: Script): Promise<string[]> {
  const { id } = await script.createJob({ description: '/stats\none two three' })
  await script.jobIn(id, 'IN_REVIEW')
  const later = await script.createJob({ runAfter: '2031-01-01T00:00:00Z', tags: ['later'] })
  return [
    ...['/jobs', `/jobs/${id}`, '/jobs/new', `/admin/jobs/${id}`, `/admin/jobs/${later.id}/complete`],
    ...['/admin', '/settings/preferences'],
  ]
}

for (const width of [1440, 768, 320]) {
  test(`nothing moves by itself on a page, ${width} px wide @javascript`, async ({ page, server }) => {
    await page.setViewportSize({ width, height: 900 })
    await measureShifts(page)
    await signIn(page)
    for (const path of await pages(await Script.signIn(server))) {
      // the page is alive, and what comes after that has come
      await page.goto(path, { waitUntil: 'networkidle' })
      const { shifted, shifts } = await page.evaluate(() => {
        const { shifted, shifts } = window as unknown as Measured
        return { shifted, shifts }
      })
      expect(shifted, `${path}: ${shifts.join(' | ')}`).toBeLessThanOrEqual(0.001)
    }
  })
}

test('a page begins at its top, however low the window is', async ({ page, server }) => {
  await signIn(page)
  const paths = [...(await pages(await Script.signIn(server))), '/jobs?status=CANCELED', '/admin/jobs']
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 320 })
    for (const path of paths) {
      await page.goto(path)
      expect(await page.evaluate(() => window.scrollY), `${path} at ${width}`).toBe(0)
    }
  }
})

test('the labels of a navigation stay where they are from page to page, all of them in view', async ({
  page,
}) => {
  await signIn(page)
  const places = [
    { label: 'Places', paths: ['/jobs', '/templates', '/admin', '/settings'], from: 768 },
    { label: 'Admin', paths: ['/admin', '/admin/jobs', '/admin/agents', '/admin/backups'], from: 320 },
    { label: 'Settings', paths: ['/settings', '/settings/password', '/settings/tokens'], from: 320 },
    { label: 'Templates and schedules', paths: ['/templates', '/schedules'], from: 320 },
    {
      label: 'Kind of agent',
      paths: ['openai', 'toolbox'].map((kind) => `/admin/agents/new?kind=${kind}`),
      from: 320,
    },
  ]
  for (const { label, paths, from } of places) {
    for (const width of [320, 390, 1440].filter((each) => each >= from)) {
      await page.setViewportSize({ width, height: 900 })
      const seen = new Set<string>()
      for (const path of paths) {
        await page.goto(path)
        const links = page.getByRole('navigation', { name: label, exact: true }).getByRole('link')
        await expect(links.first()).toBeVisible()
        const boxes = await links.evaluateAll((all) => all.map((each) => each.getBoundingClientRect()))
        expect(Math.max(...boxes.map(({ right }) => right)), `${path} at ${width}`).toBeLessThanOrEqual(width)
        seen.add(boxes.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' '))
      }
      expect([...seen], `${label} at ${width}`).toHaveLength(1)
    }
  }
})

test('a draft comes back without moving what is read or pressed @javascript', async ({ page }) => {
  await measureShifts(page)
  await signIn(page)
  await page.goto('/jobs/new')
  await page.getByLabel('Name').fill('Half a job')
  await expect(async () => {
    await page.goto('/jobs/new')
    await expect(page.getByText('is here again')).toBeVisible({ timeout: 1_000 })
  }).toPass()
  expect(await page.evaluate(() => (window as unknown as Measured).shifted)).toBeLessThanOrEqual(0.001)
})

test('a page asks nobody but Docket, and what has a hash in its name is kept for a year', async ({
  page,
  server,
}) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  const kept: string[] = []
  page.on('response', (response) => {
    const { pathname } = new URL(response.url())
    if (!pathname.startsWith('/assets/')) return
    const rule = response.headers()['cache-control'] ?? 'none'
    if (rule !== 'public, max-age=31536000, immutable') kept.push(`${pathname}: ${rule}`)
  })
  await signIn(page)
  for (const path of await pages(await Script.signIn(server))) await page.goto(path)
  expect(asked.some((url) => /\/assets\/.*\.woff2$/.test(url))).toBe(true)
  const elsewhere = asked.filter((url) => !url.startsWith(`${server.origin}/`) && !url.startsWith('data:'))
  expect(elsewhere).toEqual([])
  expect(kept).toEqual([])
})

test('pages, styles and scripts come compressed', async ({ server }) => {
  const client = new Client(server.origin)
  await client.postForm('/login', { email: ADMIN.email, password: ADMIN.password })
  const jobs = await client.get('/jobs', { headers: { 'Accept-Encoding': 'gzip' } })
  const html = await jobs.text()
  const files = [...html.matchAll(/(?:href|src)="(\/assets\/[^"]+\.(?:css|js))"/g)].map(
    ([, file]) => file ?? '',
  )
  expect(files.some((file) => file.endsWith('.css')) && files.some((file) => file.endsWith('.js'))).toBe(true)
  expect(jobs.headers.get('content-encoding')).toBe('gzip')
  for (const file of files) {
    const { headers } = await client.get(file, { headers: { 'Accept-Encoding': 'gzip' } })
    // what is smaller than a packet is not worth it
    if (Number(headers.get('content-length') ?? Number.POSITIVE_INFINITY) < 1024) continue
    expect(headers.get('content-encoding'), file).toBe('gzip')
  }
})
