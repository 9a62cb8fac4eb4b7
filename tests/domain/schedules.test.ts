import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Claim } from '~/domain/attempts/brief'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import { listAudit } from '~/domain/audit-queries.server'
import type { Desk } from '~/domain/desk'
import { Conflict, Forbidden, Invalid, NotFound } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob } from '~/domain/jobs/review.server'
import { listSurroundings } from '~/domain/jobs/surroundings.server'
import type { UserActor } from '~/domain/policy'
import { createSchedule, mostSchedules } from '~/domain/schedules/create.server'
import { runDueSchedules } from '~/domain/schedules/due.server'
import { editSchedule } from '~/domain/schedules/edit.server'
import { type NewScheduleInput, newScheduleInput } from '~/domain/schedules/input'
import { pauseSchedule, resumeSchedule } from '~/domain/schedules/pause.server'
import { findSchedule, findScheduleDetail, listSchedules } from '~/domain/schedules/queries.server'
import { removeSchedule } from '~/domain/schedules/remove.server'
import { runScheduleNow } from '~/domain/schedules/run-now.server'
import { editTemplate, removeTemplate } from '~/domain/templates/save.server'
import { addAgent, addUser, claim, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { addTemplate, dropTemplate, needMore, shareTemplate } from '../support/templates'

const minute = 60_000
const hour = 60 * minute

let stage: TestDesk
let desk: Desk
let owner: UserActor
let faults: unknown[]

beforeEach(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  faults = []
})
afterEach(async () => {
  expect(faults).toEqual([])
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

async function schedule(input: Partial<NewScheduleInput> = {}, actor = owner) {
  const templateId = input.templateId ?? (await addTemplate(desk, actor))
  return createSchedule(
    desk,
    actor,
    newScheduleInput.parse({
      ...{ name: 'Weekly report', templateId, values: { topic: 'sales' } },
      ...{ cron: '0 * * * *', timeZone: 'Europe/Berlin', ...input },
    }),
  )
}

const runDue = async () => {
  const runs = []
  for (;;) {
    const done = await runDueSchedules(desk, (error) => faults.push(error))
    if (done.due === 0) return runs
    runs.push(...done.runs)
  }
}
const jobs = () =>
  desk.db.all<{ id: string; scheduleId: string; templateId: string; userId: string; name: string }>(
    'SELECT id, scheduleId, templateId, userId, name FROM jobs ORDER BY id',
  )
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

describe('a due time', () => {
  test('makes a job of the owner, whose log says where it comes from; the schedule goes on', async () => {
    const { id, templateId, nextAt } = await schedule()
    expect(iso(nextAt)).toBe('2026-01-01T01:00:00.000Z')
    expect(await runDue()).toEqual([])
    stage.advance(hour)
    expect(await runDue()).toMatchObject([{ dueAt: nextAt, outcome: 'MADE', note: null }])
    const [job] = await jobs()
    expect(job).toMatchObject({ scheduleId: id, templateId, userId: owner.id, name: 'Report on sales' })
    const { rows } = await jobLogs(desk, owner, job?.id as string, {})
    expect(rows.map(({ message }) => message)).toEqual([
      'Handed in by the schedule “Weekly report”, due 2026-01-01 02:00 (Europe/Berlin).',
    ])
    expect(rows[0]).toMatchObject({ kind: 'create', actorKind: 'user', actorId: owner.id })
    const after = await findScheduleDetail(desk, owner, id)
    expect(after).toMatchObject({ lastAt: nextAt, problem: null, version: 1 })
    expect(iso(after.nextAt)).toBe('2026-01-01T02:00:00.000Z')
    expect(after.nextRuns.map(({ local }) => local)).toEqual(
      [3, 4, 5, 6, 7].map((each) => `Thu 1 Jan 2026, 0${each}:00`),
    )
    expect(after.runs).toMatchObject([
      {
        dueAt: nextAt,
        outcome: 'MADE',
        job: { id: job?.id, status: 'PENDING' },
        due: { local: 'Thu 1 Jan 2026, 02:00' },
      },
    ])
    expect(await runDue()).toEqual([])
  })

  test('names the agent too', async () => {
    const agent = await addAgent(desk, 'Toolbox')
    await schedule({ templateId: await addTemplate(desk, owner, { agentId: agent.id }) })
    stage.advance(hour)
    await runDue()
    const [job] = await jobs()
    expect((await findJob(desk, owner, job?.id as string)).status).toBe('ASSIGNED')
    const { rows } = await jobLogs(desk, owner, job?.id as string, {})
    expect(rows[0]?.message).toMatch(/^Handed in for Toolbox \w+ by the schedule “Weekly report”, due /)
  })
})

describe('after downtime', () => {
  const downFor = async (catchUp: NewScheduleInput['catchUp'], ms: number, cron = '0 * * * *') => {
    const { id } = await schedule({ catchUp, cron, timeZone: 'UTC' })
    stage.advance(ms)
    const runs = await runDue()
    return { id, runs, found: await findScheduleDetail(desk, owner, id) }
  }

  test('skip: none of the missed ones', async () => {
    const { runs, found } = await downFor('skip', 5.5 * hour)
    expect(runs).toMatchObject([{ outcome: 'SKIPPED' }])
    expect(found.runs[0]?.note).toBe(
      '5 due times from 2026-01-01 01:00 (UTC) to this one were missed: Docket was not there.',
    )
    expect(await jobs()).toEqual([])
    expect(iso(found.nextAt)).toBe('2026-01-01T06:00:00.000Z')
    expect(iso(found.lastAt)).toBe('2026-01-01T05:00:00.000Z')
  })

  test('skip: what is a minute late was not missed', async () => {
    const { runs } = await downFor('skip', hour + minute)
    expect(runs).toMatchObject([{ outcome: 'MADE' }])
  })

  test('latest: the latest, and one row for the others', async () => {
    const { runs, found } = await downFor('latest', 5.5 * hour)
    expect(runs.map(({ dueAt, outcome }) => [iso(dueAt), outcome])).toEqual([
      ['2026-01-01T04:00:00.000Z', 'SKIPPED'],
      ['2026-01-01T05:00:00.000Z', 'MADE'],
    ])
    expect(found.runs.map(({ note }) => note)).toEqual([
      null,
      '4 due times from 2026-01-01 01:00 (UTC) to this one were missed: Docket was not there.',
    ])
    expect(await jobs()).toHaveLength(1)
  })

  test('all: every one, each with its own due time', async () => {
    const { runs } = await downFor('all', 5.5 * hour)
    expect(runs.map(({ dueAt, outcome }) => `${iso(dueAt)?.slice(11, 16)} ${outcome}`)).toEqual(
      [1, 2, 3, 4, 5].map((each) => `0${each}:00 MADE`),
    )
    expect(await jobs()).toHaveLength(5)
  })

  test('all: the newest hundred, and no more', async () => {
    const { runs, found } = await downFor('all', 7 * 24 * hour, '* * * * *')
    expect(runs.filter(({ outcome }) => outcome === 'MADE')).toHaveLength(100)
    expect(runs[0]).toMatchObject({
      outcome: 'SKIPPED',
      note: 'All due times from 2026-01-01 00:01 (UTC) to this one were missed: Docket was not there.',
    })
    expect(await jobs()).toHaveLength(100)
    expect(found.nextAt).toBe(desk.now() + minute)
  })

  test('a year of every minute takes no longer than a moment', async () => {
    const began = performance.now()
    const { runs } = await downFor('latest', 365 * 24 * hour, '* * * * *')
    expect(runs.map(({ outcome }) => outcome)).toEqual(['SKIPPED', 'MADE'])
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

describe('what can’t be handed in is told, and the schedule goes on', () => {
  const fails = async (id: string, problem: RegExp) => {
    stage.advance(hour)
    expect(await runDue()).toMatchObject([
      { outcome: 'FAILED', jobId: null, note: expect.stringMatching(problem) },
    ])
    const found = await findSchedule(desk, owner, id)
    expect(found).toMatchObject({ state: 'ACTIVE', problem: expect.stringMatching(problem) })
    expect(found.nextAt).toBeGreaterThan(desk.now())
    expect(await jobs()).toEqual([])
    return found
  }

  test('the template is removed', async () => {
    const { id, templateId } = await schedule()
    await dropTemplate(desk, templateId)
    const { templateName } = await fails(id, /^Its template was removed, or is no longer shared\.$/)
    expect(templateName).toBeNull()
  })

  test('somebody else’s template is no longer shared; once it is again, the next run is made', async () => {
    const other = await addUser(desk, 'Other')
    const templateId = await addTemplate(desk, other, {}, { shared: true })
    const { id } = await schedule({ templateId })
    await shareTemplate(desk, templateId, false)
    expect((await fails(id, /no longer shared/)).templateName).toBeNull()
    await shareTemplate(desk, templateId, true)
    stage.advance(hour)
    expect(await runDue()).toMatchObject([{ outcome: 'MADE' }])
    expect((await findSchedule(desk, owner, id)).problem).toBeNull()
  })

  test('the template asks for a value that was not given', async () => {
    const { id, templateId } = await schedule()
    await needMore(desk, templateId, 'region', 'Region')
    await fails(id, /^The values no longer fit the template\. Region: /)
  })

  test('the agent is retired', async () => {
    const agent = await addAgent(desk, 'Leaver')
    const { id } = await schedule({ templateId: await addTemplate(desk, owner, { agentId: agent.id }) })
    await setAgentState(desk, agent, 'RETIRED')
    await fails(id, /^The agent that the template names is retired/)
    await expect(runScheduleNow(desk, owner, id)).rejects.toThrow(/is retired/)
  })

  test('its owner is disabled', async () => {
    const { id } = await schedule()
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE users SET disabledAt = 1 WHERE id = ?', args: [owner.id] }],
    })
    await fails(id, /^The account of its owner is disabled\.$/)
  })

  test('a time zone that is no longer known: due no more', async () => {
    const { id } = await schedule()
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: `UPDATE schedules SET timeZone = 'Mars/Olympus' WHERE id = ?`, args: [id] }],
    })
    stage.advance(hour)
    expect(await runDue()).toEqual([])
    expect(await findSchedule(desk, owner, id)).toMatchObject({ nextAt: null, problem: expect.any(String) })
  })
})

