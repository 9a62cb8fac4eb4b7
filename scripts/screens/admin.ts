import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from '@playwright/test'
import { openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { Script } from '../../tests/support/api'
import { startServer, type TestServer } from '../../tests/support/server'
import { admin as grace, password } from '../demo/cast'
import { fillDemo } from '../demo/fill'
import { photograph } from './camera'

/** The demo's month of jobs, as its admin sees them: overview, everyone's jobs, the force verbs, agents, people, audit. */
export async function photographAdmin(browser: Browser): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'docket-screens-'))
  await fill(`file:${join(dataDir, 'docket.db')}`)
  const server = await startServer({ dataDir })
  try {
    const session = await signIn(browser, server)
    const script = await Script.signIn(server, { email: grace.email, password })
    const places = await placesOf(script)
    for (const [name, path] of Object.entries(places)) {
      await photograph(browser, name, (page) => page.goto(server.origin + path), session)
    }
  } finally {
    await server.dispose()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

async function fill(url: string) {
  const db = await openDatabase({ url })
  await migrate(db)
  await fillDemo({ db }, Date.now())
  await db.release().catch(() => undefined)
  db.close()
}

async function signIn(browser: Browser, server: TestServer) {
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`${server.origin}/login`)
  await page.getByLabel('Email').fill(grace.email)
  await page.getByLabel('Password').fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.waitForURL('**/jobs')
  const session = await context.storageState()
  await context.close()
  return session
}

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
