import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { failAttempt } from '~/domain/attempts/settle.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { freezeBatch } from '~/domain/batches/freeze.server'
import { Conflict, Forbidden, Invalid } from '~/domain/errors'
import { archiveJob } from '~/domain/jobs/archive.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJobs } from '~/domain/jobs/create.server'
import { purgeJob } from '~/domain/jobs/purge.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { retentionForm, retentionPatch } from '~/domain/retention/input'
import { forgetWords, letRetentionGo, runRetention } from '~/domain/retention/run.server'
import { readRetention, saveRetention } from '~/domain/retention/settings.server'
import { createSchedule } from '~/domain/schedules/create.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { runScheduleNow } from '~/domain/schedules/run-now.server'
import { addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { addTemplate } from '../support/templates'

const day = 86_400_000
let tests = 0
const [one, two] = [
  { id: 'one', alone: false },
  { id: 'two', alone: false },
]

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  let desk: TestDesk['desk']
  let owner: UserActor
  let admin: UserActor

  beforeEach(async () => {
    stage = await testDesk(on)
    desk = stage.desk
    // ids begin with their time, and within a process that never goes back
    stage.advance(++tests * 2000 * day)
    owner = await addUser(desk, 'Olive')
    admin = await addUser(desk, 'Ada', 'ADMIN')
  })
  afterEach(async () => {
    expect(await violations(desk.db)).toEqual([])
    await stage.close()
  })

  const canceled = async () => {
    const id = await handIn(desk, owner)
    await cancelJob(desk, owner, id, {})
    return id
  }
  const left = async (where = 'TRUE') =>
    (await desk.db.all<{ id: string }>(`SELECT id FROM jobs WHERE ${where} ORDER BY id`)).map(({ id }) => id)
  const runs = () =>
    desk.db.all<{ detail: string; actorKind: string }>(
      "SELECT actorKind, detail FROM audit WHERE action = 'retention.run' ORDER BY id",
    )

  test('is off until an admin says otherwise', async () => {
    const id = await canceled()
    stage.advance(1000 * day)
    expect(await runRetention(desk, one)).toBeNull()
    expect(await left()).toEqual([id])
    expect(await readRetention(desk, admin)).toEqual({
      ...{ archiveAfterDays: null, purgeAfterDays: null, version: 1, updatedAt: null },
      ...{ wouldArchive: null, wouldPurge: null, running: null, lastRun: null },
    })
    await expect(readRetention(desk, owner)).rejects.toThrow(Forbidden)
    await expect(saveRetention(desk, owner, { archiveAfterDays: 1 })).rejects.toThrow(Forbidden)
  })

  test('archives and purges what has been closed for so long, once a day, and says so', async () => {
    const open = await handIn(desk, owner)
    const late = await handIn(desk, owner)
    const oldest = await canceled()
    stage.advance(20 * day)
    const old = await canceled()
    // created long ago, and closed lately
    await cancelJob(desk, owner, late, {})
    stage.advance(10 * day)
    const young = await canceled()
    await saveRetention(desk, admin, { archiveAfterDays: 10, purgeAfterDays: 30 })
    // so many days to the moment is not yet longer than so many days
    expect(await readRetention(desk, admin)).toMatchObject({ wouldPurge: { count: 0 } })
    stage.advance(1)
    const daysAgo = (days: number) => desk.now() - days * day
    expect(await readRetention(desk, admin)).toMatchObject({
      wouldArchive: { before: daysAgo(10), count: 3, isMore: false },
      wouldPurge: { before: daysAgo(30), count: 1, isMore: false },
    })
    expect(await runRetention(desk, one)).toEqual({ archived: 2, purged: 1 })
    expect(await left()).toEqual([open, late, old, young])
    expect(await left('archivedAt IS NOT NULL')).toEqual([late, old])
    const { rows } = await jobLogs(desk, owner, old, {})
    expect(rows.at(-1)).toMatchObject({
      ...{ kind: 'archive', actorKind: 'system' },
      message: 'Archived by the retention setting, 10 days after it closed.',
    })
    const detail = { archived: 2, purged: 1, archiveAfterDays: 10, purgeAfterDays: 30 }
    expect(await runs()).toEqual([{ actorKind: 'system', detail: JSON.stringify(detail) }])
    expect(await readRetention(desk, admin)).toMatchObject({
      ...{ running: null, lastRun: { endedAt: desk.now(), archived: 2, purged: 1 } },
      wouldArchive: { count: 0 },
    })
    expect(oldest).not.toBe(old)

    stage.advance(day - 1)
    expect(await runRetention(desk, one)).toBeNull()
    stage.advance(1)
    // a run that does nothing leaves no row
    expect(await runRetention(desk, one)).toEqual({ archived: 0, purged: 0 })
    expect(await runs()).toHaveLength(1)
    stage.advance(1)
    await saveRetention(desk, admin, { archiveAfterDays: null, purgeAfterDays: 1 })
    expect(await runRetention(desk, one)).toEqual({ archived: 0, purged: 3 })
    expect(await left()).toEqual([open])
  })

  test('leaves what is still needed: the job that a schedule fails by, and what a batch has yet to come to', async () => {
    const agent = await addAgent(desk, 'Agent')
    const templateId = await addTemplate(desk, owner)
    const input = { name: 'Weekly', templateId, values: { topic: 'x' }, cron: '0 0 1 1 *' }
    const { id: schedule } = await createSchedule(desk, owner, newScheduleInput.parse(input))
    const failing = await runScheduleNow(desk, owner, schedule)
    const [held] = await claim(desk, agent)
    if (!held) throw new Error('not claimed')
    await failAttempt(desk, agent, held.lease, { reason: 'No', retryable: false })
    const batched = await canceled()
    const batch = await freezeBatch(desk, owner, { scope: 'own', verb: 'addTag', ids: [batched] })
    await confirmBatch(desk, owner, batch, { tag: 'kept' })
    const plain = await canceled()
    stage.advance(5 * day)
    await saveRetention(desk, admin, { purgeAfterDays: 2 })
    expect(await runRetention(desk, one)).toEqual({ archived: 0, purged: 1 })
    expect(await left()).toEqual([failing, batched])
    expect(plain).not.toBe(batched)
    // somebody has seen to it
    await archiveJob(desk, owner, failing, {})
    stage.advance(day)
    expect(await runRetention(desk, one)).toEqual({ archived: 0, purged: 1 })
    expect(await left()).toEqual([batched])
  })

  test('a run that is cut off goes on where it was, one process at a time', async () => {
    const input = { name: 'Many', description: '/stats\nx', acceptanceCriteria: 'c' }
    const ids = await createJobs(desk, owner, Array(30).fill(input))
    for (const id of ids) await cancelJob(desk, owner, id, {})
    stage.advance(3 * day)
    await saveRetention(desk, admin, { archiveAfterDays: 1, purgeAfterDays: 2 })
    let slices = 0
    expect(await runRetention(desk, one, () => slices++ < 1)).toBeNull()
    expect((await left()).length).toBeLessThan(30)
    expect((await left()).length).toBeGreaterThan(0)
    expect((await readRetention(desk, admin)).running).toMatchObject({ archived: 0, purged: 10 })
    // the first is not known to be dead before its lease has lapsed
    expect(await runRetention(desk, two)).toBeNull()
    stage.advance(31_000)
    expect(await runRetention(desk, two)).toEqual({ archived: 0, purged: 30 })
    expect(await left()).toEqual([])
    expect(await runs()).toHaveLength(1)

    const kept = await canceled()
    stage.advance(3 * day)
    expect(await runRetention(desk, one, () => false)).toBeNull()
    await letRetentionGo(desk, one)
    // other settings are another run
    await saveRetention(desk, admin, { archiveAfterDays: null, purgeAfterDays: null })
    expect(await runRetention(desk, two)).toEqual({ archived: 0, purged: 0 })
    stage.advance(10 * day)
    expect(await runRetention(desk, two)).toBeNull()
    expect(await left()).toEqual([kept])
  })

  test('words that only purged jobs had leave the text index', async () => {
    const word = `feldspar${on}`
    const holds = () =>
      desk.db.all('SELECT id FROM jobs_text_data WHERE instr(block, CAST(? AS BLOB)) > 0', [word])
    const gone = await handIn(desk, owner, { description: `/stats\n${word}` })
    const kept = await handIn(desk, owner, { description: '/stats\nkept' })
    await cancelJob(desk, owner, gone, {})
    expect(await forgetWords(desk)).toBe(false)
    await purgeJob(desk, admin, gone)
    expect(await holds()).not.toEqual([])
    expect(await forgetWords(desk)).toBe(true)
    expect(await holds()).toEqual([])
    expect(await desk.db.all("SELECT rowid FROM jobs_text WHERE jobs_text MATCH 'kept'")).toHaveLength(1)
    stage.advance(1)
    expect(await forgetWords(desk)).toBe(false)
    await cancelJob(desk, owner, kept, {})
    await purgeJob(desk, admin, kept)
    expect(await forgetWords(desk)).toBe(false)
    stage.advance(day)
    expect(await forgetWords(desk)).toBe(true)
  })

  test('settings: what is wrong is said at its field, and a change of somebody else’s is kept', async () => {
    expect(await saveRetention(desk, admin, { archiveAfterDays: 30, version: 1 })).toBe(true)
    expect(await saveRetention(desk, admin, { archiveAfterDays: 30 })).toBe(false)
    await expect(saveRetention(desk, admin, { archiveAfterDays: 9, version: 1 })).rejects.toThrow(Conflict)
    await expect(saveRetention(desk, admin, { purgeAfterDays: 30 })).rejects.toThrow(Invalid)
    await saveRetention(desk, admin, { purgeAfterDays: 31 })
    const edits = await desk.db.all<{ detail: string }>(
      "SELECT detail FROM audit WHERE action = 'retention.edit' ORDER BY id",
    )
    expect(edits.map(({ detail }) => (JSON.parse(detail) as { changed: string[] }).changed)).toEqual([
      ['archive after days from none to 30'],
      ['purge after days from none to 31'],
    ])
    expect((await findJob(desk, owner, await canceled())).status).toBe('CANCELED')
  })
})

test('days are whole numbers; an empty field of the form is never', () => {
  expect(retentionForm.parse({ archiveAfterDays: '30', version: '2' })).toEqual({
    ...{ archiveAfterDays: 30, purgeAfterDays: null, version: 2 },
  })
  for (const days of ['0', '1.5', 'x', '36501']) {
    expect(retentionForm.safeParse({ archiveAfterDays: days }).success, days).toBe(false)
  }
  expect(retentionPatch.safeParse({ archiveAfterDays: '30' }).success).toBe(false)
  expect(retentionPatch.safeParse({ days: 30 }).success).toBe(false)
  expect(retentionPatch.parse({ purgeAfterDays: null })).toEqual({ purgeAfterDays: null })
})