describe('failing', () => {
  const failing = async (actor = owner, scope: 'own' | 'all' = 'own') =>
    (await listSchedules(desk, actor, { scope, failing: true })).rows.map(({ id }) => id)

  test('while the last of its jobs to end failed, until one is completed, reopened, archived or purged', async () => {
    const agent = await addAgent(desk, 'Agent')
    const [admin, other] = [await addUser(desk, 'Ada', 'ADMIN'), await addUser(desk, 'Other')]
    const { id } = await schedule()
    const run = async (end: 'fails' | 'works') => {
      stage.advance(1000)
      const jobId = await runScheduleNow(desk, owner, id)
      const held = (await claim(desk, agent)).find(({ job }) => job.id === jobId)
      if (!held) throw new Error('not claimed')
      if (end === 'fails') await failAttempt(desk, agent, held.lease, { reason: 'No data', retryable: false })
      else await acceptSubmitted(held)
      return jobId
    }
    const acceptSubmitted = async ({ job, lease }: Claim) => {
      await submitAttempt(desk, agent, lease, { result: '1' })
      await acceptJob(desk, owner, job.id, {})
    }
    const failure = async () => (await findSchedule(desk, owner, id)).failure
    const older = await run('fails')
    const failedJob = await run('fails')
    const since = desk.now()
    expect(await failure()).toEqual({
      since,
      why: 'No data',
      job: { id: failedJob, name: 'Report on sales' },
    })
    expect([await failing(), await failing(other), await failing(admin, 'all')]).toEqual([[id], [], [id]])
    expect((await listSurroundings(desk, owner, 'own', {})).failingSchedules).toBe(1)
    expect((await listSurroundings(desk, admin, 'own', {})).failingSchedules).toBe(0)

    // an older job says nothing of the newest
    await resubmitJob(desk, owner, older, {})
    const [again] = await claim(desk, agent)
    await acceptSubmitted(again as Claim)
    expect(await failing()).toEqual([id])
    await pauseSchedule(desk, owner, id)
    expect([await failure(), await failing()]).toEqual([null, []])
    await resumeSchedule(desk, owner, id)
    expect(await failing()).toEqual([id])

    await resubmitJob(desk, owner, failedJob, {})
    expect(await failure()).toBeNull()
    await cancelJob(desk, owner, failedJob, {})
    await archiveJob(desk, owner, await run('fails'), {})
    expect(await failure()).toBeNull()
    await purgeJob(desk, admin, await run('fails'))
    expect(await failure()).toBeNull()
    await run('fails')
    expect(await failing()).toEqual([id])
    // those that failed before this was kept
    await desk.db.write({
      repeatable: true,
      statements: [{ sql: 'UPDATE schedules SET failedJobId = NULL', args: [] }],
    })
    const [backfill = ''] = readFileSync('db/migrations/0015_failing-schedules-triggers.sql', 'utf8').split(
      '-->',
    )
    await desk.db.write({ repeatable: true, statements: [{ sql: backfill, args: [] }] })
    expect(await failing()).toEqual([id])
    await run('works')
    expect([await failure(), await failing()]).toEqual([null, []])
  })

  test('a template in use is removed only where that is wanted, and its schedules say so at once', async () => {
    const { id, templateId } = await schedule()
    await expect(removeTemplate(desk, owner, templateId)).rejects.toMatchObject({
      reason: 'in_use',
      message: 'A schedule uses this template: “Weekly report”. Without it it creates no more jobs.',
      schedules: [{ id, name: 'Weekly report', ownerName: 'Olive' }],
    })
    expect(await failing()).toEqual([])
    await expect(removeTemplate(desk, owner, templateId, { version: 7, force: true })).rejects.toMatchObject({
      reason: 'stale_version',
    })
    await removeTemplate(desk, owner, templateId, { version: 1, force: true })
    const problem = 'Its template was removed, or is no longer shared.'
    expect(await findSchedule(desk, owner, id)).toMatchObject({
      problem,
      failure: { why: problem, job: null },
    })
    await expect(schedule({ templateId })).rejects.toThrow(Invalid)
  })

  test('a template’s owner learns that others use it, but not who; no longer shared, their schedules say so', async () => {
    const other = await addUser(desk, 'Other')
    const templateId = await addTemplate(desk, other, {}, { shared: true })
    const [theirs, mine] = [
      await schedule({ templateId }),
      await schedule({ templateId, name: 'Own' }, other),
    ]
    await expect(removeTemplate(desk, other, templateId)).rejects.toMatchObject({
      count: 2,
      schedules: [{ id: mine.id, name: 'Own', ownerName: 'Other' }],
    })
    await editTemplate(desk, other, templateId, { shared: false })
    expect([await failing(owner), await failing(other)]).toEqual([[theirs.id], []])
    await editTemplate(desk, other, templateId, { shared: true })
    expect(await failing(owner)).toEqual([])
  })
})

