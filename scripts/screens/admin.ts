import type { Browser } from '@playwright/test'
import type { Script } from '../../tests/support/api'
import { photograph } from './camera'
import { atDemoDesk } from './demo-desk'

/** The demo's month of jobs, as its admin sees them: overview, everyone's jobs, the force verbs, agents, people, audit. */
export const photographAdmin = (browser: Browser): Promise<void> =>
  atDemoDesk(browser, async ({ server, session, script }) => {
    for (const [name, path] of Object.entries(await placesOf(script))) {
      const also = wide.includes(name) ? ['2560'] : []
      await photograph(browser, name, (page) => page.goto(server.origin + path), session, { also })
    }
  })

/** Taken on a wide screen too. */
const wide = ['admin-overview', 'admin-jobs', 'admin-job']

/** What to photograph: a name for the file, and a path. */
async function placesOf(script: Script): Promise<Record<string, string>> {
  const firstJob = async (status: string) =>
    (await script.call<{ data: { id: string }[] }>('GET', `/api/admin/jobs?status=${status}&limit=1`)).data[0]
      ?.id
  const agents = (await script.call<{ data: { id: string; name: string }[] }>('GET', '/api/admin/agents'))
    .data
  const toolbox = agents.find(({ name }) => name === 'Toolbox')?.id
  const [reviewed, assigned] = [await firstJob('IN_REVIEW'), await firstJob('ASSIGNED')]
  return {
    'admin-overview': '/admin',
    'admin-jobs': '/admin/jobs',
    'admin-job': `/admin/jobs/${reviewed}`,
    'admin-complete': `/admin/jobs/${assigned}/complete`,
    'admin-reassign': `/admin/jobs/${assigned}/reassign`,
    'admin-agents': '/admin/agents',
    'admin-agent': `/admin/agents/${toolbox}`,
    'admin-agent-new': '/admin/agents/new?kind=openai',
    'admin-retire': `/admin/agents/${toolbox}/retire`,
    'admin-users': '/admin/users',
    'admin-audit': '/admin/audit',
  }
}
