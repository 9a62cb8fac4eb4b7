/** @about-file plans are explained on a copy of the file */
import { rmSync } from 'node:fs'
import { type Client, createClient, type InStatement } from '@libsql/client'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acceptInvite } from '~/domain/accounts/accept-invite.server'
import { makeAdmin, removeAdmin } from '~/domain/accounts/admins.server'
import { disableUser, enableUser } from '~/domain/accounts/disable.server'
import { invite, listInvitations, withdrawInvitation } from '~/domain/accounts/invite.server'
import { listUsers } from '~/domain/accounts/users.server'
import { moveJobsOfRetired } from '~/domain/agents/move-jobs.server'
import { pauseAgent, resumeAgent } from '~/domain/agents/pause.server'
import { listAgentChoices, listAgents } from '~/domain/agents/queries.server'
import { retireAgent } from '~/domain/agents/retire.server'
import { agentStats } from '~/domain/agents/stats.server'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { expireAttempts, expireOrphans } from '~/domain/attempts/interrupt.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { listAudit } from '~/domain/audit-queries.server'
import type { AuditFilter } from '~/domain/audit-view'
import { sweepExpired } from '~/domain/housekeeping.server'
import { answerJob } from '~/domain/jobs/answer.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { assignJob } from '~/domain/jobs/assign.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { createJob } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { exportJobs } from '~/domain/jobs/export.server'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import type { LogFilter } from '~/domain/jobs/log-filter'
import { previewJob, waitingLines } from '~/domain/jobs/preview.server'
import { finishPurges, purgeJob } from '~/domain/jobs/purge.server'
import * as read from '~/domain/jobs/queries.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { listSurroundings } from '~/domain/jobs/surroundings.server'
import { tagJob } from '~/domain/jobs/tag.server'
import { overviewOf } from '~/domain/overview/queries.server'
import type { UserActor } from '~/domain/policy'
import { letRetentionGo, runRetention } from '~/domain/retention/run.server'
import { readRetention, saveRetention } from '~/domain/retention/settings.server'
import { createSchedule } from '~/domain/schedules/create.server'
import { nextDueAt, runDueSchedules } from '~/domain/schedules/due.server'
import { editSchedule } from '~/domain/schedules/edit.server'
import { newScheduleInput } from '~/domain/schedules/input'
import { pauseSchedule, resumeSchedule } from '~/domain/schedules/pause.server'
import { findScheduleDetail, lastTimeZone, listSchedules } from '~/domain/schedules/queries.server'
import { removeSchedule } from '~/domain/schedules/remove.server'
import { runScheduleNow } from '~/domain/schedules/run-now.server'
import { consumeCode } from '~/domain/two-factor/consume-code.server'
import { disableTwoFactor, resetTwoFactor } from '~/domain/two-factor/disable.server'
import { enableTwoFactor, replaceRecoveryCodes, setUpOf, startSetUp } from '~/domain/two-factor/enable.server'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { addTemplate } from '../support/templates'

let stage: TestDesk
let desk: TestDesk['desk']
let owner: UserActor
let admin: UserActor
let agent: AgentActor
/** On a copy: explaining a write leaves a statement open, which stands in the way of the next commit. */
let explainer: Client
let copy: string

beforeAll(async () => {
  stage = await testDesk()
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agent = await addAgent(desk, 'Agent', { concurrency: 100 })
  copy = `${desk.db.path}.copy`
  await desk.db.copy(copy, { depth: 'quick' })
  explainer = createClient({ url: `file:${copy}`, intMode: 'number' })
})
afterAll(async () => {
  explainer.close()
  rmSync(copy)
  await stage.close()
})

/** Every statement that `work` sends, once each. */
async function statementsOf(work: () => Promise<unknown>): Promise<Exclude<InStatement, string>[]> {
  const { client } = desk.db
  const { execute, batch } = client
  const seen = new Map<string, Exclude<InStatement, string>>()
  const keep = (each: InStatement) => {
    const whole = typeof each === 'string' ? { sql: each } : each
    seen.set(whole.sql, whole)
  }
  client.execute = ((each: InStatement) => {
    keep(each)
    return (execute as (one: InStatement) => Promise<unknown>).call(client, each)
  }) as unknown as typeof execute
  client.batch = ((all: InStatement[], mode: 'write') => {
    all.forEach(keep)
    return batch.call(client, all, mode)
  }) as typeof batch
  try {
    await work()
  } finally {
    client.execute = execute
    client.batch = batch
  }
  return [...seen.values()]
}

