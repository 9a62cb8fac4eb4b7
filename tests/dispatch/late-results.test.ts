import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import type { Desk } from '~/domain/desk'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { until } from '../support/until'

/** What an agent that Docket runs hands in after it was told to end. */

let stage: TestDesk
let desk: Desk
let admin: UserActor
let workRoot: string
let dispatcher: Dispatcher
let stubborn: AgentActor
const faults: unknown[] = []

beforeEach(async () => {
  workRoot = mkdtempSync(join(tmpdir(), 'docket-late-'))
  stage = await testDesk('file')
  desk = { db: stage.desk.db, now: Date.now }
  admin = await addUser(desk, 'Ada', 'ADMIN')
  stubborn = await addAgent(desk, 'Stubborn', {
    kind: 'command',
    config: {
      argv: [
        'node',
        '-e',
        `process.on('SIGTERM', () => { console.log(JSON.stringify({ type: 'result', result: 'at last' })); process.exit(0) })
         console.log('at it'); setInterval(() => {}, 1000)`,
      ],
    },
  })
  const onError = (error: unknown) => faults.push(error)
  dispatcher = new Dispatcher({ desk, adapters, workRoot, ownsDatabase: true, onError })
  await dispatcher.start()
})

afterEach(async () => {
  await dispatcher.stop()
  expect(await violations(desk.db)).toEqual([])
  expect(faults).toEqual([])
  await stage.close()
  rmSync(workRoot, { recursive: true, force: true })
})

/** A program that prints these lines, says so, and then does this. */
function printing(name: string, then: string, ...lines: object[]): Promise<AgentActor> {
  const printed = lines.map((line) => `console.log(${JSON.stringify(JSON.stringify(line))});`).join('')
  const argv = ['node', '-e', `${printed} console.log('at it'); ${then}`]
  return addAgent(desk, name, { kind: 'command', config: { argv } })
}

const precious = { type: 'result', result: 'precious' }
const hang = 'setInterval(() => {}, 1000)'

const logOf = async (id: string) => (await jobLogs(desk, admin, id, {})).rows

async function atWork(agent = stubborn): Promise<string> {
  const id = await handIn(desk, admin, { agentId: agent.id })
  await until(async () => (await logOf(id)).some(({ message }) => message === 'at it'))
  // what it runs goes on; it begins nothing new
  await setAgentState(desk, agent, 'PAUSED')
  return id
}

test.each([
  {
    verb: 'reassign',
    act: async (id: string) => {
      const resting = await addAgent(desk, 'Resting', { state: 'PAUSED' })
      return reassignJob(desk, admin, id, { agentId: resting.id })
    },
    outcome: 'REPLACED',
    result: null,
  },
  {
    verb: 'complete',
    act: (id: string) => completeJob(desk, admin, id, { reason: 'Known', result: '"by hand"' }),
    outcome: 'REPLACED',
    result: '"by hand"',
  },
  {
    verb: 'cancel',
    act: (id: string) => cancelJob(desk, admin, id, {}),
    outcome: 'CANCELED',
    result: null,
  },
  {
    verb: 'resubmit',
    act: (id: string) => resubmitJob(desk, admin, id, {}),
    outcome: 'REPLACED',
    result: null,
  },
])('after $verb it is kept as one late row, and never lands on the job', async ({ act, outcome, result }) => {
  const id = await atWork()
  await act(id)
  const after = await findJob(desk, admin, id)
  await until(() => dispatcher.runningCount === 0)
  expect((await logOf(id)).filter(({ kind }) => kind === 'late')).toMatchObject([
    { attempt: 1, agentId: stubborn.id, responsePayload: '"at last"', version: after.version },
  ])
  expect(await findJob(desk, admin, id)).toEqual(after)
  expect(after.result).toBe(result)
  expect((await jobAttempts(desk, admin, id)).rows).toMatchObject([{ outcome, result: null }])
})

test('when Docket stops it counts: the job is still its own', async () => {
  const id = await atWork()
  await dispatcher.stop()
  expect(await findJob(desk, admin, id)).toMatchObject({ status: 'IN_REVIEW', result: '"at last"' })
  expect((await logOf(id)).filter(({ kind }) => kind === 'late')).toEqual([])
})

test('a result that a failure followed is kept as one late row when the job is canceled', async () => {
  const id = await atWork(await printing('Doubtful', hang, precious, { type: 'fail', reason: 'No way' }))
  await cancelJob(desk, admin, id, {})
  await until(() => dispatcher.runningCount === 0)
  expect((await logOf(id)).filter(({ kind }) => kind === 'late')).toMatchObject([
    { attempt: 1, responsePayload: '"precious"' },
  ])
})

test('an attempt that fails keeps the result it printed, and the next one is not told of it', async () => {
  const agent = await printing('Failing', 'process.exitCode = 1', precious)
  const id = await handIn(desk, admin, { agentId: agent.id, maxAttempts: 2 })
  await until(async () => (await findJob(desk, admin, id)).failures === 1)
  expect((await jobAttempts(desk, admin, id)).rows).toMatchObject([
    { outcome: 'FAILED', result: '"precious"', error: expect.stringContaining('exit code 1') },
  ])
  expect(await findJob(desk, admin, id)).toMatchObject({ status: 'ASSIGNED', result: null })
  expect((await logOf(id)).find(({ kind }) => kind === 'fail')).toMatchObject({
    responsePayload: '"precious"',
    message: expect.stringContaining('What it printed is kept with the attempt. It is tried again'),
  })
  await dispatcher.stop()
  const [next] = await claim({ ...desk, now: () => Date.now() + 60_000 }, agent)
  expect(next?.job.earlier).toMatchObject([{ number: 1, outcome: 'FAILED', result: null }])
})
