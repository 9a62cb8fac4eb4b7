import type { Desk } from '../desk'
import { Conflict } from '../errors'
import { backoff, releaseDelayMs, releasesPerFailure } from '../jobs/status'
import { type Move, type Moved, transition } from '../jobs/transition.server'
import { capped, cut, sentence } from '../payload.server'
import type { Actor } from '../policy'
import { wellFormedJson } from '../well-formed'
import { keepLate } from './late.server'
import { heldGuard, type Lease } from './lease'

export const leaseLost = () =>
  new Conflict(
    'This attempt no longer holds the job: it was canceled, given away, or its lease ran out.',
    'lease_lost',
  )

/** Who writes: the agent, or Docket in its name when a time limit passed. */
type Settler = Extract<Actor, { kind: 'agent' }> | { kind: 'system' }

type Settling = Pick<Move, 'verb' | 'set' | 'message' | 'attempt' | 'retriable' | 'responsePayload' | 'args'>

/** One fenced change: only while attempt, token and status still match. @throws {Conflict} `lease_lost` */
async function settle(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  move: Settling,
  late: string,
): Promise<Moved> {
  const [moved] = await transition(desk, {
    ...move,
    ids: [lease.jobId],
    actor,
    guard: heldGuard,
    args: { ...move.args, attemptId: lease.attemptId, leaseToken: lease.leaseToken },
  })
  if (moved) return moved
  await keepLate(desk, actor, lease, late, move.responsePayload ?? null)
  throw leaseLost()
}

/** The longest question or reason kept, in characters. */
const maxWords = 10_000

interface Ending {
  /** JSON text in OpenTelemetry GenAI terms. */
  usage?: string | null
}

interface EndingWithoutResult extends Ending {
  /** JSON text of a result that was printed and does not count: kept on the attempt. */
  unsubmittedResult?: string
}

/** What an attempt leaves that hands in nothing, and what is said of it. */
const leaves = { result: ':unsubmitted', usage: ':usage' }
const textOf = (json: string | null | undefined) => (json == null ? null : wellFormedJson(json))
const left = ({ unsubmittedResult, usage }: EndingWithoutResult) => ({
  unsubmitted: textOf(unsubmittedResult),
  usage: textOf(usage),
})
const keptNote = `CASE WHEN :unsubmitted IS NULL THEN '' ELSE ' What it printed is kept with the attempt.' END`
const payloadOf = ({ unsubmittedResult }: EndingWithoutResult) =>
  unsubmittedResult === undefined ? null : capped(unsubmittedResult)

/** Hands in the result (JSON text): IN_REVIEW, or COMPLETED where the review policy is `none`. */
export function submitAttempt(desk: Desk, actor: Settler, lease: Lease, ending: Ending & { result: string }) {
  return settle(
    desk,
    actor,
    lease,
    {
      verb: 'submit',
      set: { result: ':result' },
      attempt: { outcome: 'SUBMITTED', set: { result: ':result', usage: ':usage' } },
      message: "'Handed in a result.'",
      responsePayload: capped(ending.result),
      args: { result: textOf(ending.result), usage: textOf(ending.usage) },
    },
    'A result came after the attempt had ended; it is kept here and changed nothing.',
  )
}

/** The failure count after this one, and what follows from it, in SQL over the row before the change. */
const retriable = ':retryable AND failures + 1 < maxAttempts'
const delay = `CAST(min(${backoff.maxMs}, ${backoff.baseMs} * (1 << min(failures, 10)))
  * (1 - ${backoff.jitter} * (abs(random() % 1000) / 1000.0)) AS INTEGER)`
/** `:waitMs`: what was asked for, which counts where it is longer. */
const retryAt = `CASE WHEN ${retriable} THEN :at + max(${delay}, :waitMs) END`
/** The longest wait that a model's server may ask for. */
const maxWaitMs = 24 * 3_600_000
/** Said of the row after the change. */
const whatFollows = `CASE WHEN j.status = 'FAILED' THEN
    CASE WHEN :retryable THEN ' That was failure ' || j.failures || ' of ' || j.maxAttempts || ': no more tries.'
      ELSE ' Trying again would not help.' END
  ELSE ' It is tried again (failure ' || j.failures || ' of ' || j.maxAttempts || ').' END`

/**
 * Ends the attempt without a result: tried again with backoff while failures < maxAttempts, else FAILED.
 *
 * @param ending.retryAfterMs not before so many milliseconds have passed; a day counts at the most
 */
