import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { saveSettings } from '~/domain/accounts/settings.server'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { drainAttempt } from '~/domain/attempts/interrupt.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { submitAttempt } from '~/domain/attempts/settle.server'
import { patientDesk } from '~/domain/attempts/until-available.server'
import { confirmBatch } from '~/domain/batches/confirm.server'
import { dropBatch } from '~/domain/batches/drop.server'
import { freezeBatch } from '~/domain/batches/freeze.server'
import { findBatch } from '~/domain/batches/queries.server'
import { letGo, workOn } from '~/domain/batches/run.server'
import { stopBatch } from '~/domain/batches/stop.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob } from '~/domain/jobs/create.server'
import { findJob, jobLogs } from '~/domain/jobs/queries.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import { runDueSchedules } from '~/domain/schedules/due.server'
import { listViews } from '~/domain/views/queries.server'
import { changeView, removeView, saveView } from '~/domain/views/save.server'
import { viewQuery } from '~/http/view-query.server'
import { DatabaseUnavailable } from '~db/errors'
import { type AgentActor, addAgent, addUser, claim, handIn } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'

/** Answers of a server that are lost, before or after the commit. */

let stage: TestDesk
let desk: Desk
let owner: UserActor
let admin: UserActor
let agent: AgentActor

beforeEach(async () => {
  stage = await testDesk('server')
  // the shortest pause after a failure
  vi.spyOn(Math, 'random').mockReturnValue(0)
  desk = stage.desk
  owner = await addUser(desk, 'Olive')
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agent = await addAgent(desk, 'Agent', { concurrency: 5 })
})
afterEach(async () => {
  vi.restoreAllMocks()
  expect(await violations(desk.db)).toEqual([])
  await stage.close()
})

const ways = ['the request never arrived', 'it was committed'] as const

/** What `fetch` says of a connection that was cut. */
const cut = () => new TypeError('fetch failed')

/** Has all requests to the database pass through `handle`. @param real sends the request, as often as it is called */
function intercept(handle: (body: string, real: () => Promise<Response>) => Promise<Response>) {
  const send = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = input as Request
    return handle(await request.clone().text(), () => send(request.clone(), init))
  })
}

/** Loses the answer of the next write that has this text. @returns how many were lost */
function lose(way: (typeof ways)[number], text: string) {
  let lost = 0
  intercept(async (body, real) => {
    if (lost > 0 || !body.includes(text)) return real()
    lost++
    if (way === 'it was committed') await real()
    throw cut()
  })
  return () => lost
}

const draft = async (jobs: number) => {
  const ids: string[] = []
  for (let n = 0; n < jobs; n++) ids.push(await handIn(desk, owner))
  return () => freezeBatch(desk, owner, { scope: 'own', verb: 'cancel', ids })
}
const running = async () => {
  const id = await (await draft(2))()
  await confirmBatch(desk, owner, id, {})
  return id
}
const worker = { id: 'one', alone: false }
const held = async () => {
  const id = await handIn(desk, owner, { agentId: agent.id })
  const [claimed] = await claim(desk, agent)
  if (!claimed) throw new Error('nothing was claimed')
  return { id, lease: claimed.lease }
}
const view = () =>
  saveView(desk, owner, { name: 'Old', scope: 'own', shared: false }, viewQuery('status=FAILED'))
const itemsOf = async (id: string) =>
  (await desk.db.all('SELECT 1 FROM batch_items WHERE batchId = ?', [id])).length

