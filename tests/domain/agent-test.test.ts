import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type CallAgent, testAgent } from '~/domain/agents/test.server'
import type { Desk } from '~/domain/desk'
import { Forbidden, NotFound } from '~/domain/errors'
import type { UserActor } from '~/domain/policy'
import { type AgentActor, addAgent, addUser } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { until } from '../support/until'

let stage: TestDesk
let desk: Desk
let admin: UserActor
let agent: AgentActor
const config = { argv: ['node'], env: { API_KEY: 'a secret of the agent' } }

beforeEach(async () => {
  stage = await testDesk()
  desk = stage.desk
  admin = await addUser(desk, 'Ada', 'ADMIN')
  agent = await addAgent(desk, 'Worker', { kind: 'command', config })
})
afterEach(() => stage.close())

const here = () => new AbortController().signal
const says =
  (message: string, ok = true): CallAgent =>
  async () => ({ ok, message })
/** Answers when it is told to stop, as adapters do. */
const waits: CallAgent = (_kind, _config, signal) =>
  new Promise((resolve) => {
    const end = () => resolve({ ok: false, message: 'The run was ended.' })
    if (signal.aborted) end()
    signal.addEventListener('abort', end)
  })
const audited = () =>
  desk.db.all<{ action: string; detail: string; subjectId: string; address: string | null }>(
    'SELECT action, detail, subjectId, address FROM audit',
  )

test('the agent is called with its settings as stored, and the answer goes on record without its words', async () => {
  let called: unknown
  const call: CallAgent = async (...args) => {
    called = args.slice(0, 2)
    return { ok: true, message: 'It said hello.' }
  }
  const from = { ...admin, address: '192.0.2.7' }
  expect(await testAgent(desk, from, agent.id, { call, signal: here() })).toEqual({
    ...{ ok: true, message: 'It said hello.', durationMs: expect.any(Number) },
  })
  expect(called).toEqual(['command', config])
  const [row, ...more] = await audited()
  expect(more).toEqual([])
  expect(row).toMatchObject({ action: 'agent.test', subjectId: agent.id, address: '192.0.2.7' })
  expect(JSON.parse(row?.detail ?? '')).toEqual({ ok: true, durationMs: expect.any(Number) })
})

test('an answer that is no good is told as it is, cut where it is long', async () => {
  const said = await testAgent(desk, admin, agent.id, { call: says('No such model.', false), signal: here() })
  expect(said).toMatchObject({ ok: false, message: 'No such model.' })
  const long = await testAgent(desk, admin, agent.id, { call: says('x'.repeat(5000)), signal: here() })
  expect(long.message).toMatch(/^x{2000}… \[cut: 5,000 characters in all\]$/)
  expect((await audited()).map(({ detail }) => JSON.parse(detail).ok)).toEqual([false, true])
})

test('it ends when whoever asked is gone, and at the time limit', async () => {
  const gone = new AbortController()
  const asked = testAgent(desk, admin, agent.id, { call: waits, signal: gone.signal })
  gone.abort()
  expect(await asked).toMatchObject({ ok: false, message: 'The run was ended.' })
  const late = await testAgent(desk, admin, agent.id, { call: waits, signal: here(), limitMs: 20 })
  expect(late).toMatchObject({ ok: false, message: 'It did not answer within 0.02 s.' })
})

test('one at a time for each agent; afterwards the next, whatever became of it', async () => {
  const gone = new AbortController()
  const calls = vi.fn(waits)
  const first = testAgent(desk, admin, agent.id, { call: calls, signal: gone.signal })
  await until(() => calls.mock.calls.length === 1)
  const second = testAgent(desk, admin, agent.id, { call: says('no'), signal: here() })
  await expect(second).rejects.toMatchObject({ reason: 'test_running' })
  const other = await addAgent(desk, 'Other')
  expect(await testAgent(desk, admin, other.id, { call: says('yes'), signal: here() })).toMatchObject({
    ok: true,
  })
  gone.abort()
  await first
  const breaks: CallAgent = () => Promise.reject(new Error('a fault'))
  await expect(testAgent(desk, admin, agent.id, { call: breaks, signal: here() })).rejects.toThrow('a fault')
  expect(await testAgent(desk, admin, agent.id, { call: says('yes'), signal: here() })).toMatchObject({
    ok: true,
  })
})

test('a retired agent, an unknown one and people who are no admins are refused', async () => {
  const calling = { call: says('no'), signal: here() }
  const retired = await addAgent(desk, 'Old', { state: 'RETIRED' })
  await expect(testAgent(desk, admin, retired.id, calling)).rejects.toMatchObject({ reason: 'wrong_status' })
  await expect(testAgent(desk, admin, 'nobody', calling)).rejects.toBeInstanceOf(NotFound)
  const bob = await addUser(desk, 'Bob')
  await expect(testAgent(desk, bob, agent.id, calling)).rejects.toBeInstanceOf(Forbidden)
  expect(await audited()).toEqual([])
})