describe('verbs', () => {
  test('paused, nothing is due; resumed, it is due from now on', async () => {
    const { id } = await schedule()
    expect(await pauseSchedule(desk, owner, id)).toMatchObject({ state: 'PAUSED', nextAt: null, version: 2 })
    expect(await pauseSchedule(desk, owner, id)).toMatchObject({ state: 'PAUSED', version: 2 })
    stage.advance(3.5 * hour)
    expect(await runDue()).toEqual([])
    const resumed = await resumeSchedule(desk, owner, id)
    expect([resumed.state, iso(resumed.nextAt)]).toEqual(['ACTIVE', '2026-01-01T04:00:00.000Z'])
    await expect(pauseSchedule(desk, owner, id, { version: 2 })).rejects.toThrow(Conflict)
  })

  test('another expression is reckoned from now; another name leaves the time as it is', async () => {
    const { id, nextAt } = await schedule()
    stage.advance(30 * minute)
    expect((await editSchedule(desk, owner, id, { name: 'Other' })).nextAt).toBe(nextAt)
    const changed = await editSchedule(desk, owner, id, { cron: '0 9 * * *', version: 2 })
    expect(changed).toMatchObject({ name: 'Other', words: 'Every day at 09:00', version: 3 })
    expect(iso(changed.nextAt)).toBe('2026-01-01T08:00:00.000Z')
    await expect(editSchedule(desk, owner, id, { name: 'Late', version: 2 })).rejects.toMatchObject({
      reason: 'stale_version',
    })
    await pauseSchedule(desk, owner, id)
    expect((await editSchedule(desk, owner, id, { cron: '@daily' })).nextAt).toBeNull()
  })

  test('values that don’t fit are refused at their fields, at once', async () => {
    const { id } = await schedule()
    await expect(schedule({ values: {} })).rejects.toMatchObject({
      fields: { 'values.topic': [expect.any(String)] },
    })
    await expect(editSchedule(desk, owner, id, { values: { topic: '' } })).rejects.toThrow(Invalid)
    await expect(schedule({ values: { topic: 'x', tpoic: 'y' } })).rejects.toMatchObject({
      fields: { 'values.tpoic': ['The template has no such variable.'] },
    })
    await expect(schedule({ templateId: 'none' })).rejects.toMatchObject({
      fields: { templateId: expect.any(Array) },
    })
  })

  test('run now makes a job, also while it is paused, and a second click makes none', async () => {
    const { id, nextAt } = await schedule()
    const seen = { lastAt: null }
    const jobId = await runScheduleNow(desk, owner, id, seen)
    const { rows } = await jobLogs(desk, owner, jobId, {})
    expect(rows[0]?.message).toBe('Handed in by the schedule “Weekly report”, run by hand.')
    stage.advance(1)
    await expect(runScheduleNow(desk, owner, id, seen)).rejects.toThrow(/run a moment ago/)
    expect(await findScheduleDetail(desk, owner, id)).toMatchObject({
      nextAt,
      runs: [{ job: { id: jobId } }],
    })
    await pauseSchedule(desk, owner, id)
    await runScheduleNow(desk, owner, id)
    expect(await jobs()).toHaveLength(2)
  })

  test('removed, it is gone and hands in nothing more; its jobs stay', async () => {
    const { id } = await schedule()
    await runScheduleNow(desk, owner, id)
    await expect(removeSchedule(desk, owner, id, { version: 9 })).rejects.toThrow(Conflict)
    await removeSchedule(desk, owner, id, { version: 1 })
    stage.advance(hour)
    expect(await runDue()).toEqual([])
    await expect(findSchedule(desk, owner, id)).rejects.toThrow(NotFound)
    expect((await listSchedules(desk, owner)).rows).toEqual([])
    expect(await jobs()).toHaveLength(1)
  })

  test('there is a most', async () => {
    const templateId = await addTemplate(desk, owner)
    await Promise.all(Array.from({ length: mostSchedules }, () => schedule({ templateId })))
    await expect(schedule({ templateId })).rejects.toThrow(Conflict)
  })
})

