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
import type { Session } from './camera'

export interface DemoDesk {
  server: TestServer
  /** Its admin's, in a browser. */
  session: Session
  /** The same person's. */
  script: Script
}

/** A server of the demo's month of jobs, for as long as it is looked at. */
export async function atDemoDesk(browser: Browser, look: (desk: DemoDesk) => Promise<void>): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'docket-screens-'))
  await fill(`file:${join(dataDir, 'docket.db')}`)
  const server = await startServer({ dataDir })
  try {
    const script = await Script.signIn(server, { email: grace.email, password })
    await look({ server, session: await signIn(browser, server), script })
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
