/** @about-file plans are explained on a copy of the file */
import { type Client, createClient } from '@libsql/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type JobFilter, type Sort, sortFields } from '~/domain/jobs/list-filter'
import { planOf } from '~/domain/jobs/list-plan.server'
import { lastLookedAt, lookedAt, pageStatement, rowsOf } from '~/domain/jobs/list-walk.server'
import { jobStatuses } from '~db/vocabulary'
import { type TestDesk, testDesk } from '../support/desk'

let stage: TestDesk
let explainer: Client
beforeAll(async () => {
  stage = await testDesk()
  const copy = `${stage.desk.db.path}.copy`
  await stage.desk.db.copy(copy, { depth: 'quick' })
  explainer = createClient({ url: `file:${copy}`, intMode: 'number' })
})
afterAll(async () => {
  explainer.close()
  await stage.close()
})

const filters: Record<string, JobFilter> = {
  all: {},
  status: { statuses: ['FAILED'] },
  'several statuses': { statuses: ['FAILED', 'CANCELED', 'IN_REVIEW'] },
  'every status but one': { statuses: jobStatuses.slice(1) },
  agent: { agentId: 'x' },
  'no agent': { agentId: 'none' },
  'agent and statuses': { agentId: 'x', statuses: ['FAILED', 'PENDING'] },
  'no agent and a status': { agentId: 'none', statuses: ['PENDING'] },
  priority: { priority: { min: 2, max: 5 } },
  attempts: { attempts: { min: 2 } },
  created: { created: { from: 1, to: 9 } },
  'created and status': { created: { from: 1 }, statuses: ['FAILED', 'PENDING'] },
  updated: { updated: { from: 1, to: 9 } },
  'all at once': {
    ...{ statuses: ['FAILED'], agentId: 'x', priority: { min: 1 }, attempts: { max: 3 } },
    ...{ created: { to: 9 }, updated: { from: 1 } },
  },
  text: { text: [{ text: 'word', phrase: false, negated: false }] },
  'text and more': {
    text: [{ text: 'word', phrase: true, negated: true }],
    statuses: ['FAILED'],
    batchId: 'b',
  },
  tags: { tags: ['a'], metadata: [{ key: 'k', value: 'v' }], without: { tags: ['b'] } },
  'not an agent': { without: { agents: ['x', 'none'] } },
  'not an owner, and not in a batch': { without: { owners: ['x'], batches: ['b'] } },
  'not in ranges': { without: { priority: [{ min: 2, max: 5 }], created: [{ from: 1, to: 9 }] } },
  'a status and all that can be excluded': {
    statuses: ['FAILED', 'PENDING'],
    without: {
      ...{ agents: ['x'], owners: ['y'], batches: ['b'], priority: [{ min: 2, max: 5 }] },
      ...{ attempts: [{ min: 1, max: 1 }], created: [{ from: 1, to: 9 }], updated: [{ from: 1, to: 9 }] },
      ...{ tags: ['a'], metadata: [{ key: 'k', value: 'v' }] },
    },
  },
  'a batch, but no agent': { batchId: 'b', without: { agents: ['x'], batches: ['c'] } },
  batch: { batchId: 'b', statuses: ['FAILED'] },
}
const sorts = sortFields.flatMap((field): Sort[] => [field, `-${field}`])

/** A page in the walk's own order, up to its LIMIT; the text index; the numbers at hand; agents. */
const bounded = [
  /^SCAN w( VIRTUAL TABLE INDEX .*)?$/,
  /^SCAN jobs USING (COVERING )?INDEX jobs_all(_updated|_priority|_name)?$/,
  /^SCAN jobs_text VIRTUAL TABLE INDEX \d+:.*M/,
]

async function stepsOf({ sql, args }: { sql: string; args?: unknown }) {
  const plan = await explainer.execute({
    sql: `EXPLAIN QUERY PLAN ${sql}`,
    args: args as Record<string, string>,
  })
  return plan.rows.map(({ detail }) => String(detail))
}

test.each(Object.entries(filters))(
  '%s: no walk without an end, no sort, whatever the order and the way',
  async (_, filter) => {
    for (const ownerId of ['u', undefined]) {
      for (const sort of sorts) {
        const plan = planOf({ ownerId, filter, sort })
        const key = plan.key.map(({ type }) => (type === 'number' ? 5 : 'x'))
        const starts = [null, key].flatMap((each) =>
          [false, true].map((backwards) => ({ key: each, backwards })),
        )
        const statements = plan.sortedBy
          ? [lookedAt(plan), rowsOf([])]
          : starts.flatMap((start) => [
              pageStatement(plan, start, 26),
              ...(plan.isExact ? [] : [lastLookedAt(plan, start)]),
            ])
        for (const statement of statements) {
          const steps = await stepsOf(statement)
          const grows = steps.filter(
            (step) =>
              step.includes('TEMP B-TREE') ||
              step.includes('AUTOMATIC') ||
              step.includes('MATERIALIZE') ||
              (step.startsWith('SCAN') && !bounded.some((each) => each.test(step))),
          )
          expect(grows, `${sort} ${ownerId} ${statement.sql}\n${steps.join('\n')}`).toEqual([])
        }
      }
    }
  },
)
