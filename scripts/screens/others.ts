import type { Browser, Page } from '@playwright/test'
import { Script } from '../../tests/support/api'
import { startServer } from '../../tests/support/server'
import { photograph, type Session } from './camera'
import { atDemoDesk, type DemoDesk } from './demo-desk'

/** Every other page: the ways in, each verb's own page, settings, and what is said where there is nothing to show. */
export async function photographOthers(browser: Browser): Promise<void> {
  await photographWaysIn(browser)
  await atDemoDesk(browser, async (desk) => {
    const places = { ...(await jobPages(desk)), ...(await againAndAgain(desk)), ...(await adminPages(desk)) }
    for (const [name, path] of Object.entries({ ...places, ...settings, ...nothing }))
      await take(browser, name, (page) => page.goto(desk.server.origin + path), desk.session)
    await take(browser, 'job-print', printed(desk), desk.session, ['light'])
  })
}

const take = (
  browser: Browser,
  name: string,
  go: (page: Page) => Promise<unknown>,
  session?: Session,
  only = ['light', 'dark', '320'],
) => photograph(browser, name, go, session, { only })

async function photographWaysIn(browser: Browser): Promise<void> {
  const server = await startServer({ admin: true, env: { SIGNUP: 'open' } })
  try {
    const script = await Script.signIn(server)
    const invitation = await script.call<{ link: string }>('POST', '/api/admin/invitations', {
      email: 'ben@example.com',
    })
    const account = encodeURIComponent('admin@example.com')
    const reset = await script.call<{ link: string }>(
      'POST',
      `/api/admin/users/${account}/reset-password`,
      {},
    )
    const places: Record<string, string> = {
      login: '/login',
      'login-ended': '/login?next=%2Fjobs%2Fnew',
      signup: '/signup',
      invite: pathOf(invitation.link),
      password: pathOf(reset.link),
      'password-void': '/password?token=none',
    }
    for (const [name, path] of Object.entries(places))
      await take(browser, name, (page) => page.goto(server.origin + path))
    // nobody has handed in a job there
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${server.origin}/signup`)
    await page.getByLabel('Name').fill('Ben Ali')
    await page.getByLabel('Email').fill('ben.ali@example.com')
    await page.getByLabel('Password', { exact: true }).fill('a long enough phrase')
    await page.getByLabel('Password, once more').fill('a long enough phrase')
    await page
      .getByRole('button', { name: 'Make the account' })
      .or(page.getByRole('button', { name: 'Sign up' }))
      .click()
    await page.waitForURL('**/jobs')
    const session = await context.storageState()
    await context.close()
    await take(browser, 'list-empty', (each) => each.goto(`${server.origin}/jobs`), session)
  } finally {
    await server.dispose()
  }
}

const pathOf = (link: string) => {
  const { pathname, search } = new URL(link)
  return pathname + search
}

/** Of the demo's month, the first job of a status. */
async function firstJob({ script }: DemoDesk, status: string): Promise<string> {
  const { data } = await script.call<{ data: { id: string }[] }>(
    'GET',
    `/api/admin/jobs?status=${status}&limit=1`,
  )
  if (!data[0]) throw new Error(`The demo has no job that is ${status}.`)
  return data[0].id
}

async function jobPages(desk: DemoDesk): Promise<Record<string, string>> {
  const [reviewed, waiting, failed] = [
    await firstJob(desk, 'IN_REVIEW'),
    await firstJob(desk, 'ASSIGNED'),
    await firstJob(desk, 'FAILED'),
  ]
  const asking = await firstJob(desk, 'INPUT_REQUIRED')
  return {
    'job-new': '/jobs/new',
    'job-failed': `/jobs/${failed}`,
    'job-asks': `/jobs/${asking}`,
    'job-edit': `/jobs/${waiting}/edit`,
    'job-cancel': `/jobs/${waiting}/cancel`,
    'job-accept': `/jobs/${reviewed}/accept`,
    'job-send-back': `/jobs/${reviewed}/send-back`,
    'job-answer': `/jobs/${asking}/answer`,
    'job-resubmit': `/jobs/${failed}/resubmit`,
    'job-archive': `/jobs/${failed}/archive`,
    'job-tags': `/jobs/${waiting}/tags`,
    'job-log-errors': `/jobs/${failed}?logKind=errors#log`,
    'admin-edit': `/admin/jobs/${waiting}/edit`,
    'admin-resubmit': `/admin/jobs/${reviewed}/resubmit`,
    'admin-cancel': `/admin/jobs/${waiting}/cancel`,
    'admin-accept': `/admin/jobs/${reviewed}/accept`,
    'admin-send-back': `/admin/jobs/${reviewed}/send-back`,
    'admin-answer': `/admin/jobs/${asking}/answer`,
    'admin-archive': `/admin/jobs/${failed}/archive`,
    'admin-tags': `/admin/jobs/${waiting}/tags`,
    'admin-purge': `/admin/jobs/${failed}/purge`,
  }
}

