import { afterAll, beforeAll, expect, test } from 'vitest'
import { runAttempt } from '~/dispatch/run.server'
import { listAgents } from '~/domain/agents/queries.server'
import type { Claim } from '~/domain/attempts/brief'
import { drainAttempt } from '~/domain/attempts/interrupt.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, submitAttempt } from '~/domain/attempts/settle.server'
import type { Desk } from '~/domain/desk'
import { findJob, findJobRecord, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import { createSchedule } from '~/domain/schedules/create.server'
import { runDueSchedules } from '~/domain/schedules/due.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { listSchedules } from '~/domain/schedules/queries.server'
import { listTemplates } from '~/domain/templates/queries.server'
import { shownLog } from '~/routes/jobs/job-page.server'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { addTemplate } from '../support/templates'

/** A libSQL server takes rows of 5 MB and gives answers of 10 MB. Whatever is as long as it may be can be read and written. */

let stage: TestDesk
let desk: Desk
let owner: UserActor
let agent: AgentActor

beforeAll(async () => {
  stage = await testDesk('server')
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  agent = await addAgent(desk, 'Painter', { concurrency: 100 })
})
afterAll(() => stage.close())

const run = (sql: string, args: (string | number)[] = []) =>
  desk.db.write({ repeatable: true, statements: [{ sql, args }] })

async function claimed(): Promise<{ job: string; held: Claim }> {
  const job = await handIn(desk, owner, { agentId: agent.id })
  const [held] = await claim(desk, agent, 1, false)
  if (held?.job.id !== job) throw new Error('not claimed')
  return { job, held }
}

/** Of three bytes each, as many as fit into one text. */
const long = (characters: number) => '語'.repeat(characters)

test('a page of attempts has all that was said, however long each of it is', async () => {
  const { job, held } = await claimed()
  await submitAttempt(desk, agent, held.lease, { result: '1' })
  await run(
    `INSERT INTO attempts (id, jobId, number, agentId, workerId, leaseToken, leaseExpiresAt, outcome, error, question, answer,
       feedback, startedAt, endedAt)
     SELECT t.jobId || '.' || n.value, t.jobId, n.value, t.agentId, 'w', 'x', 1, 'FAILED', ?, ?, ?, ?, 1, 1
     FROM attempts t JOIN json_each(?) n WHERE t.jobId = ?`,
    [
      ...[long(10_000), long(10_000), long(20_000), long(20_000)],
      ...[JSON.stringify(Array.from({ length: 99 }, (_, n) => n + 2)), job],
    ],
  )
  await run('UPDATE jobs SET attemptCount = 100 WHERE id = ?', [job])
  const { rows, nextCursor } = await jobAttempts(desk, owner, job, { limit: 100 })
  expect([rows.length, nextCursor]).toEqual([100, null])
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 100 }, (_, n) => n + 1))
  expect(rows.at(-1)?.feedback).toBe(long(20_000))
  const { attempts } = await findJobRecord(desk, owner, job)
  expect(attempts).toHaveLength(20)
  await run('DELETE FROM attempts WHERE jobId = ? AND number > 1', [job])
  await run('UPDATE jobs SET attemptCount = 1 WHERE id = ?', [job])
})

test('an agent says much at once, and its log can be read, by pages and on the job’s page', async () => {
  const { job, held } = await claimed()
  const payload = JSON.stringify(long(60_000))
  const event = { kind: 'call' as const, message: 'x', requestPayload: payload, responsePayload: payload }
  await recordEvents(desk, agent.id, held.lease, Array(60).fill(event))
  const { rows } = await jobLogs(desk, owner, job, { limit: 100 })
  expect(rows.filter(({ responsePayload }) => responsePayload === payload)).toHaveLength(60)
  expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 62 }, (_, n) => n + 1))
  const { log } = await findJobRecord(desk, owner, job)
  const shown = shownLog(job, log.rows[0] as (typeof log.rows)[number]).requestPayload
  expect(shown).toMatchObject({ json: JSON.stringify(long(10_000)), cut: true, characters: 60_002 })
  await drainAttempt(desk, held.lease)
})

test('texts in a usage report are cut', async () => {
  const { job, held } = await claimed()
  await recordEvents(desk, agent.id, held.lease, [
    { kind: 'usage', usage: { provider: long(3_000_000), inputTokens: 7 } },
  ])
  await submitAttempt(desk, agent, held.lease, { result: '1' })
  const [attempt] = (await jobAttempts(desk, owner, job)).rows
  expect(JSON.parse(attempt?.usage ?? '')).toEqual({ provider: long(200), inputTokens: 7 })
})