/** By what the lost write has in its text: arranges, and gives the change and what must be true after it. */
const writes: Record<string, () => Promise<[change: () => Promise<unknown>, check: () => Promise<void>]>> = {
  'INSERT INTO batch_items': async () => {
    const freeze = await draft(5)
    let id = ''
    return [
      async () => {
        id = await freeze()
      },
      async () => {
        expect((await findBatch(desk, owner, id)).total).toBe(5)
        expect(await itemsOf(id)).toBe(5)
      },
    ]
  },
  'UPDATE batches SET total': async () => {
    const freeze = await draft(1)
    return [
      async () => confirmBatch(desk, owner, await freeze(), {}),
      async () =>
        expect(await desk.db.all('SELECT state, total FROM batches')).toMatchObject([
          { state: 'RUNNING', total: 1 },
        ]),
    ] // prettier-ignore
  },
  "UPDATE batches SET state = 'RUNNING'": async () => {
    const id = await (await draft(1))()
    return [
      () => confirmBatch(desk, owner, id, {}),
      async () => expect((await findBatch(desk, owner, id)).state).toBe('RUNNING'),
    ]
  },
  'UPDATE batches SET done': async () => {
    const id = await running()
    return [
      () => workOn(desk, worker, id, 10),
      async () => expect(await findBatch(desk, owner, id)).toMatchObject({ state: 'DONE', done: 2 }),
    ]
  },
  'UPDATE batches AS b SET state = :state': async () => {
    const id = await running()
    await desk.db.client.execute("UPDATE users SET disabledAt = 1 WHERE name = 'Olive'")
    return [
      () => workOn(desk, worker, id, 10),
      async () =>
        expect((await findBatch(desk, owner, id)).note).toBe('Stopped, because Olive was disabled.'),
    ]
  },
  'SET workerId = NULL, leaseExpiresAt = NULL WHERE': async () => {
    const id = await running()
    await workOn(desk, worker, id, 1)
    return [
      () => letGo(desk, worker),
      async () => expect(await desk.db.all('SELECT workerId FROM batches')).toEqual([{ workerId: null }]),
    ]
  },
  "SET state = 'STOPPED'": async () => {
    const id = await running()
    return [
      () => stopBatch(desk, owner, id),
      async () => expect((await findBatch(desk, owner, id)).state).toBe('STOPPED'),
    ]
  },
  'DELETE FROM batches': async () => {
    const id = await (await draft(2))()
    return [
      () => dropBatch(desk, owner, id),
      async () => expect([await desk.db.all('SELECT 1 FROM batches'), await itemsOf(id)]).toEqual([[], 0]),
    ]
  },
  'INSERT INTO user_settings': async () => [
    async () => expect(await saveSettings(desk, owner, { theme: 'dark' })).toMatchObject({ theme: 'dark' }),
    async () => expect(await desk.db.all('SELECT theme FROM user_settings')).toEqual([{ theme: 'dark' }]),
  ],
  'UPDATE saved_views': async () => {
    const { id } = await view()
    return [
      async () => expect(await changeView(desk, owner, id, { name: 'New' })).toMatchObject({ name: 'New' }),
      async () => expect((await listViews(desk, owner, 'own')).at(-1)).toMatchObject({ name: 'New' }),
    ]
  },
  'DELETE FROM saved_views': async () => {
    const { id } = await view()
    return [
      () => removeView(desk, owner, id),
      async () => expect(await desk.db.all('SELECT 1 FROM saved_views')).toEqual([]),
    ]
  },
  "'late'": async () => {
    const { id, lease } = await held()
    await cancelJob(desk, admin, id, {})
    return [
      () => submitAttempt(desk, agent, lease, { result: '"late"' }).catch(() => undefined),
      async () => {
        const { rows } = await jobLogs(desk, owner, id, {})
        expect(rows.filter(({ kind }) => kind === 'late')).toHaveLength(1)
      },
    ]
  },
  'INSERT INTO schedule_runs': async () => {
    await desk.db.client.executeMultiple(`
      INSERT INTO templates (id, ownerId, name, description, job, variables, shared, createdAt, updatedAt)
        VALUES ('t', '${owner.id}', 'T', '', '${JSON.stringify({
          ...{ name: 'A job', description: 'd', acceptanceCriteria: 'c', agentId: null, priority: 0 },
          ...{ maxAttempts: 3, timeoutSeconds: null, review: 'required', tags: [], metadata: {} },
        })}', '[]', 0, 1, 1);
      INSERT INTO schedules (id, ownerId, name, templateId, "values", cron, timeZone, catchUp, nextAt, createdAt, updatedAt)
        VALUES ('s', '${owner.id}', 'S', 't', '{}', '0 * * * *', 'UTC', 'one', ${desk.now()}, 1, 1)`)
    return [
      async () => {
        const { runs } = await runDueSchedules(desk, (error) => {
          throw error
        })
        expect(runs).toMatchObject([{ outcome: 'MADE' }])
      },
      async () => expect(await desk.db.all('SELECT scheduleId FROM jobs')).toEqual([{ scheduleId: 's' }]),
    ]
  },
}