interface Made {
  id: string
}

/** What is asked for again and again, and what is done to many. */
async function againAndAgain({ script }: DemoDesk): Promise<Record<string, string>> {
  const template = await script.call<Made>('POST', '/api/templates', {
    name: 'Weekly stock list',
    description: 'Counts what is there against what is booked.',
    job: { name: 'Check {{list}}', description: '/csv\n{{rows}}', acceptanceCriteria: 'Each row is checked' },
    variables: [
      { name: 'list', label: 'Which list', type: 'text', required: true, default: null },
      { name: 'rows', label: 'The rows', type: 'longtext', required: true, default: null },
    ],
  })
  const { id: schedule } = await script.call<Made>('POST', '/api/schedules', {
    ...{ name: 'Stock, on Mondays', templateId: template.id, cron: '0 7 * * 1', timeZone: 'Europe/Berlin' },
    values: { list: 'the stock', rows: 'a,b\n1,2' },
  })
  const { id: batch } = await script.call<Made>(
    'POST',
    '/api/batches',
    { verb: 'priority', priority: 5, scope: 'all', filter: 'status=IN_REVIEW' },
    [202],
  )
  const view = await script.call<Made>('POST', '/api/views', {
    ...{ name: 'Failed and urgent', scope: 'own', query: 'status=FAILED&priority=9', shared: false },
  })
  return {
    'template-edit': `/templates/${template.id}/edit`,
    'template-remove': `/templates/${template.id}/remove`,
    'schedule-edit': `/schedules/${schedule}/edit`,
    'schedule-pause': `/schedules/${schedule}/pause`,
    'schedule-run': `/schedules/${schedule}/run`,
    'schedule-remove': `/schedules/${schedule}/remove`,
    'batch-stop': `/batches/${batch}/stop`,
    'batch-retry': `/batches/${batch}/retry`,
    'batch-drop': `/batches/${batch}/drop`,
    view: `/views/${view.id}`,
    'view-remove': `/views/${view.id}/remove`,
  }
}

async function adminPages({ script }: DemoDesk): Promise<Record<string, string>> {
  const { data: agents } = await script.call<{ data: { id: string; name: string; kind: string }[] }>(
    'GET',
    '/api/admin/agents',
  )
  const [toolbox, command] = ['toolbox', 'command'].map(
    (kind) => agents.find((agent) => agent.kind === kind)?.id,
  )
  const { data: users } = await script.call<{ data: { email: string; role: string }[] }>(
    'GET',
    '/api/admin/users',
  )
  const user = encodeURIComponent(users.find(({ role }) => role === 'USER')?.email ?? '')
  await script.call('POST', '/api/admin/invitations', { email: 'newcomer@example.com' })
  return {
    'admin-agent-command': `/admin/agents/${command}`,
    'admin-agent-pause': `/admin/agents/${toolbox}/pause`,
    'admin-agent-resume': `/admin/agents/${toolbox}/resume`,
    'admin-agent-test': `/admin/agents/${toolbox}/test`,
    'admin-agent-new-command': '/admin/agents/new?kind=command',
    'admin-user': `/admin/users/${user}`,
    'admin-invitations': '/admin/users/invitations',
    'admin-backups': '/admin/backups',
  }
}

const settings = {
  settings: '/settings',
  'settings-password': '/settings/password',
  'settings-sessions': '/settings/sessions',
  'settings-tokens': '/settings/tokens',
}

const nothing = {
  'list-no-match': '/jobs?q=zebra',
  'not-found': '/no/such/page',
  'job-not-there': '/jobs/none',
}

/** On paper. */
const printed = (desk: DemoDesk) => async (page: Page) => {
  await page.setViewportSize({ width: 794, height: 1123 })
  await page.goto(`${desk.server.origin}/jobs/${await firstJob(desk, 'IN_REVIEW')}`)
  await page.emulateMedia({ media: 'print' })
}
