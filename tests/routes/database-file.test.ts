/** @about-file the file of a running process goes */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { restoreFile } from '~/domain/backups.server'
import { openDatabase } from '~db/client.server'
import { checkFile } from '~db/database-child.server'
import { Script, signUp } from '../support/api'
import { Client } from '../support/client'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/** A real server and what happens to its database file. */

const folder = mkdtempSync(join(tmpdir(), 'docket-file-'))
const dataDir = join(folder, 'data')
const file = join(dataDir, 'docket.db')
/** Names the agent's process in the list of processes. */
const mark = `agent-of-${process.pid}`
const processes = () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
let server: TestServer
let script: Script
let admin: Client

beforeAll(async () => {
  server = await startServer({ admin: true, dataDir })
  script = await Script.signIn(server)
  admin = new Client(server.origin)
  await admin.postForm('/login', ADMIN)
}, 60_000)
afterAll(async () => {
  await server.dispose()
  rmSync(folder, { recursive: true, force: true })
})

test('a backup is taken by form and by JSON, and no other process can open the file after it', async () => {
  const taken = await script.call<{ name: string }>('POST', '/api/admin/backups')
  expect((await admin.postForm('/admin/backups', { intent: 'take' })).status).toBe(303)
  const list = await script.call<{ data: { name: string }[]; running: null }>('GET', '/api/admin/backups')
  expect([list.data.length, list.data[1]?.name, list.running]).toEqual([2, taken.name, null])
  await script.call('POST', '/api/admin/restore', { name: taken.name }, [202])
  await script.call('DELETE', '/api/admin/restore')
  expect(await (await admin.get('/admin/backups')).text()).toContain(taken.name)
  const link = `/admin/backups/${taken.name}`
  // by the session alone nobody gets it, not even from the API
  const [asks, bytes, api] = [
    await admin.get(link),
    await admin.get(`${link}/file`),
    await admin.get(`/api${link}`),
  ]
  expect([asks.status, bytes.headers.get('location'), api.status]).toEqual([200, link, 403])
  expect(await asks.text()).toContain('name="currentPassword"')
  const fields = { intent: 'download', currentPassword: ADMIN.password }
  const leads = await admin.postForm(link, fields)
  expect([leads.status, leads.headers.get('location')]).toEqual([303, `${link}/file`])
  // one file, once
  expect((await admin.get(`/admin/backups/${list.data[0]?.name}/file`)).status).toBe(303)
  const cookies = new Map(admin.cookies)
  const byForm = await admin.follow(leads)
  expect((await admin.follow(leads)).status).toBe(303)
  // a copy of the cookie brings nothing either
  for (const [name, value] of cookies) admin.cookies.set(name, value)
  expect((await admin.follow(leads)).status).toBe(303)
  for (const got of [byForm, await script.send('GET', `/api${link}`)]) {
    expect(got.status).toBe(200)
    const copy = join(folder, 'downloaded.db')
    writeFileSync(copy, Buffer.from(await got.arrayBuffer()))
    expect(await checkFile(copy, { depth: 'full' })).toEqual({ problem: null })
  }
  const stranger = await signUp(server, 'Stranger')
  expect((await stranger.client.get(link)).status).toBe(404)
  expect((await script.send('DELETE', `/api${link}`)).status).toBe(204)
  expect((await script.send('GET', `/api${link}`)).status).toBe(404)
  const [left = ''] = readdirSync(join(dataDir, 'backups'))
  expect((await admin.postForm('/admin/backups', { intent: 'delete', name: left })).status).toBe(303)
  expect(readdirSync(join(dataDir, 'backups'))).toEqual([])
  expect((await admin.get('/readyz')).status).toBe(200)
  expect(await checkFile(file, { depth: 'quick' })).toEqual({ problem: null, busy: true })
  const two = await Promise.all([1, 2].map(() => script.send('POST', '/api/admin/backups')))
  expect(two.map(({ status }) => status).sort()).toEqual([201, 409])
})

test('after its folder is renamed it takes no change, says where the data is, and exits', async () => {
  const { id } = await script.call<{ id: string }>('POST', '/api/admin/agents', {
    name: 'Slow',
    kind: 'command',
    config: { argv: ['node', '-e', 'setInterval(() => console.log(process.pid), 20)', mark] },
  })
  const job = await script.createJob({ agentId: id })
  await script.jobIn(job.id, 'IN_PROGRESS')
  await until(() => processes().includes(mark))
  renameSync(dataDir, `${dataDir}-moved`)

  const body = { name: 'Late', description: 'd', acceptanceCriteria: 'c' }
  const refused = await script.client.json('POST', '/api/jobs', { token: script.token, body })
  expect(refused.status).toBe(503)
  const [rescued = ''] = readdirSync(dataDir).filter((name) => name.endsWith('.db'))
  const sentence = `Everything in it was saved to ${rescued}`
  expect(((await refused.json()) as { detail: string }).detail).toContain(sentence)
  const page = await admin.get('/jobs')
  expect([page.status, await page.text()]).toEqual([503, expect.stringContaining(sentence)])
  expect((await admin.get('/readyz')).status).toBe(503)

  expect(await server.exited).toBe(1)
  expect(processes()).not.toContain(mark)
  expect(server.output()).toContain(`Everything in it was saved to ${join(dataDir, rescued)}`)
  expect(statSync(join(`${dataDir}-moved`, 'docket.db-wal')).size).toBe(0)

  // a start makes no empty database beside it; restored, everything is there
  await expect(startServer({ dataDir })).rejects.toThrow(`its folder holds ${rescued}`)
  await restoreFile(file, join(dataDir, rescued))
  const db = await openDatabase({ url: `file:${file}` })
  expect(await db.all('SELECT name, status FROM jobs')).toEqual([{ name: job.name, status: 'IN_PROGRESS' }])
  db.close()
})