describe.each(ways)('an answer is lost, and %s', (way) => {
  test.each(Object.keys(writes))('%s', async (text) => {
    const arrange = writes[text] as (typeof writes)[string]
    const [change, check] = await arrange()
    const lost = lose(way, text)
    await change()
    expect(lost()).toBe(1)
    await check()
  })
})

test('a renewal whose answer is lost fails, and the next one renews', async () => {
  const { lease } = await held()
  stage.advance(5000)
  const lost = lose('it was committed', 'UPDATE attempts SET leaseExpiresAt')
  await expect(renewLeases(desk, [lease], 10_000)).rejects.toThrow(DatabaseUnavailable)
  expect(lost()).toBe(1)
  expect(await renewLeases(desk, [lease], 10_000)).toEqual(new Set([lease.attemptId]))
  expect(await desk.db.first('SELECT leaseExpiresAt FROM attempts')).toEqual({
    leaseExpiresAt: desk.now() + 10_000,
  })
})

describe('what an agent reports while the database is away', () => {
  /** All writes fail until the first of them comes through after all, late and unseen. */
  async function away(work: (patient: Desk) => Promise<unknown>) {
    const late: (() => Promise<unknown>)[] = []
    intercept(async (body, real) => {
      if (late.length === 2 || !body.includes('BEGIN')) return real()
      late.push(real)
      if (late.length === 2) await late[0]?.()
      throw cut()
    })
    await work(patientDesk(desk))
  }

  test('a log line is written once', async () => {
    const { id, lease } = await held()
    await away((patient) => recordEvents(patient, agent.id, lease, [{ kind: 'message', message: 'one' }]))
    const { rows } = await jobLogs(desk, owner, id, {})
    expect(rows.filter(({ kind }) => kind === 'message').map(({ message }) => message)).toEqual(['one'])
  })

  test('a result is accepted once, and no late one is kept', async () => {
    const { id, lease } = await held()
    await away((patient) => submitAttempt(patient, agent, lease, { result: '"r"' }))
    expect((await findJob(desk, owner, id)).status).toBe('IN_REVIEW')
    const { rows } = await jobLogs(desk, owner, id, {})
    expect(rows.map(({ kind }) => kind)).toEqual(['create', 'claim', 'submit'])
  })

  test('a job that is given back is given back once', async () => {
    const { id, lease } = await held()
    await away((patient) => drainAttempt(patient, lease))
    expect(await desk.db.all('SELECT outcome FROM attempts')).toEqual([{ outcome: 'DRAINED' }])
    expect((await jobLogs(desk, owner, id, {})).rows.map(({ kind }) => kind)).toEqual([
      'create',
      'claim',
      'release',
    ])
  })
})

describe('a read replica that is behind', () => {
  test('a claim starts from its own rows, with what came before', async () => {
    const { id, lease } = await held()
    await submitAttempt(desk, agent, lease, { result: '{"n": 1.10}' })
    await sendBackJob(desk, owner, id, { feedback: 'Again.' })
    const execute = vi.spyOn(desk.db.client, 'execute')
    const [claimed] = await claim(desk, agent)
    expect(claimed).toMatchObject({
      lease: { attemptId: `${id}.2`, jobId: id },
      job: { id, attempt: 2, tags: [], metadata: {}, earlier: [{ number: 1, result: '{"n": 1.10}' }] },
      timeoutMs: null,
    })
    // the places and the heads of the two queues
    expect(execute).toHaveBeenCalledTimes(3)
  })

  test('a claim whose brief is too long for it is read on its own, from the newest rows', async () => {
    const { id } = await createJob(desk, owner, {
      ...{ name: 'Long', description: 'x'.repeat(99_000), acceptanceCriteria: 'y'.repeat(50_000) },
      metadata: { a: '1' },
    })
    const [claimed] = await claim(desk, agent)
    expect(claimed?.job).toMatchObject({ id, name: 'Long', metadata: { a: '1' }, earlier: [] })
    expect(claimed?.job.description).toHaveLength(99_000)
  })
})