/** Walks that end after a few rows, or whose table stays small. Everything else that walks a table grows with it. */
const bounded = [
  /^SCAN CONSTANT ROW$/,
  /^SCAN \(subquery-\d+\)$/,
  /^SCAN \w+ VIRTUAL TABLE/, // json_each over the ids at hand
  /^SCAN (a|taker)( USING (COVERING )?INDEX sqlite_autoindex_agents_[12])?$/, // agents
  /^SCAN o USING COVERING INDEX users_admins$/,
  /^SCAN h$/, // a retired agent's line of successors
  /^SCAN line$/, // agents
  /^SCAN (f|found)$/, // terms of the text index that go on a word, 33 of each at the most
  /^SCAN jobs USING INDEX jobs_all$/, // a page in the index's own order, up to its LIMIT
  /^SCAN w$/, // that page
  /^SCAN path$/, // a log's rows that are looked at, up to their LIMIT
  /^SCAN s USING INDEX schedules_all$/, // as that
  /^SCAN s USING (COVERING )?INDEX schedules_failing$/, // as that
  /^SCAN (e USING INDEX audit_at|users USING INDEX sqlite_autoindex_users_1)$/, // as that
  /^SCAN (l|one_time_links) USING INDEX one_time_links_invites$/, // 200 at the most, and those of 7 days
  /^SCAN job_logs$/, // the last row by its key
  /^SCAN b USING (COVERING )?INDEX batches_running$/, // only what runs
  /^SCAN job_purges USING COVERING INDEX sqlite_autoindex_job_purges_1$/, // only what is being purged
  /^SCAN j USING COVERING INDEX jobs_unassigned_queue$/, // only what waits, in order, up to its LIMIT
  /^SCAN t USING INDEX attempts_(one_live|agent_live|lease)$/, // only what runs
]
/** It sorts what is at hand, not what is stored: an agent's events, a job's tags, agents, five of each agent's line. */
const sortsFew = (sql: string) =>
  [
    'json_each(:events)',
    'json_each(coalesce(:tags',
    'a.name COLLATE NOCASE',
    ') line CROSS JOIN jobs j',
  ].some((each) => sql.includes(each))
/** A new parent row might mend a broken reference: looked for only while the unit has broken one, and none does. */
const isJumpedOver = (step: string, sql: string) =>
  step === 'SCAN jobs' && sql.startsWith('INSERT INTO users')
const grows = (step: string, sql: string) => !isJumpedOver(step, sql) && mayGrow(step, sql)
const mayGrow = (step: string, sql: string) =>
  (step === 'USE TEMP B-TREE FOR ORDER BY' && !sortsFew(sql)) ||
  (step.startsWith('SCAN ') && !bounded.some((each) => each.test(step)))

async function growing(work: () => Promise<unknown>): Promise<string[]> {
  const found: string[] = []
  const statements = await statementsOf(work)
  expect(statements.length).toBeGreaterThan(0)
  for (const { sql, args } of statements) {
    const plan = await explainer.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args })
    for (const { detail } of plan.rows) if (grows(String(detail), sql)) found.push(`${detail} in: ${sql}`)
  }
  return found
}

test('the measure itself sees a walk through a table and a sort', async () => {
  expect(await growing(() => desk.db.all('SELECT * FROM jobs ORDER BY name'))).toHaveLength(2)
})

const lists = {
  'own jobs': () => read.listJobs(desk, owner, { scope: 'own' }),
  "everyone's jobs": () => read.listJobs(desk, admin, { scope: 'all' }),
  counts: () => read.jobCounts(desk, owner, 'own'),
}

test.each(Object.entries(lists))('%s', async (_, work) => {
  expect(await growing(work)).toEqual([])
})

test("the admins' desk: who is meant, what is around, and what will happen to a job", async () => {
  for (const asked of [
    { owner: owner.id },
    { owner: 'o@example.com' },
    { agent: agent.id },
    { agent: 'Name' },
  ]) {
    expect(await growing(() => readJobFilter(desk, admin, 'all', asked))).toEqual([])
  }
  for (const [actor, scope] of [
    [owner, 'own'],
    [admin, 'all'],
  ] as const) {
    const around = () => listSurroundings(desk, actor, scope, {})
    expect(await statementsOf(around)).toHaveLength(1)
    expect(await growing(around)).toEqual([])
  }
  const named = await handIn(desk, owner, { agentId: agent.id })
  const anyones = await handIn(desk, owner)
  for (const id of [named, anyones]) expect(await growing(() => previewJob(desk, admin, id))).toEqual([])
  expect(await growing(() => waitingLines(desk))).toEqual([])
})

