import type { AgentKind, AgentState } from '~db/vocabulary'
import { assertAdmin } from '../admin-only'
import { record } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict, NotFound } from '../errors'
import { cut } from '../payload.server'
import type { Actor } from '../policy'
import { retiredAgent } from './refusals'
import type { AgentTest } from './view'

/** So long a test may take, in milliseconds; then it is told to end. */
const testLimitMs = 30_000
/** The longest answer shown, in characters. */
const maxAnswer = 2000

/** How an agent of this kind is really called: `config` is as stored, secrets included. */
export type CallAgent = (
  kind: AgentKind,
  config: unknown,
  signal: AbortSignal,
) => Promise<{ ok: boolean; message: string }>

interface Testing {
  call: CallAgent
  /** Aborted when whoever asked is gone. */
  signal: AbortSignal
  limitMs?: number
}

const underTest = new Set<string>()

/**
 * Really calls the agent with a trivial request, which may cost money: one at a time, on record, 30 s at most and the
 * moment it takes to end what does not stop.
 *
 * @throws {Conflict} where it is retired or being tested; {NotFound | Forbidden}
 */
export async function testAgent(
  desk: Desk,
  actor: Actor,
  id: string,
  { call, signal, limitMs = testLimitMs }: Testing,
): Promise<AgentTest> {
  assertAdmin(actor)
  const agent = await desk.db.first<{ kind: AgentKind; config: string; state: AgentState }>(
    'SELECT kind, config, state FROM agents WHERE id = ?',
    [id],
  )
  if (!agent) throw new NotFound('This agent')
  if (agent.state === 'RETIRED') throw retiredAgent('it is not called any more')
  if (underTest.has(id)) {
    throw new Conflict('This agent is being tested already: wait for its answer.', 'test_running')
  }
  underTest.add(id)
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(), limitMs)
  try {
    const startedAt = performance.now()
    const answer = await call(agent.kind, JSON.parse(agent.config), AbortSignal.any([signal, limit.signal]))
    const late = limit.signal.aborted && !answer.ok
    const message = late ? `It did not answer within ${limitMs / 1000} s.` : cut(answer.message, maxAnswer)
    const durationMs = Math.round(performance.now() - startedAt)
    const subject = { kind: 'agent', id } as const
    await record(desk, { actor, action: 'agent.test', subject, detail: { ok: answer.ok, durationMs } })
    return { ok: answer.ok, message, durationMs }
  } finally {
    clearTimeout(timer)
    underTest.delete(id)
  }
}
