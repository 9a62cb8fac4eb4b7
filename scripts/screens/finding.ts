import type { Browser, Page } from '@playwright/test'
import { starters } from '~/domain/templates/starters'
import type { Script } from '../../tests/support/api'
import { until } from '../../tests/support/until'
import { photograph } from './camera'
import { atDemoDesk } from './demo-desk'

/** Lists that are narrowed down, what is done with many jobs at once, and what is asked for again and again. */
export const photographFinding = (browser: Browser): Promise<void> =>
  atDemoDesk(browser, async ({ server, session, script }) => {
    const template = await fillTemplates(script)
    const schedule = await fillSchedules(script, template)
    const batch = await workThrough(script)
    const at = (path: string) => server.origin + path
    const places: Record<string, (page: Page) => Promise<unknown>> = {
      'list-found': (page) =>
        page.goto(at('/admin/jobs?q=priority%3A%3E0+created%3A90d&status=COMPLETED&sort=name')),
      'list-misread': (page) => page.goto(at('/admin/jobs?q=stauts%3Afailed+invoice')),
      views: (page) => page.goto(at('/views?scope=all&query=status%3DFAILED')),
      selection: async (page) => {
        await page.goto(at('/admin/jobs?status=COMPLETED'))
        for (const n of [0, 2, 3])
          await page
            .getByRole('checkbox', { name: /^Select / })
            .nth(n)
            .check()
      },
      'batch-confirm': async (page) => {
        await page.goto(at('/admin/jobs?status=FAILED&status=CANCELED&status=IN_PROGRESS'))
        await page.getByLabel('What is to be done').selectOption('reassign')
        await page.getByRole('button', { name: /^All / }).click()
        await page.getByRole('heading', { name: /^Reassign/ }).waitFor()
      },
      batch: (page) => page.goto(at(`/batches/${batch}`)),
      batches: (page) => page.goto(at('/batches?scope=all')),
      templates: (page) => page.goto(at('/templates')),
      'template-new': (page) => page.goto(at('/templates/new?starter=contacts')),
      template: (page) => page.goto(at(`/templates/${template}`)),
      'template-csv': async (page) => {
        await page.goto(at(`/templates/${template}/csv`))
        await page.getByLabel('Or the rows').fill(rows)
        await page.getByRole('button', { name: 'Look at it first' }).click()
        await page.getByText('Nothing is made yet').waitFor()
      },
      schedules: (page) => page.goto(at('/schedules')),
      'schedule-new': (page) => page.goto(at(`/schedules/new?template=${template}`)),
      schedule: (page) => page.goto(at(`/schedules/${schedule}`)),
    }
    for (const [name, go] of Object.entries(places)) await photograph(browser, name, go, session)
  })

const rows = `sender,message,kind,priority
Maria Lopez,"Please send the invoice to billing@example.org by 2026-12-01.",invoice,3
Otter Ltd,"When does the workshop begin?",question,
,"Who wrote this?",question,
Fern & Co,"The third parcel is missing.",grumble,
Blue Kiln,"Call us at 9:30, or write to desk@example.org.",question,12`

interface Made {
  id: string
}

/** @returns the one that is looked at */
async function fillTemplates(script: Script): Promise<string> {
  const ids: string[] = []
  for (const { slug, ...starter } of starters) {
    const { id } = await script.call<Made>('POST', '/api/templates', {
      ...starter,
      shared: slug === 'contacts',
    })
    if (slug === 'contacts') ids.unshift(id)
    else ids.push(id)
  }
  return ids[0] ?? ''
}

/** @returns the one that is looked at */
async function fillSchedules(script: Script, templateId: string): Promise<string> {
  const add = (name: string, cron: string, timeZone: string) =>
    script.call<Made>('POST', '/api/schedules', {
      ...{ name, templateId, cron, timeZone },
      values: { sender: 'The night desk', message: 'See desk@example.org, 2026-11-24.' },
    })
  const often = await add('Inbox of the night desk', '0 6 * * 1-5', 'Europe/Berlin')
  const paused = await add('Month’s end', '0 18 28 * *', 'America/New_York')
  await script.call('POST', `/api/schedules/${paused.id}/pause`, {})
  await script.call('POST', `/api/schedules/${often.id}/run`, {})
  return often.id
}

/** Some of it done, some refused. @returns the batch */
async function workThrough(script: Script): Promise<string> {
  const wanted = { verb: 'cancel', scope: 'all', filter: 'status=PENDING&status=ASSIGNED&status=FAILED' }
  const { id } = await script.call<Made>('POST', '/api/batches', wanted, [202])
  await until(async () => {
    const { state } = await script.call<{ state: string }>('GET', `/api/batches/${id}`)
    return state === 'DONE'
  })
  return id
}
