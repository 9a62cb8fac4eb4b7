import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { ownLease } from '~/domain/attempts/lease'
import type { Desk } from '~/domain/desk'
import { findJob, jobAttempts } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { type Connection, connections } from '~/http/client-address.server'
import { Health } from '~/http/health.server'
import { openDatabase } from '~db/client.server'
import { DatabaseUnavailable, isUnavailable, OutcomeUnknown } from '~db/errors'
import { migrate } from '~db/migrate.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { violations } from '../support/invariants'
import { until } from '../support/until'

/** Deadlines in the proportions of the real ones. */
const deadlines = { readMs: 800, writeMs: 900, urgentMs: 150 }

const folder = mkdtempSync(join(tmpdir(), 'docket-health-'))
let server: HranaServer
/** Waits as long as in production, for what has to work. */
let desk: Desk
/** The same database, given up on soon. */
let hasty: Desk
let owner: UserActor
let agent: AgentActor
let health: Health
const told: unknown[] = []

beforeAll(async () => {
  server = await startHranaServer({ file: join(folder, 'docket.db'), synchronous: 'OFF' })
  desk = { db: await openDatabase({ url: server.url }), now: Date.now }
  await migrate(desk.db)
  const db = await openDatabase({ url: server.url, deadlines })
  hasty = { db, now: Date.now }
  owner = await addUser(desk, 'Olive')
  agent = await addAgent(desk, 'Agent', { concurrency: 100 })
  health = new Health({ db, onFailure: (error) => told.push(error), onWell: () => told.push('well') })
})
afterEach(async () => {
  server.unblock()
  server.resume()
  await until(() => health.look())
  told.length = 0
})
afterAll(async () => {
  expect(await violations(desk.db)).toEqual([])
  hasty.db.close()
  desk.db.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A write that shows in `probes`, and that is sent without a read before it. */
const note = (id: number) =>
  hasty.db.write({
    statements: [{ sql: 'INSERT INTO probes (id, at) VALUES (?, 0)', args: [id] }],
    outcome: { sql: 'SELECT id FROM probes WHERE id = ?', args: [id] },
  })
const noted = async (id: number) =>
  (await desk.db.first('SELECT 1 FROM probes WHERE id = ?', [id])) !== undefined

const inRequest = <T>(ask: () => T): T => connections.run({ reads: null } as Connection, ask)
const refusal = (asked: Promise<unknown>) =>
  asked.then(
    () => 'taken',
    (error: unknown) => error,
  )

/** How long it takes until it is refused, in milliseconds. */
async function msUntilRefused(asked: Promise<unknown>): Promise<number> {
  const since = performance.now()
  expect(await refusal(asked)).toSatisfy(isUnavailable)
  return performance.now() - since
}

test('a server that takes requests and answers none is given up on by deadline, each its own, however many wait', async () => {
  const id = await handIn(desk, owner, { agentId: agent.id })
  const [held] = await claim(desk, agent)
  if (!held) throw new Error('not claimed')
  server.hang()
  const write = refusal(note(11))
  const reads = Array.from({ length: 25 }, () => msUntilRefused(hasty.db.first('SELECT 1')))
  const renewal = msUntilRefused(renewLeases(hasty, [held.lease], ownLease.lengthMs))
  const probe = msUntilRefused(hasty.db.probeAccess('reads'))
  // neither waits for the write in the queue, nor for one of the 20 places of the reads
  expect(await Promise.race([renewal, probe, ...reads, write.then(() => 0)])).toBeLessThan(deadlines.readMs)
  await Promise.all([renewal, probe])
  expect(await hasty.db.probe()).toBe(false)
  const waited = await Promise.all(reads)
  expect(Math.min(...waited)).toBeGreaterThan(deadlines.readMs * 0.9)
  // what waits for a place has its whole deadline from when it is sent
  expect(Math.max(...waited)).toBeGreaterThan(deadlines.readMs * 1.8)
  expect(await write).toBeInstanceOf(OutcomeUnknown)
  server.resume()
  expect((await findJob(desk, owner, id)).status).toBe('IN_PROGRESS')
})

test('after two failed probes requests are refused at once, those that wait too, and the background tries on', async () => {
  server.hang()
  const waiting = inRequest(() => refusal(hasty.db.first('SELECT 1')))
  const background = hasty.db.first<{ one: number }>('SELECT 1 AS one')
  expect(await health.look()).toBe(false)
  expect(health.downSignal('reads').aborted).toBe(false)
  expect(told).toEqual([])
  expect(await health.look()).toBe(false)
  expect(health.downSignal('reads').aborted).toBe(true)
  expect(told).toHaveLength(1)
  expect(await waiting).toBeInstanceOf(DatabaseUnavailable)
  expect(await inRequest(() => msUntilRefused(hasty.db.first('SELECT 1')))).toBeLessThan(50)
  server.resume()
  expect(await background).toEqual({ one: 1 })
  await until(() => health.look())
  expect(told.at(-1)).toBe('well')
  expect(await inRequest(() => hasty.db.first('SELECT 1 AS one'))).toEqual({ one: 1 })
})

test('a database that takes no writes still answers reads, and refuses writes at once', async () => {
  server.block('over quota', 'writes')
  expect(await inRequest(() => refusal(note(21)))).toBeInstanceOf(DatabaseUnavailable)
  await health.look()
  await health.look()
  const before = server.requests()
  expect(await inRequest(() => refusal(note(22)))).toBeInstanceOf(DatabaseUnavailable)
  expect(server.requests()).toBe(before)
  expect(await inRequest(() => noted(22))).toBe(false)
  expect(await hasty.db.probe()).toBe(false)
  server.unblock()
  await until(() => health.look())
  await inRequest(() => note(23))
})

test('a write that waits in the queue when the database goes down is not sent anymore', async () => {
  server.hang()
  const sent = inRequest(() => refusal(note(31)))
  await until(() => server.held() === 1)
  const waits = inRequest(() => refusal(note(32)))
  // the first look suspects nothing of writes yet
  for (let looks = 0; looks < 3; looks++) await health.look()
  const refused = await waits
  expect(refused).toBeInstanceOf(DatabaseUnavailable)
  expect(refused).not.toBeInstanceOf(OutcomeUnknown)
  server.resume()
  // what was on its way is found out about
  expect(await sent).toBe('taken')
  expect([await noted(31), await noted(32)]).toEqual([true, false])
})

describe('the dispatcher', () => {
  let dispatcher: Dispatcher
  let id: string

  beforeEach(async () => {
    id = await handIn(desk, owner, { agentId: agent.id })
    const onError = (error: unknown) => {
      throw error
    }
    dispatcher = new Dispatcher({ desk, adapters, workRoot: '/nowhere', ownsDatabase: false, onError })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await dispatcher.stop()
  })

  async function expectGivenBack() {
    expect(dispatcher.runningCount).toBe(0)
    expect(await findJob(desk, owner, id)).toMatchObject({ status: 'ASSIGNED', failures: 0 })
    expect((await jobAttempts(desk, owner, id)).rows).toMatchObject([
      { outcome: 'DRAINED', error: 'The database answered too late, so this attempt was not started.' },
    ])
  }

  test('gives a claim back unstarted that has less than half of its lease left', async () => {
    const { write } = desk.db
    const clock = performance.now.bind(performance)
    vi.spyOn(desk.db, 'write').mockImplementationOnce(async (unit) => {
      const rows = await write.call(desk.db, unit)
      vi.spyOn(performance, 'now').mockImplementation(() => clock() + ownLease.lengthMs / 2 + 1)
      return rows
    })
    await dispatcher.look()
    await expectGivenBack()
  })

  test('gives back what it holds and does not run: a claim whose answer was lost for good', async () => {
    server.dropNextResponse(1, /INSERT INTO attempts/)
    server.dropNextResponse(1, /DELETE FROM probes WHERE false/)
    await expect(dispatcher.look()).rejects.toThrow(OutcomeUnknown)
    expect((await findJob(desk, owner, id)).status).toBe('IN_PROGRESS')
    await dispatcher.look()
    await expectGivenBack()
  })
})
