import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { CannotStart } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { adminCommand } from '../../scripts/admin-command'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { freePort } from '../support/server'

let folder: string
let server: HranaServer | undefined
let answering: Server | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'docket-start-'))
})
afterEach(async () => {
  await server?.close()
  answering?.close()
  answering = server = undefined
  rmSync(folder, { recursive: true, force: true })
})

const start = async (more: Parameters<typeof startHranaServer>[0] | object = {}) => {
  server = await startHranaServer({ file: join(folder, 'docket.db'), synchronous: 'OFF', ...more })
  return server
}

/** A server that answers everything with a status. */
async function answerWith(status: number): Promise<string> {
  answering = createServer((_, response) => void response.writeHead(status).end()).listen(0, '127.0.0.1')
  await once(answering, 'listening')
  return `127.0.0.1:${(answering.address() as AddressInfo).port}`
}

/** What a start says, or an admin command. */
async function said(url: string, authToken?: string): Promise<string> {
  const opened = await openDatabase({ url, authToken, serverWaitMs: 0 }).catch((error: unknown) => error)
  expect(opened).toBeInstanceOf(CannotStart)
  const lines: string[] = []
  const note = (line: string) => void lines.push(line)
  const variables = { DATABASE_URL: url, DATABASE_AUTH_TOKEN: authToken }
  expect(await adminCommand(['make-admin', 'a@example.com'], variables, { out: note, err: note })).toBe(1)
  expect(lines).toEqual([(opened as CannotStart).message])
  return lines.join('\n')
}

test('a server that is not up yet is waited for, saying so once', async () => {
  const port = await freePort()
  const lines: string[] = []
  const opening = openDatabase({
    url: `http://127.0.0.1:${port}`,
    onWait(line) {
      lines.push(line)
      void start({ port })
    },
  })
  const db = await opening
  expect(await db.first('SELECT 1 AS one')).toEqual({ one: 1 })
  expect(lines).toEqual([`Waiting up to 30 s for the libSQL server at 127.0.0.1:${port}.`])
  db.close()
})

test('nothing listens', async () => {
  const host = `127.0.0.1:${await freePort()}`
  expect(await said(`http://${host}`)).toBe(
    `Nothing listens at ${host}. Start the libSQL server, or correct DATABASE_URL. (ECONNREFUSED)`,
  )
})

test('an unknown name', async () => {
  expect(await said('http://docket-database.invalid:8080')).toMatch(
    /^The host in DATABASE_URL, docket-database\.invalid:8080, is unknown: its name does not resolve\. \((ENOTFOUND|EAI_AGAIN)\)$/,
  )
})

test('a missing or refused token is said at once, and never shown', async () => {
  const { url, port } = await start({ authToken: 'right' })
  const host = `127.0.0.1:${port}`
  expect(await said(url)).toMatch(`The libSQL server at ${host} requires a token. Set DATABASE_AUTH_TOKEN.`)
  const sentence = await said(`${url}?authToken=wrong-too`, 'wrong')
  expect(sentence).toMatch(
    `The libSQL server at ${host} refuses the token in DATABASE_AUTH_TOKEN: it is wrong or has expired.`,
  )
  expect(sentence).not.toContain('wrong-too')
})

test.each([
  [403, 'may only read the database at HOST. Set one that may write as well.'],
  [404, 'The libSQL server at HOST has no database at this address. Check DATABASE_URL.'],
  [503, "The libSQL server at HOST can't serve requests now; its log says more."],
])('one that answers %i', async (status, sentence) => {
  const host = await answerWith(status)
  expect(await said(`http://${host}`, 'token')).toContain(sentence.replace('HOST', host))
})

test('reads and writes are switched off', async () => {
  const { url, block } = await start()
  block('over quota')
  expect(await said(url)).toMatch(/has reads or writes switched off: .* \(BLOCKED\)$/)
})

test('one that goes away in the middle of the migrations', async () => {
  const { url, port } = await start()
  const lines: string[] = []
  const note = (line: string) => void lines.push(line)
  const command = () =>
    adminCommand(['make-admin', 'a@example.com'], { DATABASE_URL: url }, { out: note, err: note })
  server?.dropNextResponse(1, /CREATE TRIGGER/)
  expect(await command()).toBe(1)
  expect(lines.join()).toMatch(`The libSQL server at 127.0.0.1:${port} does not answer.`)
  expect(lines.join()).toContain(
    'It went away while the database was brought up to this version. Each migration is applied whole or not at all: start Docket again, and it goes on with the next one.',
  )
  const db = await openDatabase({ url })
  await migrate(db, { patienceMs: 0 })
  expect(await db.all('SELECT id FROM users')).toEqual([])
  db.close()
})