describe('whose it is', () => {
  test('to a stranger it is not there; an admin may read, pause and remove it, on the record', async () => {
    const { id } = await schedule()
    const stranger = await addUser(desk, 'Sam')
    const admin = await addUser(desk, 'Ada', 'ADMIN')
    for (const verb of [
      findSchedule,
      findScheduleDetail,
      pauseSchedule,
      resumeSchedule,
      removeSchedule,
      runScheduleNow,
    ])
      await expect(verb(desk, stranger, id)).rejects.toThrow(NotFound)
    await expect(editSchedule(desk, stranger, id, { name: 'x' })).rejects.toThrow(NotFound)
    await expect(listSchedules(desk, stranger, { scope: 'all' })).rejects.toThrow(NotFound)
    for (const verb of [resumeSchedule, runScheduleNow])
      await expect(verb(desk, admin, id)).rejects.toThrow(Forbidden)
    await expect(editSchedule(desk, admin, id, { name: 'x' })).rejects.toThrow(Forbidden)
    expect((await listSchedules(desk, admin)).rows).toEqual([])
    expect((await listSchedules(desk, admin, { scope: 'all' })).rows).toMatchObject([
      { id, ownerName: 'Olive' },
    ])
    expect((await pauseSchedule(desk, admin, id)).state).toBe('PAUSED')
    await resumeSchedule(desk, owner, id)
    await removeSchedule(desk, admin, id)
    const { rows } = await listAudit(desk, admin)
    expect(rows.map(({ action, actorName, detail }) => [action, actorName, detail?.name])).toEqual([
      ['schedule.remove', 'Ada', 'Weekly report'],
      ['schedule.pause', 'Ada', 'Weekly report'],
    ])
  })

  test('pages of them, both ways', async () => {
    const templateId = await addTemplate(desk, owner)
    const ids: string[] = []
    for (let n = 0; n < 5; n++) {
      ids.unshift((await schedule({ templateId })).id)
      stage.advance(1)
    }
    const first = await listSchedules(desk, owner, { limit: 2 })
    const second = await listSchedules(desk, owner, { limit: 2, cursor: first.nextCursor })
    const back = await listSchedules(desk, owner, { limit: 2, cursor: second.prevCursor })
    expect([first, second, back].map(({ rows }) => rows.map(({ id }) => id))).toEqual([
      ids.slice(0, 2),
      ids.slice(2, 4),
      ids.slice(0, 2),
    ])
  })
})
