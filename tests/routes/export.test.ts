import { readFileSync } from 'node:fs'
import { get, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { Script, signIn, signUp } from '../support/api'
import { Client } from '../support/client'
import { databaseUrl } from '../support/real-server'
import { ADMIN, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

let server: TestServer
let owner: Script
let page: Client
let admin: Script
let crowd: { email: string; password: string }

const jobs = 20_000
/** Of each job: 120 MB in all. */
const bytesEach = 6_000

beforeAll(async () => {
  server = await startServer({ admin: true })
  const olive = await signUp(server, 'Olive')
  crowd = await signUp(server, 'Crowd')
  await server.stop()
  await fill(crowd.email)
  server = await startServer({ dataDir: server.dataDir })
  owner = await Script.signIn(server, olive)
  page = await signIn(server, olive)
  admin = await Script.signIn(server, ADMIN)
}, 120_000)
afterAll(() => server.dispose())

/** Straight into the database, the server being stopped. */
async function fill(email: string) {
  const db = await openDatabase({ url: await databaseUrl(join(server.dataDir, 'docket.db')) })
  await db.write({
    repeatable: true,
    statements: [
      {
        sql: `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < :jobs)
          INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, createdAt, updatedAt, closedAt, writeId)
          SELECT printf('%026d', n), (SELECT id FROM users WHERE email = :email), 'Job ' || n, 'Do it',
            hex(zeroblob(:half)), 'COMPLETED', 1000 * n, 1000 * n, 1000 * n, 'filled' FROM numbers`,
        args: { jobs, half: bytesEach / 2, email },
      },
    ],
  })
  await db.release()
  db.close()
}

const csvOf = async (answer: Response) => {
  const text = Buffer.from(await answer.arrayBuffer()).toString()
  // any line break outside of quotes ends a row, as it does for spreadsheets, Python and SQLite
  const rows = parse(text, { bom: true, columns: true, record_delimiter: ['\r\n', '\n', '\r'] })
  return { text, rows: rows as Record<string, string>[] }
}
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

describe('what is in it', () => {
  const formulas = ['=1+1', '+1', '-1+2', '@SUM(A1)', '＝1']

  test('CSV: a header, CR LF, a byte order mark, quotes where they are needed, and no formula', async () => {
    for (const name of formulas) {
      await owner.createJob({
        name,
        description: 'a "quoted", text\n=1+1',
        acceptanceCriteria: 'one line\nand another',
        tags: ['formula', 'billing'],
        metadata: { ticket: '4711' },
      })
    }
    const answer = await page.get('/jobs/export?format=csv&tag=formula')
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="docket-jobs-\d{4}-\d\d-\d\d\.csv"$/,
    )
    const { text, rows } = await csvOf(answer)
    const head =
      'id,name,status,priority,owner,agent,attempts,tags,metadata,createdAt,updatedAt,closedAt,description,acceptanceCriteria,result,unsubmittedResult'
    expect(text.startsWith(`\ufeff${head}\r\n`)).toBe(true)
    expect(text.endsWith('\r\n')).toBe(true)
    expect(rows.map(({ name }) => name)).toEqual(formulas.map((name) => `'${name}`).reverse())
    expect(rows[0]).toMatchObject({
      status: expect.stringMatching(/^[A-Z_]+$/),
      owner: expect.stringContaining('olive'),
      tags: 'billing formula',
      metadata: '{"ticket":"4711"}',
      description: 'a "quoted", text\n=1+1',
      acceptanceCriteria: 'one line\nand another',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    })
  })

  test('a result that a spreadsheet would run, also behind white space; a number stays one', async () => {
    const results = ['=cmd()', '\t=1', '\n=1', '\u00a0@x', '-2+3', -2.5, { deep: '=1' }]
    for (const result of results) {
      const { id } = await owner.createJob({ tags: ['result'] })
      await admin.call('POST', `/api/admin/jobs/${id}/complete`, { reason: 'by hand', result })
    }
    const { rows } = await csvOf(await owner.send('GET', '/api/jobs/export?format=csv&tag=result'))
    const cells = rows.map(({ result }) => result).reverse()
    expect(cells).toEqual(["'=cmd()", "'\t=1", "'\n=1", "'\u00a0@x", "'-2+3", '-2.5', '{"deep":"=1"}'])
  })

  test('NDJSON: the job as GET has it, with every digit, but for why it waits', async () => {
    const { id } = await owner.createJob({ tags: ['exact'] })
    const complete = `{"reason":"by hand","result":12345678901234567890.10}`
    const done = await fetch(`${server.origin}/api/admin/jobs/${id}/complete`, {
      method: 'POST',
      body: complete,
      headers: { authorization: `Bearer ${admin.token}`, 'content-type': 'application/json' },
    })
    expect(done.status).toBe(200)
    const answer = await owner.send('GET', '/api/jobs/export?format=ndjson&tag=exact')
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
    const text = await answer.text()
    expect(text).toContain('"result":12345678901234567890.10')
    const { waitingFor: _, ...job } = await owner.call<Record<string, unknown>>('GET', `/api/jobs/${id}`)
    expect(linesOf(text)).toEqual([{ ...job, unsubmittedResult: null }])
  })

  test('a result that was printed and not submitted, which the job’s page and JSON show too', async () => {
    const printed = `console.log('{"type":"result","result":"PRECIOUS-' + 12.50 + '"}'); process.exitCode = 1`
    const agent = await admin.call<{ id: string }>(
      'POST',
      '/api/admin/agents',
      { name: 'Fails after its result', kind: 'command', config: { argv: ['node', '-e', printed] } },
      [201],
    )
    const { id } = await owner.createJob({ agentId: agent.id, maxAttempts: 1, tags: ['printed'] })
    await owner.jobIn(id, 'FAILED')
    const { data } = await owner.call<{ data: object[] }>('GET', `/api/jobs/${id}/attempts`)
    expect(data).toMatchObject([{ outcome: 'FAILED', result: 'PRECIOUS-12.5', resultSubmitted: false }])
    const path = `/api/jobs/${id}/attempts/1/result`
    expect(await (await owner.send('GET', path)).text()).toBe('"PRECIOUS-12.5"')
    expect((await owner.send('GET', `/api/jobs/${id}/attempts/2/result`)).status).toBe(404)
    expect(await (await page.get(`/jobs/${id}`)).text()).toContain(`href="${path}"`)
    const { rows } = await csvOf(await owner.send('GET', '/api/jobs/export?format=csv&tag=printed'))
    expect(rows).toMatchObject([{ result: '', unsubmittedResult: 'PRECIOUS-12.5' }])
    const lines = await (await owner.send('GET', '/api/jobs/export?format=ndjson&tag=printed')).text()
    expect(linesOf(lines)).toMatchObject([{ result: null, unsubmittedResult: 'PRECIOUS-12.5' }])
  })

  test('nobody else’s; an admin has everyone’s by a route of their own', async () => {
    const own = linesOf(await (await owner.send('GET', '/api/jobs/export?format=ndjson')).text())
    expect(new Set(own.map(({ userId }) => userId)).size).toBe(1)
    expect((await owner.send('GET', '/api/admin/jobs/export?format=ndjson')).status).toBe(404)
    expect((await page.get('/admin/jobs/export?format=ndjson')).status).toBe(404)
    const theirs = await admin.send('GET', `/api/admin/jobs/export?format=ndjson&owner=${own[0].userId}`)
    expect(linesOf(await theirs.text())).toEqual(own)
  })

  test.each([
    ['no format', '', 'format'],
    ['an unknown one', 'format=xlsx', 'format'],
    ['an unknown status', 'format=csv&status=lost', 'status'],
  ])('%s is a 422 by its name', async (_, search, field) => {
    const answer = await owner.send('GET', `/api/jobs/export?${search}`)
    expect([answer.status, await answer.json()]).toMatchObject([
      422,
      { errors: { [field]: [expect.any(String)] } },
    ])
    const shown = await page.get(`/jobs/export?${search}`)
    expect([shown.status, shown.headers.get('content-type')]).toEqual([422, 'text/plain; charset=utf-8'])
  })

  test('HEAD has no body; data for a page is not to be had', async () => {
    const head = await owner.send('HEAD', '/api/jobs/export?format=csv')
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await page.get('/jobs/export.data?format=csv')).status).toBe(404)
    expect((await new Client(server.origin).get('/jobs/export?format=csv')).status).toBe(303)
  })
})

