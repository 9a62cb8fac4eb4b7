import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '~db/client.server'
import { type ApiJob, Script } from '../support/api'
import { Client } from '../support/client'
import { startHranaServer } from '../support/hrana-server'
import { violations } from '../support/invariants'
import { freePort, startServer, type TestServer } from '../support/server'
import { until } from '../support/until'

/**
 * Three processes on one libSQL server that is blocked, hangs, is killed and lags, in turns. `npm run test:storms:server`
 * plays several rounds of faults that last longer than leases and deadlines, the last of them on a server that is 20 ms away
 * and answers reads from 300 ms ago; a short round is part of `npm test`.
 */
const rounds = Number(process.env.SERVER_STORM_ROUNDS ?? 0)
const short = { blocked: 500, hung: 1_500, down: 500, behind: 700 }
const long = { blocked: 8_000, hung: 15_000, down: 5_000, behind: 8_000 }
const ms = rounds > 0 ? long : short
/** The longest that anything is still under way after the last fault, in milliseconds. */
const overMs = 60_000

const folder = mkdtempSync(join(tmpdir(), 'docket-faults-'))
const file = join(folder, 'docket.db')
async function start(port: number) {
  const server = await startHranaServer({ file, port, synchronous: 'OFF' })
  lag(server)
  return server
}
/** Whether the server is far away and behind in all of a round. */
let isFar = false
function lag(server: Pick<typeof database, 'delay' | 'behind'>, isLagging = isFar) {
  server.delay(isLagging ? 20 : 0)
  server.behind(isLagging ? 300 : 0)
}
let database: Awaited<ReturnType<typeof startHranaServer>>
let servers: TestServer[]

beforeAll(async () => {
  database = await start(await freePort())
  const env = { DATABASE_URL: database.url }
  servers = await Promise.all([true, false, false].map((admin) => startServer({ admin, env })))
}, 60_000)
afterAll(async () => {
  for (const each of servers) await each.dispose()
  await database.close()
  rmSync(folder, { recursive: true, force: true })
})

const faults: Record<string, () => Promise<void>> = {
  async blocked() {
    database.block('over the quota')
    await pause(ms.blocked)
    database.unblock()
  },
  async hung() {
    database.hang()
    await pause(ms.hung)
    database.resume()
  },
  async killed() {
    const { port } = database
    await database.close()
    await pause(ms.down)
    database = await start(port)
  },
  async behind() {
    lag(database, true)
    await pause(ms.behind)
    lag(database)
  },
}

/** Says three things and hands in a result. */
const program = `
  const say = (each) => console.log(JSON.stringify(each))
  ;[1, 2, 3].forEach((n) => setTimeout(() => say({ type: 'log', message: 'line ' + n }), n * 200))
  setTimeout(() => say({ type: 'result', result: process.env.DOCKET_ATTEMPT }), 800)
`

test(
  'nothing is lost or doubled, and it is over within a minute of the last fault',
  async () => {
    const scripts = await callers()
    const { id: agentId } = await (scripts[0] as Script).call<{ id: string }>('POST', '/api/admin/agents', {
      ...{ name: 'Talker', kind: 'command', concurrency: 4, config: { argv: ['node', '-e', program] } },
    })
    const made = new Map<string, string>()
    const edited: string[] = []
    let isOver = false
    const traffic = scripts.map(async (_, caller) => {
      for (let n = 0; !isOver; n++) {
        const key = `${caller}.${n}`
        const input = n % 3 === 2 ? { runAfter: '2031-01-01T00:00:00Z' } : n % 3 === 1 ? { agentId } : {}
        const job = await create(scripts, key, { ...input, maxAttempts: 20 })
        made.set(key, job.id)
        if (n % 3 === 2) {
          await raise(scripts, job)
          edited.push(job.id)
        }
        await pause(150)
      }
    })
    for (let round = 0; round < Math.max(1, rounds); round++) {
      isFar = rounds > 1 && round === rounds - 1
      lag(database)
      for (const strike of Object.values(faults)) {
        await strike()
        await pause(100)
      }
    }
    isFar = false
    lag(database)
    const last = performance.now()
    isOver = true
    await Promise.all(traffic)
    const db = await openDatabase({ url: database.url })
    await until(async () => {
      const [open] = await db.all<{ n: number }>(
        "SELECT count(*) AS n FROM jobs WHERE status <> 'IN_REVIEW' AND runAfter IS NOT 1924992000000",
      )
      return open?.n === 0
    }, overMs)
    expect(performance.now() - last).toBeLessThan(overMs)

    expect(made.size).toBeGreaterThan(5)
    expect(await db.all('SELECT id FROM jobs ORDER BY id')).toEqual(
      [...made.values()].sort().map((id) => ({ id })),
    )
    expect(await violations(db)).toEqual([])
    const done = await db.all(`SELECT j.id FROM jobs j WHERE j.runAfter IS NULL AND (j.failures > 0 OR
      (SELECT count(*) FROM attempts t WHERE t.jobId = j.id AND t.outcome = 'SUBMITTED') <> 1)`)
    expect(done).toEqual([])
    const doubled = await db.all(`SELECT jobId, attempt, message, count(*) AS n FROM job_logs
      WHERE message LIKE 'line %' GROUP BY jobId, attempt, message HAVING n > 1`)
    expect(doubled).toEqual([])
    const silent =
      await db.all(`SELECT t.id FROM attempts t WHERE t.agentId = '${agentId}' AND t.outcome = 'SUBMITTED'
      AND (SELECT count(*) FROM job_logs l WHERE l.jobId = t.jobId AND l.attempt = t.number AND l.message LIKE 'line %') <> 3`)
    expect(silent).toEqual([])
    for (const id of edited) {
      const [{ edits, priority } = {}] = await db.all<{ edits: number; priority: number }>(
        "SELECT priority, (SELECT count(*) FROM job_logs WHERE jobId = jobs.id AND kind = 'edit') AS edits FROM jobs WHERE id = ?",
        [id],
      )
      expect([edits, priority]).toEqual([1, 7])
    }
    db.close()
  },
  Math.max(1, rounds) * 60_000 + overMs,
)

async function callers(): Promise<Script[]> {
  const { token } = await Script.signIn(servers[0] as TestServer)
  return servers.map(({ origin }) => new Script(new Client(origin), token))
}

/** Sends a request to one process after the other until one answers it as asked or refuses it. */
async function sent(
  scripts: Script[],
  method: string,
  path: string,
  body: object,
  key: string,
): Promise<Response> {
  for (let n = 0; ; n++) {
    const script = scripts[n % scripts.length] as Script
    const answer = await script.send(method, path, body, { 'Idempotency-Key': key }).catch(() => null)
    if (answer && answer.status < 500) return answer
    if (answer && answer.status !== 503) throw new Error(`${answer.status} ${await answer.text()}`)
    await pause(200)
  }
}

async function create(scripts: Script[], key: string, input: object): Promise<ApiJob> {
  const job = { name: key, description: '/stats\none two', acceptanceCriteria: 'It counts', ...input }
  const answer = await sent(scripts, 'POST', '/api/jobs', job, key)
  expect(answer.status).toBe(201)
  return (await answer.json()) as ApiJob
}

/** A second try of what was saved is refused: the version has changed. */
async function raise(scripts: Script[], { id, version }: ApiJob) {
  const answer = await sent(scripts, 'PATCH', `/api/jobs/${id}`, { version, priority: 7 }, '')
  expect([200, 409]).toContain(answer.status)
}
