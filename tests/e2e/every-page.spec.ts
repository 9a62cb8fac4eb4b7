import type { Page } from '@playwright/test'
import { Script } from '../support/api'
import { axeViolations } from '../support/axe'
import { Client } from '../support/client'
import { expect, signIn, test } from '../support/e2e'
import { ADMIN } from '../support/server'

test.use({ serverOptions: { admin: true } })
/** Each of them walks through dozens of pages, and the workers share them. */
test.describe.configure({ mode: 'parallel', timeout: 240_000 })

const awkward = {
  name: `عنوان بالعربية ${'🦊'.repeat(20)} ${'unbreakable'.repeat(12)}`,
  description: `/stats\n${'x'.repeat(3_000)} שלום <script>alert(1)</script> <img src=x onerror=alert(1)>`,
  acceptanceCriteria: `${'long'.repeat(100)}\n<b>bold</b>`,
}

/** Every page there is, with jobs in the states that look different. */
async function pages(script: Script): Promise<string[]> {
  const done = await script.createJob(awkward)
  const failed = await script.createJob({ description: 'no command' })
  const later = await script.createJob({ runAfter: '2031-01-01T00:00:00Z', priority: 9 })
  // more than a page of the list
  for (let n = 0; n < 24; n++) await script.createJob({ runAfter: '2031-01-01T00:00:00Z' })
  await script.jobIn(done.id, 'IN_REVIEW')
  await script.jobIn(failed.id, 'FAILED')
  const busy = await busyAgent(script)
  const retired = await newAgent(script, { kind: 'toolbox' })
  await script.call('POST', `/api/admin/agents/${retired.id}/retire`, { successorId: busy.id })
  const schedules = await schedulePages(script)
  const backup = await script.call<{ name: string }>('POST', '/api/admin/backups')
  return [
    ...['/jobs', '/jobs?status=FAILED', '/jobs?status=CANCELED', '/jobs/new', '/jobs/new?example=stats'],
    ...[done, failed, later].map(({ id }) => `/jobs/${id}`),
    ...['logKind=errors', 'logKind=message&logAttempt=7', 'logKind=nothing'].map(
      (log) => `/jobs/${failed.id}?${log}`,
    ),
    ...['cancel', 'edit', 'accept'].map((verb) => `/jobs/${later.id}/${verb}`),
    ...['accept', 'send-back', 'resubmit', 'archive', 'answer', 'tags'].map(
      (verb) => `/jobs/${done.id}/${verb}`,
    ),
    ...['', '?status=SLEEPING&owner=ghost', `/${failed.id}?agent=none`].map((at) => `/admin/jobs${at}`),
    ...['edit', 'reassign', 'complete', 'tags'].map((verb) => `/admin/jobs/${later.id}/${verb}`),
    ...[`${done.id}/resubmit`, `${failed.id}/purge`].map((at) => `/admin/jobs/${at}`),
    ...schedules,
    ...(await batchPages(script, [done.id, failed.id, later.id])),
    ...['/jobs?q=stauts:failed', '/jobs?q=-nothing&tag=x', '/views', '/views?scope=own&query=tag%3Dx'],
    ...['/search', '/search?q=unbreakable', '/search?q=stats', '/search?q=status:asleep'],
    ...['/settings', '/settings/preferences', '/settings/password', '/settings/sessions', '/settings/tokens'],
    ...['/settings/two-factor', '/two-factor'],
    ...[
      '/admin',
      '/admin/agents',
      '/admin/agents/new',
      ...['openai', 'command', 'toolbox'].map((kind) => `/admin/agents/new?kind=${kind}`),
      ...[busy, retired].map(({ id }) => `/admin/agents/${id}`),
      ...['pause', 'resume', 'retire', 'test'].map((verb) => `/admin/agents/${busy.id}/${verb}`),
      `/admin/agents/${retired.id}/retire`,
      '/admin/users',
      '/admin/users/invitations',
      `/admin/users/${encodeURIComponent(ADMIN.email)}`,
      `/admin/users/${encodeURIComponent(ADMIN.email)}/tokens`,
      '/admin/audit',
      `/admin/audit?actor=${ADMIN.email}&action=sign-in&from=2020-01-01&subject=x`,
      '/admin/retention',
      '/admin/backups',
      `/admin/backups/${backup.name}`,
    ],
    ...['/no/such/page', '/jobs/none'],
  ]
}

