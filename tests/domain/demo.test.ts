import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobCounts, listJobs } from '~/domain/jobs/queries.server'
import type { UserActor } from '~/domain/policy'
import { jobStatuses } from '~db/vocabulary'
import { users } from '../../scripts/demo/cast'
import { fillDemo } from '../../scripts/demo/fill'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

/** A Thursday. */
const at = Date.UTC(2026, 5, 18, 14, 30)
let stage: TestDesk

beforeAll(async () => {
  stage = await testDesk()
  await fillDemo(stage.desk, at)
}, 60_000)
afterAll(() => stage.close())

const admin: UserActor = { kind: 'user', id: '', name: '', role: 'ADMIN' }
const number = async (expression: string) =>
  Object.values((await stage.desk.db.first<Record<string, number>>(`SELECT ${expression}`)) ?? {})[0] ?? 0

test('some 200 jobs, in every status, and the contract holds', async () => {
  const counts = await jobCounts(stage.desk, admin, 'all')
  for (const status of jobStatuses) expect(counts[status], status).toBeGreaterThan(0)
  expect(await number('count(*) FROM jobs')).toBeGreaterThanOrEqual(180)
  expect(await violations(stage.desk.db)).toEqual([])
})

test('everybody has jobs, over a month, with a long log and awkward text among them', async () => {
  for (const { email } of users) {
    expect(
      await number(`count(*) FROM jobs j JOIN users u ON u.id = j.userId WHERE u.email = '${email}'`),
    ).toBeGreaterThan(20)
  }
  expect(await number('max(createdAt) - min(createdAt) FROM jobs')).toBeGreaterThan(28 * 86_400_000)
  expect(await number('max(createdAt) FROM job_logs')).toBeLessThanOrEqual(at)
  expect(await number('max(number) FROM job_logs')).toBeGreaterThanOrEqual(300)
  expect(await number('max(length(description)) FROM jobs')).toBeGreaterThanOrEqual(9_990)
  for (const text of ['🎉', 'محضر', 'סיכום', '<script>']) {
    expect(await number(`count(*) FROM jobs WHERE name LIKE '%${text}%'`), text).toBeGreaterThan(0)
  }
})

test('the record is in order of time, and shows every verb and every outcome', async () => {
  const backwards = `count(*) FROM job_logs a JOIN job_logs b ON b.seq = a.seq + 1 WHERE b.createdAt < a.createdAt`
  expect(await number(backwards)).toBe(0)
  const kinds = (await stage.desk.db.all<{ kind: string }>('SELECT DISTINCT kind FROM job_logs')).map(
    ({ kind }) => kind,
  )
  const verbs = [
    'create',
    'edit',
    'claim',
    'requestInput',
    'answer',
    'submit',
    'accept',
    'sendBack',
    'fail',
    'expire',
    'cancel',
    'resubmit',
    'complete',
    'reassign',
    'archive',
    'late',
    'progress',
  ]
  expect(kinds).toEqual(expect.arrayContaining(verbs))
  const outcomes = await stage.desk.db.all<{ outcome: string }>('SELECT DISTINCT outcome FROM attempts')
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(['RUNNING', 'SUBMITTED', 'FAILED', 'INTERRUPTED', 'WAITING', 'CANCELED']),
  )
})

test('results are the work of the real agents', async () => {
  const { rows } = await listJobs(stage.desk, admin, {
    scope: 'all',
    filter: { statuses: ['COMPLETED'] },
    limit: 100,
  })
  expect(rows.length).toBeGreaterThan(60)
  const results = await stage.desk.db.all<{ result: string }>(
    'SELECT result FROM attempts WHERE result IS NOT NULL',
  )
  for (const { result } of results) expect(JSON.parse(result)).toBeTypeOf('object')
  expect(results.some(({ result }) => result.includes('12345678901234567890123'))).toBe(true)
})