test('a job, its log and its attempts', async () => {
  const id = await handIn(desk, owner)
  const key = (list: string, way: string) => Buffer.from(JSON.stringify([list, way, 1])).toString('base64url')
  const pages = (['oldest', 'newest'] as const).flatMap((order) => {
    const list = order === 'newest' ? 'log-newest' : 'log'
    return [null, key(list, 'n'), key(list, 'p')].map(
      (cursor) => () => read.jobLogs(desk, owner, id, { cursor, order }),
    )
  })
  const reads = [
    ...pages,
    () => read.findJob(desk, owner, id),
    () => read.lastSeqOfJob(desk, owner, id),
    () => read.jobAttempts(desk, owner, id),
    () => read.findJobRecord(desk, owner, id),
    ...[null, key('log-newest', 'n'), key('log-newest', 'p')].map(
      (cursor) => () => read.findJobRecord(desk, owner, id, { cursor, filter: {} }),
    ),
    ...[
      { kind: 'errors' },
      { kind: 'changes' },
      { attempt: 1 },
      { kind: 'call', agent: agent.id, attempt: 1 },
    ].flatMap((asked) =>
      [null, key('log-newest', 'n'), key('log-newest', 'p')].map((cursor) => () => {
        const filter = asked as LogFilter
        return read.findJobRecord(desk, owner, id, { cursor, filter })
      }),
    ),
    ...[key('attempts-newest', 'n'), key('attempts-newest', 'p')].map(
      (attempts) => () => read.findJobRecord(desk, owner, id, { cursor: null, filter: {}, attempts }),
    ),
    ...[null, key('attempts-newest', 'n'), key('attempts-newest', 'p')].map(
      (cursor) => () => read.jobAttempts(desk, owner, id, { cursor, order: 'newest' }),
    ),
    ...[{ agent: agent.id }, { attempt: 1 }, { kind: 'message', attempt: 1 }].map(
      (filter) => () => read.jobLogs(desk, owner, id, { filter: filter as LogFilter }),
    ),
  ]
  for (const work of reads) expect(await growing(work)).toEqual([])
})

test('an export of a list', async () => {
  await handIn(desk, owner)
  for (const [actor, scope] of [
    [owner, 'own'],
    [admin, 'all'],
  ] as const) {
    const all = async () => {
      for await (const _ of exportJobs(desk, actor, { scope, filter: {} }));
    }
    expect(await growing(all)).toEqual([])
  }
})

test('why jobs wait, with both lines', async () => {
  const busy = await addAgent(desk, 'Busy', { concurrency: 1 })
  await handIn(desk, owner, { agentId: busy.id })
  await claim(desk, busy)
  await handIn(desk, owner, { agentId: busy.id })
  const id = await handIn(desk, owner)
  const reads = [
    () => read.listJobs(desk, owner, { scope: 'own' }),
    () => read.findJob(desk, owner, id),
    () => createJob(desk, owner, { name: 'A job', description: 'd', acceptanceCriteria: 'c' }),
  ]
  // the agent of the other tests has places free
  await setAgentState(desk, agent, 'PAUSED')
  try {
    expect((await statementsOf(() => read.listJobs(desk, owner, { scope: 'own' }))).length).toBe(2)
    for (const work of reads) expect(await growing(work)).toEqual([])
  } finally {
    await setAgentState(desk, agent, 'ACTIVE')
    await setAgentState(desk, busy, 'RETIRED')
  }
})

test('an agent looks for work, and gets it', async () => {
  await handIn(desk, owner, { agentId: agent.id })
  await handIn(desk, owner)
  expect(await growing(() => claim(desk, agent, 5))).toEqual([])
})

/** A job in progress with the lease that holds it. */
async function running() {
  const id = await handIn(desk, owner, { agentId: agent.id })
  const held = (await claim(desk, agent, 100, false)).find(({ job }) => job.id === id)
  if (!held) throw new Error('not claimed')
  return { id, lease: held.lease }
}

const settlings = {
  renew: async () => {
    const { lease } = await running()
    return () => renewLeases(desk, [lease], 10_000)
  },
  record: async () => {
    const { lease } = await running()
    return () => recordEvents(desk, agent.id, lease, [{ kind: 'message', message: 'at it' }])
  },
  submit: async () => {
    const { lease } = await running()
    return () => submitAttempt(desk, agent, lease, { result: '1' })
  },
  fail: async () => {
    const { lease } = await running()
    return () => failAttempt(desk, agent, lease, { reason: 'no', retryable: true })
  },
  'ask and answer': async () => {
    const { id, lease } = await running()
    return async () => {
      await requestInput(desk, agent, lease, { question: 'Which?' })
      await answerJob(desk, owner, id, { answer: 'This' })
    }
  },
  release: async () => {
    const { lease } = await running()
    return () => releaseAttempt(desk, agent, lease, { reason: 'drain' })
  },
  'a late result': async () => {
    const { id, lease } = await running()
    await cancelJob(desk, owner, id, {})
    return () => submitAttempt(desk, agent, lease, { result: '1' }).catch(() => undefined)
  },
  'the sweep of lapsed leases': async () => {
    await running()
    stage.advance(11_000)
    return () => expireAttempts(desk)
  },
  'the rescue at a start': async () => {
    await running()
    return () => expireOrphans(desk)
  },
  housekeeping: async () => () => sweepExpired(desk),
}