test('a brief has the beginnings of earlier results', async () => {
  const { job, held } = await claimed()
  const results = [JSON.stringify(long(1_300_000)), JSON.stringify({ text: 'x'.repeat(30_000) }), '"short"']
  let { lease } = held
  let { earlier } = held.job
  for (const result of results) {
    await submitAttempt(desk, agent, lease, { result })
    await sendBackJob(desk, owner, job, { feedback: 'more' })
    const [again] = await claim(desk, agent, 1, false)
    ;({
      lease,
      job: { earlier },
    } = again as Claim)
  }
  const told = earlier.map(({ result }) => JSON.parse(result ?? 'null') as unknown)
  expect(told[0]).toBe(`${long(19_999)}… [cut: 3,900,002 bytes in all]`)
  expect(told[1]).toEqual({ truncated: true, bytes: 30_011, head: `{"text":"${'x'.repeat(19_991)}` })
  expect(told[2]).toBe('short')
  expect(earlier.map(({ feedback }) => feedback)).toEqual(['more', 'more', 'more'])
  await drainAttempt(desk, lease)
})

/** A row that has no room for a result of the longest that is taken. */
const leaveNoRoom = (job: string) =>
  run('UPDATE jobs SET templateId = ? WHERE id = ?', ['x'.repeat(3_000_000), job])
const largest = JSON.stringify('é'.repeat(1_900_000))

test('a result that the database refuses ends its attempt at once, with the size, and is not tried again', async () => {
  const { job, held } = await claimed()
  await leaveNoRoom(job)
  const faults: unknown[] = []
  const { ended } = runAttempt({
    ...{ desk, claim: held, workRoot: '/nowhere', onError: (error: unknown) => void faults.push(error) },
    adapter: {
      kind: 'toolbox',
      test: async () => ({ ok: true, message: '' }),
      run: async () => ({ type: 'submit', result: largest, usage: { inputTokens: 7 } }),
    },
    agent: { id: agent.id, name: agent.name, config: '{}' },
  })
  await ended
  expect(faults).toEqual([])
  expect(await findJob(desk, owner, job)).toMatchObject({ status: 'FAILED', failures: 1 })
  const [attempt] = (await jobAttempts(desk, owner, job)).rows
  expect(attempt).toMatchObject({
    outcome: 'FAILED',
    error: 'What the agent handed in has 3,800,002 bytes; the database does not take so much in one row.',
  })
})

test('what is left of an attempt may be too much: it is given back, or fails, all the same', async () => {
  const [one, other] = [await claimed(), await claimed()]
  for (const { held } of [one, other])
    await run('UPDATE attempts SET workerId = ? WHERE id = ?', ['x'.repeat(3_000_000), held.lease.attemptId])
  await drainAttempt(desk, one.held.lease, { unsubmittedResult: largest })
  expect(await findJob(desk, owner, one.job)).toMatchObject({ status: 'ASSIGNED', failures: 0 })
  const ending = { reason: 'no', retryable: true, unsubmittedResult: largest }
  await failAttempt(desk, agent, other.held.lease, ending)
  expect(await findJob(desk, owner, other.job)).toMatchObject({ status: 'FAILED', failures: 1 })
})

test('lists of templates, schedules and agents with a megabyte each', async () => {
  const megabyte = 'x'.repeat(1_000_000)
  const templates: string[] = []
  for (let n = 0; n < 11; n++) templates.push(await addTemplate(desk, owner, { description: megabyte }))
  const listed = await listTemplates(desk, owner)
  expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(templates))
  expect(listed.every(({ job }) => job.description === megabyte)).toBe(true)

  const short = await addTemplate(desk, owner)
  for (let n = 0; n < 11; n++) {
    const input = {
      name: `Schedule ${n}`,
      templateId: short,
      values: { topic: 'x' },
      cron: '0 0 1 1 *',
    }
    await createSchedule(desk, owner, newScheduleInput.parse({ ...input, timeZone: 'UTC' }))
  }
  await run('UPDATE schedules SET "values" = ?', [JSON.stringify({ topic: megabyte })])
  const { rows } = await listSchedules(desk, owner)
  expect(rows.map(({ name }) => name)).toEqual(Array.from({ length: 11 }, (_, n) => `Schedule ${10 - n}`))
  expect(rows.every(({ values }) => values.topic === megabyte)).toBe(true)

  for (let n = 0; n < 11; n++)
    await addAgent(desk, `Long ${n}`, {
      kind: 'command',
      state: 'PAUSED',
      config: { argv: ['node', megabyte] },
    })
  expect(await listAgents(desk)).toHaveLength(12)
})

test('a schedule that makes up for many due times makes all of its long jobs', async () => {
  await run('UPDATE schedules SET "values" = ?, state = \'PAUSED\'', [JSON.stringify({ topic: 'x' })])
  const templateId = await addTemplate(desk, owner, { description: `{{topic}} ${long(40_000)}` })
  const input = {
    name: 'Hourly',
    templateId,
    values: { topic: 'x' },
    cron: '0 * * * *',
    catchUp: 'all' as const,
  }
  await createSchedule(desk, owner, newScheduleInput.parse({ ...input, timeZone: 'UTC' }))
  stage.advance(60 * 3_600_000)
  const faults: unknown[] = []
  let made = 0
  for (let due = 1; due > 0; ) {
    const looked = await runDueSchedules(desk, (error) => faults.push(error))
    made += looked.runs.filter(({ outcome }) => outcome === 'MADE').length
    due = looked.due
  }
  expect(faults).toEqual([])
  expect(made).toBe(60)
})
