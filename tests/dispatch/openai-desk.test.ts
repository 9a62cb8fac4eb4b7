import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { adapters } from '~/dispatch/adapters'
import { Dispatcher } from '~/dispatch/dispatcher.server'
import type { Desk } from '~/domain/desk'
import { answerJob } from '~/domain/jobs/answer.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { sendBackJob } from '~/domain/jobs/review.server'
import type { UserActor } from '~/domain/policy'
import type { JobStatus } from '~db/vocabulary'
import { addAgent, addUser, handIn } from '../support/cast'
import {
  answers,
  type ChatServer,
  cuts,
  envelope,
  holds,
  refuses,
  someUsage,
  startChatServer,
} from '../support/chat-server'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { until } from '../support/until'

let stage: TestDesk
let desk: Desk
let owner: UserActor
let server: ChatServer
let dispatcher: Dispatcher
let faults: unknown[]
let workRoot: string

beforeEach(async () => {
  stage = await testDesk()
  // leases and backoff run by the real clock here
  desk = { db: stage.desk.db, now: Date.now }
  owner = await addUser(desk, 'Olive')
  server = await startChatServer()
  workRoot = mkdtempSync(join(tmpdir(), 'docket-work-'))
  faults = []
  const onError = (error: unknown) => faults.push(error)
  dispatcher = new Dispatcher({ desk, adapters, workRoot, ownsDatabase: true, onError })
  await dispatcher.start()
})

afterEach(async () => {
  await dispatcher.stop()
  expect(await violations(desk.db)).toEqual([])
  expect(faults).toEqual([])
  await server.close()
  await stage.close()
  rmSync(workRoot, { recursive: true, force: true })
})

const key = 'sk-test-0123456789abcdef'

const addModel = (config: object = {}) =>
  addAgent(desk, 'Model', {
    kind: 'openai',
    config: { baseUrl: server.url, model: 'asked-model', apiKey: key, ...config },
  })

const inStatus = (id: string, status: JobStatus) =>
  until(async () => {
    const job = await findJob(desk, owner, id)
    return job.status === status && job
  })

const logOf = async (id: string) => (await jobLogs(desk, owner, id, {})).rows

test('a model does a job: result, usage and each step are on the record, the key is not', async () => {
  const line = `${'a word '.repeat(60).trim()}\n`
  server.script(
    refuses(429, { message: `Slow down, ${key}` }, { 'retry-after-ms': '1' }),
    cuts('{"question":null,"result":"Ha'),
    answers([...envelope(line + line)], { usage: someUsage }),
  )
  const agent = await addModel({ inputPrice: 1, outputPrice: 2 })
  const id = await handIn(desk, owner, { agentId: agent.id, acceptanceCriteria: 'Short\nPolite' })
  const job = await inStatus(id, 'IN_REVIEW')
  expect(JSON.parse(job.result as string)).toBe(line + line)
  const [attempt] = (await jobAttempts(desk, owner, id)).rows
  expect(JSON.parse(attempt?.usage ?? '')).toMatchObject({
    requestModel: 'asked-model',
    responseModel: 'served-model',
    inputTokens: 100,
    outputTokens: 20,
    finishReason: 'stop',
    costUsd: 0.00014,
    costSource: 'estimated',
  })
  const rows = await logOf(id)
  const calls = rows.filter(({ kind }) => kind === 'call')
  expect(calls).toHaveLength(3)
  for (const { requestPayload, responsePayload } of calls) {
    expect(requestPayload).toContain('2. Polite')
    expect(responsePayload).not.toBeNull()
  }
  expect(rows.filter(({ message }) => message?.startsWith('Waits'))).toHaveLength(2)
  const partial = rows.filter(({ kind, message }) => kind === 'message' && /\ba word\b/.test(message ?? ''))
  expect(partial.length).toBeGreaterThanOrEqual(2)
  expect(JSON.stringify([rows, attempt])).not.toContain(key)
})