/** Names are the agents' own: one of a kind each. */
const newAgent = (script: Script, input: object) =>
  script.call<{ id: string }>('POST', '/api/admin/agents', {
    name: `${'وكيل'.repeat(4)} ${'unbreakable'.repeat(4)} ${crypto.randomUUID()}`.slice(0, 100),
    description: awkward.description.slice(0, 1500),
    ...input,
  })

/** One that has run and one that is paused, of a template with a variable of each type. */
async function schedulePages(script: Script): Promise<string[]> {
  const types = ['text', 'longtext', 'number', 'date', 'choice', 'boolean']
  const template = await script.call<{ id: string }>('POST', '/api/templates', {
    name: `${'قالب'.repeat(4)} ${crypto.randomUUID()}`,
    job: {
      ...awkward,
      description: `${types.map((type) => `{{a_${type}}}`).join(' ')}\n${awkward.description.slice(0, 2000)}`,
      acceptanceCriteria: awkward.acceptanceCriteria,
    },
    variables: types.map((type) => ({
      ...{ name: `a_${type}`, label: `${type} ${'long'.repeat(20)}`, type, required: false, default: null },
      ...(type === 'choice' && { choices: ['One', 'x'.repeat(60)] }),
    })),
  })
  const add = (input: object) =>
    script.call<{ id: string }>('POST', '/api/schedules', {
      ...{
        name: awkward.name.slice(0, 200),
        templateId: template.id,
        timeZone: 'America/Argentina/Buenos_Aires',
      },
      ...{ values: { a_text: 'unbreakable'.repeat(20) }, ...input },
    })
  const [often, paused] = [await add({ cron: '*/7 9-17 * * 1-5' }), await add({ cron: '@hourly' })]
  await script.call('POST', `/api/schedules/${often.id}/run`, {})
  await script.call('POST', `/api/schedules/${paused.id}/pause`, {})
  return [
    ...[
      '/templates',
      '/templates/new',
      '/templates/new?starter=contacts',
      ...['', '/edit', '/csv', '/remove'].map((at) => `/templates/${template.id}${at}`),
    ],
    ...['/schedules', '/schedules?scope=all', '/schedules/new', `/schedules/new?template=${template.id}`],
    ...['', '/edit', '/pause', '/run', '/remove'].map((at) => `/schedules/${often.id}${at}`),
    ...['', '/resume'].map((at) => `/schedules/${paused.id}${at}`),
  ]
}

/** One that is over, of which some were refused, and a draft of everyone's. */
async function batchPages(script: Script, ids: string[]): Promise<string[]> {
  const { id } = await script.call<{ id: string }>(
    'POST',
    '/api/batches',
    { verb: 'priority', priority: 9, scope: 'all', ids },
    [202],
  )
  const browser = new Client(script.client.origin)
  await browser.postForm('/login', { email: ADMIN.email, password: ADMIN.password })
  const draft = await browser.postForm('/batches/new', { scope: 'all', verb: 'reassign', id: ids })
  return [
    ...['/batches', '/batches?scope=all', '/batches/new?scope=all&query=q%3Dtag%253Ax'],
    ...['', '?show=refused', '/stop', '/retry', '/drop'].map((at) => `/batches/${id}${at}`),
    draft.headers.get('location') ?? '/batches/none',
  ]
}

async function busyAgent(script: Script) {
  const argv = ['node', '-e', 'setInterval(() => {}, 1000)']
  const agent = await newAgent(script, { kind: 'command', config: { argv } })
  const running = await script.createJob({ ...awkward, agentId: agent.id })
  await script.jobIn(running.id, 'IN_PROGRESS')
  await script.createJob({ agentId: agent.id })
  return agent
}