describe('twenty thousand jobs', () => {
  let reader: Script

  beforeAll(async () => {
    reader = await Script.signIn(server, crowd)
  })

  /** Opens an export and reads nothing of it. */
  const open = (format: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${reader.token}` }
      get(`${server.origin}/api/jobs/export?format=${format}`, { headers, agent: false }, resolve).on(
        'error',
        reject,
      )
    })

  /** Resident memory of the server's process, in MB. */
  const memory = () => (Number(readFileSync(`/proc/${server.pid}/statm`, 'utf8').split(' ')[1]) * 4096) / 1e6

  async function idsIn(answer: IncomingMessage): Promise<string[]> {
    const ids: string[] = []
    let rest = ''
    for await (const piece of answer.setEncoding('utf8')) {
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      ids.push(...lines.map((line) => line.slice(7, 33)))
    }
    expect(rest).toBe('')
    return ids
  }

  test('each once, to a reader that waits, and the server holds little of it meanwhile', async () => {
    const expected = Array.from({ length: jobs }, (_, n) => String(jobs - n).padStart(26, '0'))
    // once through, so that what is held for good is there
    expect(await idsIn(await open('ndjson'))).toEqual(expected)
    const before = memory()
    const slow = await open('ndjson')
    // a server that did not wait would have read all of it in as many turns
    let most = before
    for (let turn = 0; turn < 600; turn++) {
      expect((await reader.client.get('/healthz')).status).toBe(200)
      most = Math.max(most, memory())
    }
    expect(await idsIn(slow)).toEqual(expected)
    most = Math.max(most, memory())
    expect(most - before).toBeLessThan(60)
  }, 60_000)

  test('two at a time, and one that is left makes room', async () => {
    const [first, second] = await Promise.all([open('csv'), open('csv')])
    expect([first.statusCode, second.statusCode]).toEqual([200, 200])
    const refused = await reader.send('GET', '/api/jobs/export?format=csv')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10'])
    first.destroy()
    const third = await until(async () => {
      const answer = await open('csv')
      if (answer.statusCode === 200) return answer
      answer.resume()
      return false
    })
    second.destroy()
    third.destroy()
  })

  test('a stop of the server breaks it off, and is not held up', async () => {
    const answer = await open('ndjson')
    const began = performance.now()
    const stopped = server.stop()
    await expect(idsIn(answer)).rejects.toThrow('aborted')
    expect(await stopped).toBe(0)
    expect(performance.now() - began).toBeLessThan(5_000)
  })
})