test('question, answer, result and feedback reach the next attempts', async () => {
  server.script(
    answers(envelope(null, 'Which colour?')),
    answers(envelope('It is red.')),
    answers(envelope('Red.')),
  )
  const agent = await addModel()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await inStatus(id, 'INPUT_REQUIRED')
  await answerJob(desk, owner, id, { answer: 'Red, please' })
  await inStatus(id, 'IN_REVIEW')
  await sendBackJob(desk, owner, id, { feedback: 'Shorter' })
  await until(() => server.calls.length === 3)
  expect((await inStatus(id, 'IN_REVIEW')).result).toBe('"Red."')
  const told = server.calls.map(({ body }) => String(body.messages[1]?.content))
  expect(told[1]).toMatch(/Question:\nWhich colour\?[\s\S]*Answer of the person:\nRed, please/)
  expect(told[2]).toMatch(/Red, please[\s\S]*Result:\nIt is red\.[\s\S]*Feedback of the person:\nShorter/)
})

test('a key that is refused fails the job at once, with what to do', async () => {
  server.script(refuses(401, { message: `Incorrect API key provided: ${key}` }))
  const agent = await addModel()
  const id = await handIn(desk, owner, { agentId: agent.id })
  expect(await inStatus(id, 'FAILED')).toMatchObject({ failures: 1 })
  const [attempt] = (await jobAttempts(desk, owner, id)).rows
  expect(attempt?.error).toMatch(/does not accept the key \(401\): set apiKey anew/)
  expect(server.calls).toHaveLength(1)
  expect(JSON.stringify([attempt, await logOf(id)])).not.toContain(key)
})

test('a server that asks for longer than the time limit is left alone for so long', async () => {
  server.script(refuses(429, {}, { 'retry-after': '7200' }))
  const agent = await addModel()
  const id = await handIn(desk, owner, { agentId: agent.id })
  const job = await until(async () => {
    const found = await findJob(desk, owner, id)
    return found.failures === 1 && found
  })
  const [attempt] = (await jobAttempts(desk, owner, id)).rows
  expect(job).toMatchObject({ status: 'ASSIGNED', runAfter: (attempt?.endedAt ?? 0) + 7_200_000 })
  expect(job.waitingFor).toMatchObject({ reason: 'backoff', at: job.runAfter })
  expect(server.calls).toHaveLength(1)
})

test('cancel in mid-stream ends the request at the server within a moment', async () => {
  server.script(holds([`${'word '.repeat(100)}\n`]))
  const agent = await addModel()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await until(async () => (await logOf(id)).some(({ message }) => message?.startsWith('word')))
  await cancelJob(desk, owner, id, {})
  await until(() => server.calls[0]?.left, 2000)
  await until(() => dispatcher.runningCount === 0)
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'CANCELED', result: null })
  expect((await jobAttempts(desk, owner, id)).rows[0]).toMatchObject({ outcome: 'CANCELED', result: null })
})

test('an answer that comes after the job was given to another agent stays off it', async () => {
  let speak = () => {}
  const spoken = new Promise<void>((resolve) => {
    speak = resolve
  })
  server.script(holds(['{"question":null,"result":"'], spoken, 'Late."}'), answers(envelope('In time.')))
  const [first, second] = [await addModel(), await addModel()]
  const admin = await addUser(desk, 'Ada', 'ADMIN')
  const id = await handIn(desk, owner, { agentId: first.id })
  await until(() => server.calls.length === 1)
  await reassignJob(desk, admin, id, { agentId: second.id })
  speak()
  expect((await inStatus(id, 'IN_REVIEW')).result).toBe('"In time."')
  await until(() => dispatcher.runningCount === 0)
  expect((await jobAttempts(desk, owner, id)).rows.map(({ outcome }) => outcome).sort()).toEqual([
    'REPLACED',
    'SUBMITTED',
  ])
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'IN_REVIEW', result: '"In time."' })
})

test('a stop gives the job back and ends the request', async () => {
  server.script(holds(['Half']))
  const agent = await addModel()
  const id = await handIn(desk, owner, { agentId: agent.id })
  await until(() => server.calls.length === 1)
  await dispatcher.stop()
  expect(await findJob(desk, owner, id)).toMatchObject({ status: 'ASSIGNED', failures: 0 })
  await until(() => server.calls[0]?.left)
})
