import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { Scheduler } from '~/dispatch/scheduler.server'
import type { Desk } from '~/domain/desk'
import type { UserActor } from '~/domain/policy'
import { createSchedule } from '~/domain/schedules/create.server'
import { runDueSchedules } from '~/domain/schedules/due.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { findSchedule } from '~/domain/schedules/queries.server'
import { type Database, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { addUser } from '../support/cast'
import { type HranaServer, startHranaServer } from '../support/hrana-server'
import { violations } from '../support/invariants'
import { addTemplate } from '../support/templates'
import { until } from '../support/until'

/** Several processes' schedulers on one libSQL server: each has a client and a write queue of its own. */

const hour = 3_600_000
let folder: string
let server: HranaServer
let databases: Database[] = []
let schedulers: Scheduler[] = []
let faults: unknown[] = []
let now = Date.UTC(2026, 0, 1)

async function stage(processes: number): Promise<Desk[]> {
  folder = mkdtempSync(join(tmpdir(), 'docket-scheduler-'))
  server = await startHranaServer({ file: join(folder, 'docket.db') })
  databases = []
  for (let n = 0; n < processes; n++) databases.push(await openDatabase({ url: server.url }))
  await migrate(databases[0] as Database)
  faults = []
  now = Date.UTC(2026, 0, 1)
  return databases.map((db) => ({ db, now: () => now }))
}

afterEach(async () => {
  await Promise.all(schedulers.map((each) => each.stop()))
  schedulers = []
  expect(await violations(databases[0] as Database)).toEqual([])
  expect(faults).toEqual([])
  for (const db of databases) db.close()
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A busy machine resets a connection now and then: the loop looks again, and that is no fault. */
const told = (error: unknown) => {
  if (!String((error as Error).cause).includes('ECONNRESET')) faults.push(error)
}

const start = (desks: Desk[]) => {
  schedulers = desks.map((desk) => new Scheduler({ desk, onError: told }))
  for (const each of schedulers) each.start()
}

async function addSchedules(desk: Desk, owner: UserActor, count: number, cron = '0 * * * *') {
  const templateId = await addTemplate(desk, owner)
  const ids: string[] = []
  for (let n = 0; n < count; n++) {
    const input = { name: `Schedule ${n}`, templateId, values: { topic: 'x' }, cron, catchUp: 'all' }
    ids.push((await createSchedule(desk, owner, newScheduleInput.parse(input))).id)
  }
  return ids
}

const jobsOf = (desk: Desk) =>
  desk.db.all<{ scheduleId: string; jobs: number; runs: number; logs: number }>(
    `SELECT j.scheduleId, count(*) AS jobs,
       (SELECT count(*) FROM schedule_runs r WHERE r.scheduleId = j.scheduleId AND r.outcome = 'MADE') AS runs,
       (SELECT count(*) FROM job_logs l JOIN jobs k ON k.id = l.jobId WHERE k.scheduleId = j.scheduleId) AS logs
     FROM jobs j GROUP BY j.scheduleId`,
  )

test('three processes race for the same due times, and each is handed in once', async () => {
  const desks = await stage(3)
  const [desk] = desks as [Desk]
  const owner = await addUser(desk, 'Olive')
  const ids = await addSchedules(desk, owner, 30)
  now += 3 * hour
  start(desks)
  await until(async () => (await jobsOf(desk)).length === ids.length)
  // again, and with each of them told to look at the same moment
  now += hour
  await Promise.all(desks.map((each) => runDueSchedules(each, told)))
  for (const each of schedulers) await each.stop()
  for (const each of desks) while ((await runDueSchedules(each, told)).due > 0);
  const made = await jobsOf(desk)
  expect(made).toHaveLength(ids.length)
  for (const each of made) expect(each).toMatchObject({ jobs: 4, runs: 4, logs: 4 })
}, 30_000)

test('two that read the same due schedule at once: one makes the job, the other nothing', async () => {
  const desks = await stage(2)
  const [desk] = desks as [Desk]
  const [id] = await addSchedules(desk, await addUser(desk, 'Olive'), 1)
  now += hour
  const both = await Promise.all(desks.map((each) => runDueSchedules(each, told)))
  expect(both.map(({ due }) => due)).toEqual([1, 1])
  expect(both.map(({ runs }) => runs.length).sort()).toEqual([0, 1])
  expect(await jobsOf(desk)).toEqual([{ scheduleId: id, jobs: 1, runs: 1, logs: 1 }])
})

test('an answer that is lost after the commit makes no second job', async () => {
  const [desk] = (await stage(1)) as [Desk]
  const [id] = await addSchedules(desk, await addUser(desk, 'Olive'), 1)
  now += hour
  server.dropNextResponse(1, /UPDATE schedules SET nextAt/)
  const { runs } = await runDueSchedules(desk, told)
  expect(runs).toMatchObject([{ outcome: 'MADE' }])
  expect(await jobsOf(desk)).toEqual([{ scheduleId: id, jobs: 1, runs: 1, logs: 1 }])
})

test('a due time that has its run already gets no second one, though the schedule was put back', async () => {
  const [desk] = (await stage(1)) as [Desk]
  const [id] = (await addSchedules(desk, await addUser(desk, 'Olive'), 1)) as [string]
  const { nextAt } = await findSchedule(desk, { kind: 'user', id: '', name: '', role: 'ADMIN' }, id)
  now += hour
  await runDueSchedules(desk, told)
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: 'UPDATE schedules SET nextAt = ? WHERE id = ?', args: [nextAt, id] }],
  })
  await runDueSchedules(desk, told)
  expect(await jobsOf(desk)).toEqual([{ scheduleId: id, jobs: 1, runs: 1, logs: 1 }])
})

test('it sleeps until something is due, and a new schedule wakes it', async () => {
  const [desk] = (await stage(1)) as [Desk]
  const owner = await addUser(desk, 'Olive')
  // by the real clock here, but for what is due: a moment before the minute is over
  const began = Date.now()
  desk.now = () => Date.UTC(2026, 0, 1, 0, 0, 58) + Date.now() - began
  start([desk])
  const [id] = await addSchedules(desk, owner, 1, '* * * * *')
  const [made] = await until(async () => {
    const all = await jobsOf(desk)
    return all.length > 0 && all
  })
  expect(made).toMatchObject({ scheduleId: id, jobs: 1 })
})

test('what can’t be seen to is told, and holds up nobody else', async () => {
  const [desk] = (await stage(1)) as [Desk]
  const [bad, good] = (await addSchedules(desk, await addUser(desk, 'Olive'), 2)) as [string, string]
  await desk.db.write({
    repeatable: true,
    statements: [{ sql: `UPDATE schedules SET "values" = 'no JSON' WHERE id = ?`, args: [bad] }],
  })
  now += hour
  start([desk])
  await until(async () => (await jobsOf(desk)).length > 0)
  expect(await jobsOf(desk)).toMatchObject([{ scheduleId: good, jobs: 1 }])
  expect(faults.splice(0).map(String)).toEqual([expect.stringContaining('SyntaxError')])
})