export function failAttempt(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  ending: EndingWithoutResult & { reason: string; retryable: boolean; retryAfterMs?: number },
) {
  const reason = cut(ending.reason, maxWords)
  return settle(
    desk,
    actor,
    lease,
    {
      verb: 'fail',
      retriable,
      set: { failures: 'failures + 1', runAfter: retryAt },
      attempt: { outcome: 'FAILED', set: { error: ':reason', ...leaves } },
      message: `'Failed: ' || :said || ${keptNote} || ${whatFollows}`,
      responsePayload: payloadOf(ending),
      args: {
        reason,
        said: sentence(reason),
        retryable: ending.retryable ? 1 : 0,
        waitMs: Math.ceil(Math.min(ending.retryAfterMs ?? 0, maxWaitMs)),
        ...left(ending),
      },
    },
    `A failure was reported after the attempt had ended: ${reason}`,
  )
}

/** Asks the person who asked; the attempt closes as WAITING. */
export function requestInput(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  ending: EndingWithoutResult & { question: string },
) {
  const question = cut(ending.question, maxWords)
  return settle(
    desk,
    actor,
    lease,
    {
      verb: 'requestInput',
      attempt: { outcome: 'WAITING', set: { question: ':question', ...leaves } },
      message: "'Asks: ' || :question",
      responsePayload: payloadOf(ending),
      args: { question, ...left(ending) },
    },
    `A question came after the attempt had ended: ${question}`,
  )
}

/** Earlier releases of this job by the agent that releases it now, since its newest attempt that ended otherwise. */
const releasesBefore = `(SELECT count(*) FROM attempts r JOIN attempts t ON t.id = :attemptId
  WHERE r.jobId = jobs.id AND r.agentId = t.agentId AND r.outcome = 'RELEASED'
    AND r.number > coalesce((SELECT max(o.number) FROM attempts o WHERE o.jobId = jobs.id
      AND o.outcome NOT IN ('RELEASED', 'RUNNING')), 0))`
const countsAsFailure = `(${releasesBefore} + 1) % ${releasesPerFailure} = 0`

/** Gives the job back unharmed (drain, decline): it rests 10 s; the third release by one agent is a failure. */
export function releaseAttempt(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  ending: EndingWithoutResult & { reason: string },
) {
  const reason = cut(ending.reason, maxWords)
  return settle(
    desk,
    actor,
    lease,
    {
      verb: 'release',
      retriable: `CASE WHEN ${countsAsFailure} THEN failures + 1 < maxAttempts ELSE 1 END`,
      set: {
        failures: `failures + (${countsAsFailure})`,
        runAfter: `CASE WHEN ${countsAsFailure} AND failures + 1 >= maxAttempts THEN NULL ELSE :at + ${releaseDelayMs} END`,
      },
      attempt: { outcome: 'RELEASED', set: { error: ':reason', ...leaves } },
      message: "'Given back: ' || :reason",
      responsePayload: payloadOf(ending),
      args: { reason, ...left(ending) },
    },
    `The job was given back after the attempt had ended: ${reason}`,
  )
}

/**
 * Takes back what lapsed leases held, under the same guard: as a failure that may be retried.
 *
 * @param options.immediately no backoff, for attempts that a killed process left behind
 * @param options.whatever every live attempt, whatever its lease says: for a file that this process alone owns
 */
export async function expireAttempts(
  desk: Desk,
  options: { immediately?: boolean; whatever?: boolean } = {},
): Promise<Moved[]> {
  const lapsed = options.whatever ? '1' : 't.leaseExpiresAt < :at'
  const found = await desk.db.all<{ jobId: string }>(
    `SELECT t.jobId FROM attempts t WHERE t.endedAt IS NULL AND ${lapsed} LIMIT 500`,
    options.whatever ? {} : { at: desk.now() },
  )
  if (found.length === 0) return []
  return transition(desk, {
    verb: 'expire',
    ids: found.map(({ jobId }) => jobId),
    actor: { kind: 'system' },
    guard: `EXISTS (SELECT 1 FROM attempts t WHERE t.jobId = jobs.id AND t.endedAt IS NULL AND ${lapsed})`,
    retriable,
    set: { failures: 'failures + 1', runAfter: options.immediately ? 'NULL' : retryAt },
    attempt: { outcome: 'EXPIRED', set: { error: ':reason' } },
    message: `:reason || ${whatFollows}`,
    args: {
      retryable: 1,
      waitMs: 0,
      reason: options.whatever
        ? 'Docket was stopped in the middle of this attempt.'
        : 'The agent was not heard of for longer than its lease.',
    },
  })
}