test.each(Object.entries(settlings))('%s', async (_, prepare) => {
  expect(await growing(await prepare())).toEqual([])
})

test('what people do with a job', async () => {
  const idempotency = { key: 'k', route: 'r', bodyHash: 'h', answer: () => ({ status: 201, body: '' }) }
  const input = { name: 'A job', description: 'd', acceptanceCriteria: 'c' }
  const { id, lease } = await running()
  await submitAttempt(desk, agent, lease, { result: '1' })
  const steps = [
    () => createJob(desk, owner, input, idempotency),
    () => createJob(desk, owner, input, idempotency),
    () => sendBackJob(desk, owner, id, { feedback: 'more' }),
    () => editJob(desk, owner, id, { name: 'Another', agentId: null }),
    () => assignJob(desk, owner, id, { agentId: agent.id }),
    () => reassignJob(desk, admin, id, { agentId: agent.id }),
    () => completeJob(desk, admin, id, { reason: 'enough', result: '1' }),
    () => archiveJob(desk, owner, id, {}),
    () => resubmitJob(desk, owner, id, {}),
    () => cancelJob(desk, owner, id, {}),
    () => tagJob(desk, owner, id, { tags: ['a'], add: ['b'], remove: ['a'], metadata: { k: 'v' } }),
    // refused, and so explained
    () => acceptJob(desk, owner, id, {}).catch(() => undefined),
    () => purgeJob(desk, admin, id),
  ]
  for (const step of steps) expect(await growing(step)).toEqual([])
})

test('the overview: three statements, each by counters or by ranges of indexes', async () => {
  const overview = () => overviewOf(desk, admin)
  expect(await statementsOf(overview)).toHaveLength(3)
  expect(await growing(overview)).toEqual([])
})

const time = { from: 1, until: Number.MAX_SAFE_INTEGER }
const auditFilters = [
  {},
  { actor: 'ada@example.com' },
  { actor: 'system' },
  { action: 'sign-in' },
  { actor: 'x', action: 'sign-in' },
  { subject: 'x' },
  { subject: 'x', actor: 'x', action: 'sign-in' },
].flatMap((filter): AuditFilter[] => [filter as AuditFilter, { ...filter, ...time } as AuditFilter])

test.each(auditFilters)('pages of the audit, both ways, narrowed to %o', async (filter) => {
  const key = (way: string) => Buffer.from(JSON.stringify(['audit', way, 1, 'x'])).toString('base64url')
  for (const cursor of [null, key('n'), key('p')])
    expect(await growing(() => listAudit(desk, admin, { ...filter, cursor }))).toEqual([])
})

test('what admins do with people', async () => {
  const bob = await addUser(desk, 'Bob')
  const email = `${bob.id}@example.com`
  const origin = 'https://docket.example.com'
  const made = await invite(desk, admin, { email: 'guest@example.com', role: 'USER' }, origin)
  const token = new URL(made.link).searchParams.get('token') ?? ''
  const input = { name: 'Guest', password: 'seven green bottles' }
  const key = (list: string, way: string) =>
    Buffer.from(JSON.stringify([list, way, 'x'])).toString('base64url')
  const steps = [
    ...[null, key('users', 'n'), key('users', 'p')].map((cursor) => () => listUsers(desk, admin, { cursor })),
    ...[null, key('users-by-email', 'n'), key('users-by-email', 'p')].map(
      (cursor) => () => listUsers(desk, admin, { search: 'a', cursor }),
    ),
    () => makeAdmin(desk, admin, email),
    () => removeAdmin(desk, admin, email),
    () => disableUser(desk, admin, email),
    () => enableUser(desk, admin, email),
    () => invite(desk, admin, { email: 'other@example.com', role: 'USER' }, origin),
    async () => {
      for (const { id, email } of await listInvitations(desk, admin))
        if (email.startsWith('other')) await withdrawInvitation(desk, admin, id)
    },
    () => acceptInvite(desk, token, input, { address: '192.0.2.77', userAgent: null }),
  ]
  for (const step of steps) expect(await growing(step)).toEqual([])
})