/** What the browser complains about: scripts that fail, hydration that differs, the policy that was broken. */
function complaints(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(`${page.url()}: ${error.message}`))
  page.on('console', (message) => {
    // a page that is not there, or a filter that is refused, is told so by its status, which the browser repeats
    const isStatus = /Failed to load resource: the server responded with a status of (?:404|422)/.test(
      message.text(),
    )
    if (['error', 'warning'].includes(message.type()) && !isStatus)
      heard.push(`${page.url()}: ${message.text()}`)
  })
  return heard
}

/** In a theme, once nothing of the other one fades away any more. */
async function inTheme(page: Page, colorScheme: 'light' | 'dark') {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
  await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))
    await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  })
}

/** In both themes; in the dark only the colours are others. */
async function problems(page: Page): Promise<string[]> {
  await inTheme(page, 'light')
  const light = await axeViolations(page)
  await inTheme(page, 'dark')
  return [...light, ...(await axeViolations(page, 'color-contrast'))]
}

/** What every page has: a title, one main part, one heading of the first level, and room on a small phone. */
async function oddities(page: Page): Promise<string[]> {
  const title = await page.title()
  const [mains, headings] = [await page.getByRole('main').count(), await page.locator('h1').count()]
  const desk = page.viewportSize() ?? { width: 1280, height: 720 }
  await page.setViewportSize({ width: 320, height: 700 })
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  await page.setViewportSize(desk)
  const isOdd = title === '' || mains !== 1 || headings !== 1 || width > 320
  return isOdd ? [`${page.url()}: "${title}" ${mains} main, ${headings} h1, ${width} wide`] : []
}

/** In parts, which the workers share between them. */
const axeParts = 2
for (let part = 0; part < axeParts; part++) {
  test(`every page has a title and fits a small phone, and axe finds nothing, light or dark, part ${part + 1} @javascript`, async ({
    page,
    server,
  }) => {
    const heard = complaints(page)
    const isMine = (_: string, at: number) => at % axeParts === part
    const found: string[] = []
    for (const path of ['/login', '/signup', '/setup', '/password?token=none', '/invite?token=none'].filter(
      isMine,
    )) {
      await page.goto(path)
      found.push(...(await problems(page)))
    }
    await signIn(page)
    for (const path of (await pages(await Script.signIn(server))).filter(isMine)) {
      await page.goto(path)
      found.push(...(await oddities(page)), ...(await problems(page)))
    }
    expect(found).toEqual([])
    expect(heard).toEqual([])
  })
}

test('axe finds nothing with forced colors, nor with more contrast @javascript', async ({ page, server }) => {
  const script = await Script.signIn(server)
  const [done, failed] = [
    await script.createJob(awkward),
    await script.createJob({ description: 'no command' }),
  ]
  await script.jobIn(done.id, 'IN_REVIEW')
  await script.jobIn(failed.id, 'FAILED')
  await signIn(page)
  const isActive = (query: string) => page.evaluate((asked) => matchMedia(asked).matches, query)
  const found: string[] = []
  for (const path of ['/jobs', '/jobs/new', '/admin', ...[done, failed].map(({ id }) => `/jobs/${id}`)]) {
    await page.goto(path)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ forcedColors: 'active', contrast: 'no-preference' })
      await inTheme(page, colorScheme)
      expect(await isActive('(forced-colors: active)')).toBe(true)
      found.push(...(await axeViolations(page, 'color-contrast')))
      await page.emulateMedia({ forcedColors: 'none', contrast: 'more' })
      await inTheme(page, colorScheme)
      expect(await isActive('(prefers-contrast: more)')).toBe(true)
      found.push(...(await axeViolations(page, 'color-contrast-enhanced')))
    }
  }
  expect(found).toEqual([])
})

test('what a job says is shown as text, never run', async ({ page, server }) => {
  const script = await Script.signIn(server)
  const { id } = await script.createJob(awkward)
  await script.jobIn(id, 'IN_REVIEW')
  await signIn(page)
  await page.goto(`/jobs/${id}`)
  await expect(page.getByText('<script>alert(1)</script>').first()).toBeVisible()
  await expect(page.locator('main script, main img')).toHaveCount(0)
})
