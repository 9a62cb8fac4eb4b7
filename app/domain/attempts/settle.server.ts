import { isStatementError, NewerVersion, readError } from '~db/errors'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import { releaseDelayMs, releasesPerFailure } from '../jobs/status'
import { type Move, type Moved, transition } from '../jobs/transition.server'
import { capped, cut, sentence } from '../payload.server'
import type { Actor } from '../policy'
import type { Args } from '../sql'
import { wellFormedJson } from '../well-formed'
import { currentVersionArgs, isCurrentVersion } from './current-version'
import type { Ending, EndingWithoutResult } from './ending'
import { keepLate } from './late.server'
import { heldGuard, type Lease } from './lease'
import { tooLong } from './result-limit'
import { retriable, retryAt, whatFollows } from './retry'
import { readUntilAvailable } from './until-available.server'
import { usageSoFar } from './usage.server'

export { NewerVersion }

export const leaseLost = () =>
  new Conflict(
    'This attempt no longer holds the job: it was canceled, given away, or its lease ran out.',
    'lease_lost',
  )

/** Who writes: the agent, or Docket in its name when a time limit passed. */
type Settler = Extract<Actor, { kind: 'agent' }> | { kind: 'system' }

type Settling = Pick<
  Move,
  'verb' | 'set' | 'message' | 'attempt' | 'retriable' | 'responsePayload' | 'guard'
> & {
  args: Args & Required<Ending>
}

/** One fenced change: only while attempt, token and status still match. Undefined: they don't, and nothing changed. */
export async function moveHeld(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  move: Settling,
): Promise<Moved | undefined> {
  const [moved] = await transition(desk, {
    ...move,
    ids: [lease.jobId],
    actor,
    guard: move.guard ? `${heldGuard} AND ${move.guard}` : heldGuard,
    args: { ...move.args, attemptId: lease.attemptId, leaseToken: lease.leaseToken },
  })
  return moved
}

/**
 * The same for what an agent reports; what comes too late is kept. Where the database refuses what is reported, such as a
 * row that is too large for it, the attempt fails with that as its reason, and is not tried again.
 *
 * @throws {Conflict} `lease_lost`
 * @throws {NewerVersion} with nothing changed: the job is to be given back
 */
async function settle(
  desk: Desk,
  actor: Settler,
  lease: Lease,
  move: Settling,
  late: string,
): Promise<Moved> {
  const held = (settling: Settling) => {
    const args = { ...settling.args, ...currentVersionArgs(desk) }
    return moveHeld(desk, actor, lease, { ...settling, guard: isCurrentVersion, args })
  }
  const moved = await held(move).catch((error: unknown) => {
    if (!isStatementError(error)) throw error
    return held(failing(desk, { reason: refusedBecause(error, move), retryable: false }))
  })
  if (moved) return moved
  if (await desk.db.version.look((sql) => readUntilAvailable(desk.db, sql))) throw new NewerVersion()
  await keepLate(desk, actor, lease, {
    message: late,
    response: move.responsePayload ?? null,
    usage: move.args.usage,
  })
  throw leaseLost()
}

/** In a sentence. The largest value is what is too large. */
function refusedBecause(error: unknown, { args }: Settling): string {
  const { kind, code } = readError(error)
  const bytes = Math.max(...Object.values(args).map((value) => Buffer.byteLength(String(value ?? ''))))
  return kind === 'too-large'
    ? `What the agent handed in has ${bytes.toLocaleString('en')} bytes; the database does not take so much in one row.`
    : `The database refused what the agent handed in (${code ?? 'unknown error'}).`
}

/** The longest question or reason kept, in characters. */
const maxWords = 10_000

/** What an attempt leaves that hands in nothing, and what is said of it. */
export const leaves = { result: ':unsubmitted', usage: usageSoFar }
const textOf = (json: string | null | undefined) => (json == null ? null : wellFormedJson(json))
export const left = (desk: Desk, { unsubmittedResult, usage }: EndingWithoutResult) => ({
  // the log row has the beginning of what is too long
  unsubmitted:
    unsubmittedResult !== undefined && tooLong(desk, unsubmittedResult) ? null : textOf(unsubmittedResult),
  usage: textOf(usage),
})
export const keptNote = `CASE WHEN :unsubmitted IS NULL THEN '' ELSE ' What it printed is kept with the attempt.' END`
export const payloadOf = ({ unsubmittedResult }: EndingWithoutResult) =>
  unsubmittedResult === undefined ? null : capped(unsubmittedResult)

/**
 * Hands in the result (JSON text): IN_REVIEW, or COMPLETED where the review policy is `none`. With a result that is too
 * long the attempt fails and is not tried again.
 */
export function submitAttempt(desk: Desk, actor: Settler, lease: Lease, ending: Ending & { result: string }) {
  const { usage } = ending
  const reason = tooLong(desk, ending.result)
  if (reason) {
    const unsubmittedResult = ending.result
    return failAttempt(desk, actor, lease, { reason, retryable: false, usage, unsubmittedResult })
  }
  return settle(
    desk,
    actor,
    lease,
    {
      verb: 'submit',
      set: { result: ':result' },
      attempt: { outcome: 'SUBMITTED', set: { result: ':result', usage: usageSoFar } },
      message: "'Handed in a result.'",
      responsePayload: capped(ending.result),
      args: { result: textOf(ending.result), usage: textOf(usage) },
    },
    'A result came after the attempt had ended; it is kept here and changed nothing.',
  )
}

/** The longest wait that a model's server may ask for. */
const maxWaitMs = 24 * 3_600_000

/**
 * Ends the attempt without a result: tried again with backoff while failures < maxAttempts, else FAILED.
 *
 * @param ending.retryAfterMs not before so many milliseconds have passed; a day counts at the most
 */
export function failAttempt(desk: Desk, actor: Settler, lease: Lease, ending: Failure) {
  const late = `A failure was reported after the attempt had ended: ${cut(ending.reason, maxWords)}`
  return settle(desk, actor, lease, failing(desk, ending), late)
}

type Failure = EndingWithoutResult & { reason: string; retryable: boolean; retryAfterMs?: number }

function failing(desk: Desk, ending: Failure): Settling {
  const reason = cut(ending.reason, maxWords)
  return {
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
      ...left(desk, ending),
    },
  }
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
      args: { question, ...left(desk, ending) },
    },
    `A question came after the attempt had ended: ${question}`,
  )
}

/**
 * Earlier releases of this job by the agent that releases it now, since its newest attempt that ended otherwise. What
 * Docket itself ended says nothing about the agent.
 */
const releasesBefore = `(SELECT count(*) FROM attempts r JOIN attempts t ON t.id = :attemptId
  WHERE r.jobId = jobs.id AND r.agentId = t.agentId AND r.outcome = 'RELEASED'
    AND r.number > coalesce((SELECT max(o.number) FROM attempts o WHERE o.jobId = jobs.id
      AND o.outcome NOT IN ('RELEASED', 'DRAINED', 'INTERRUPTED', 'RUNNING')), 0))`
const countsAsFailure = `(${releasesBefore} + 1) % ${releasesPerFailure} = 0`

/** The agent gives the job back: it rests 10 s; the third release by one agent is a failure. */
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
      args: { reason, ...left(desk, ending) },
    },
    `The job was given back after the attempt had ended: ${reason}`,
  )
}