test('two-factor authentication: set up, used, reset', async () => {
  const bob: UserActor = { ...(await addUser(desk, 'Bob')), confirmedBy: 'password' }
  const sealed = startSetUp(desk, bob)
  const secret = setUpOf(desk, bob, sealed, 'Docket', 'bob')?.secret ?? ''
  const code = (step: number) => new TOTP({ secret }).generate({ timestamp: desk.now() + step * 30_000 })
  const failure = { actor: bob, action: 'two-factor.failed' } as const
  let [recovery = '', another = '']: string[] = []
  const steps = [
    () => enableTwoFactor(desk, bob, { sealed, code: code(-1), keepSessionId: 'x' }),
    () => twoFactorState(desk, bob),
    () => consumeCode(desk, bob, code(0), failure),
    async () => {
      ;[recovery = '', another = ''] = await replaceRecoveryCodes(desk, bob, code(1))
    },
    () => consumeCode(desk, bob, recovery, failure),
    () => disableTwoFactor(desk, bob, another),
    () => resetTwoFactor(desk, admin, `${bob.id}@example.com`),
  ]
  for (const step of steps) expect(await growing(step)).toEqual([])
})

test('agents: their lists, what they did, and retiring one whose jobs move down the line', async () => {
  const [leaver, heir] = [await addAgent(desk, 'Leaver'), await addAgent(desk, 'Heir')]
  await handIn(desk, owner, { agentId: leaver.id })
  expect(await statementsOf(() => agentStats(desk, agent.id))).toHaveLength(2)
  const steps = [
    () => listAgents(desk),
    () => listAgentChoices(desk),
    () => agentStats(desk, agent.id),
    () => pauseAgent(desk, admin, leaver.id),
    () => resumeAgent(desk, admin, leaver.id),
    () => retireAgent(desk, admin, leaver.id, { successorId: heir.id }),
    () => retireAgent(desk, admin, heir.id, {}),
    () => moveJobsOfRetired(desk),
  ]
  for (const step of steps) expect(await growing(step)).toEqual([])
})

test('retention: what is due, and seeing to it in slices', async () => {
  const ids = [await handIn(desk, owner), await handIn(desk, owner)]
  for (const id of ids) await cancelJob(desk, owner, id, {})
  stage.advance(3 * 86_400_000)
  const worker = { id: 'w', alone: false }
  const steps = [
    () => saveRetention(desk, admin, { archiveAfterDays: 1 }),
    () => readRetention(desk, admin),
    () => runRetention(desk, worker),
    () => saveRetention(desk, admin, { purgeAfterDays: 2 }),
    () => readRetention(desk, admin),
    () => runRetention(desk, worker),
    () => finishPurges(desk),
    () => letRetentionGo(desk, worker),
  ]
  for (const step of steps) {
    expect(await growing(step)).toEqual([])
    stage.advance(1)
  }
  expect((await readRetention(desk, admin)).lastRun?.purged).toBeGreaterThan(1)
})

test('schedules: their lists, every verb, and seeing to what is due', async () => {
  const templateId = await addTemplate(desk, owner)
  const input = newScheduleInput.parse({
    name: 'Hourly',
    templateId,
    values: { topic: 'x' },
    cron: '@hourly',
  })
  const { id } = await createSchedule(desk, owner, input)
  const key = (list: string, way: string) =>
    Buffer.from(JSON.stringify([list, way, 1, 'x'])).toString('base64url')
  const places = [null, 'n', 'p']
  const throwing = (error: unknown) => {
    throw error
  }
  const steps = [
    () => createSchedule(desk, owner, input),
    ...places.map((way) => () => listSchedules(desk, owner, { cursor: way && key('schedules', way) })),
    ...places.map(
      (way) => () => listSchedules(desk, admin, { scope: 'all', cursor: way && key('all-schedules', way) }),
    ),
    () => findScheduleDetail(desk, owner, id),
    () => lastTimeZone(desk, owner),
    () => editSchedule(desk, owner, id, { cron: '0 9 * * *' }),
    () => pauseSchedule(desk, admin, id),
    () => resumeSchedule(desk, owner, id),
    () => runScheduleNow(desk, owner, id),
    () => nextDueAt(desk),
    async () => {
      stage.advance(24 * 3_600_000)
      expect((await runDueSchedules(desk, throwing)).runs.length).toBeGreaterThan(0)
    },
    () => removeSchedule(desk, owner, id),
  ]
  for (const step of steps) expect(await growing(step)).toEqual([])
})
