import { isStatementError } from '~db/errors'
import type { Desk } from '../desk'
import { crashesPerFailure, releaseDelayMs } from '../jobs/status'
import { type Moved, transition } from '../jobs/transition.server'
import { lapsedAt, leaseClockOf } from '../lease-clock'
import { type Args, statement } from '../sql'
import { currentVersionArgs, isCurrentVersion } from './current-version'
import type { EndingWithoutResult } from './ending'
import { keepUnsubmitted } from './late.server'
import { type Lease, ownLease } from './lease'
import { retriable, retryAt, whatFollows } from './retry'
import { keptNote, leaves, left, moveHeld, payloadOf } from './settle.server'

/**
 * Attempts that end because of Docket itself. They use up no attempt of the job, with one exception: a job under which
 * Docket crashes again and again has to end.
 */

const system = { kind: 'system' } as const
/** Jobs taken back in one write. */
const atOnce = 500
const uncounted = ' It does not count as a failure, and the job runs again.'

/**
 * Gives back a running job because Docket is being stopped, or a newer version has taken over. If the attempt has ended
 * meanwhile, the job is left alone.
 */
export async function drainAttempt(
  desk: Desk,
  lease: Lease,
  ending: EndingWithoutResult = {},
): Promise<void> {
  const reason = desk.db.version.isSuperseded
    ? 'A newer version of Docket took over during this attempt.'
    : 'Docket was stopped during this attempt.'
  const moved = await giveBack(desk, lease, reason, ending)
  if (!moved) await keepUnsubmitted(desk, system, lease, ending)
}

/** Gives back a claim whose answer came too late or never: its agent was not started. */
export async function returnUnstarted(desk: Desk, lease: Lease): Promise<void> {
  await giveBack(desk, lease, 'The database answered too late, so this attempt was not started.', {})
}

/** What it leaves may be more than the database takes: the job is given back all the same. */
const giveBack = (desk: Desk, lease: Lease, reason: string, ending: EndingWithoutResult) =>
  giveBackWith(desk, lease, reason, ending).catch((error: unknown) => {
    if (isStatementError(error)) return giveBackWith(desk, lease, reason, {})
    throw error
  })

const giveBackWith = (desk: Desk, lease: Lease, reason: string, ending: EndingWithoutResult) =>
  moveHeld(desk, system, lease, {
    verb: 'release',
    retriable: '1',
    set: { runAfter: `:at + ${releaseDelayMs}` },
    attempt: { outcome: 'DRAINED', set: { error: ':reason', ...leaves } },
    message: `:reason || '${uncounted}' || ${keptNote}`,
    responsePayload: payloadOf(ending),
    args: { reason, ...left(desk, ending) },
  })

/** The leases of live attempts that a worker claimed, whether it knows of them or not. */
export async function leasesOf(desk: Desk, workerId: string): Promise<Lease[]> {
  return desk.db.all<Lease>(
    `SELECT id AS attemptId, jobId, leaseToken FROM attempts WHERE endedAt IS NULL AND workerId = ?`,
    [workerId],
  )
}

/** Whether a live attempt `t` was running when a backup was made that has been restored since. */
const isRestored = "EXISTS (SELECT 1 FROM audit a WHERE a.action = 'restore' AND a.at >= t.startedAt)"

/** Gives back every job that was running when the backup was made from which the database was restored; they start at once. */
export async function drainRestored(desk: Desk): Promise<void> {
  let drained: Moved[]
  do {
    const ids = await liveJobs(desk, isRestored)
    drained = await transition(desk, {
      verb: 'release',
      ids,
      actor: system,
      retriable: '1',
      set: { runAfter: 'NULL' },
      attempt: { outcome: 'DRAINED', set: { error: ':reason' } },
      message: `:reason || '${uncounted}'`,
      args: { reason: 'Docket was restored from a backup that was made during this attempt.' },
    })
  } while (drained.length > 0)
}

/** Whether the attempts just before this one were interrupted too, so that this one counts as a failure. */
const isRepeated = (jobId: string, number: string) =>
  `((SELECT count(*) FROM attempts r WHERE r.jobId = ${jobId} AND r.outcome = 'INTERRUPTED'
    AND r.number BETWEEN ${number} - ${crashesPerFailure - 1} AND ${number} - 1) = ${crashesPerFailure - 1})`
const jobRepeats = isRepeated('jobs.id', 'jobs.attemptCount')
const rowRepeats = isRepeated('j.id', 'j.attemptCount')
const attemptRepeats = isRepeated('attempts.jobId', 'attempts.number')
const repeated = ` It happened at least ${crashesPerFailure} times in a row with this job, so it counts as a failure.`

/**
 * Takes back the jobs of attempts whose lease has lapsed: Docket renews the leases of the agents that it runs, so the
 * process that ran them crashed, or stalled for longer than a lease. From the third interruption in a row of one job on,
 * each counts as a failure.
 *
 * @param options.observedAt what the lease clock said when the caller made sure that it had not jumped; default: now
 */
export async function expireAttempts(desk: Desk, options: { observedAt?: number } = {}): Promise<Moved[]> {
  const clock = leaseClockOf(desk)
  const observedAt = options.observedAt ?? (await clock.read())
  return interrupt(desk, {
    // a read replica has a clock of its own: both have to agree
    which: [':observedAt', clock.sql]
      .map((at) => lapsedAt('t.leaseExpiresAt', at, ownLease.lengthMs))
      .join(' AND '),
    reason: 'The Docket process that ran this attempt crashed or stopped responding.',
    runAfter: `:at + ${releaseDelayMs}`,
    args: () => ({ ...clock.args(), observedAt }),
  })
}

/** Takes back the jobs of every live attempt, for a file that this process has just opened: their process is dead. */
export async function expireOrphans(desk: Desk): Promise<void> {
  const orphans = {
    which: '1',
    reason: 'Docket crashed or was killed during this attempt.',
    runAfter: 'NULL',
    args: () => ({}),
  }
  while ((await interrupt(desk, orphans)).length > 0);
}

interface Interruption {
  /** SQL over a live attempt `t`. */
  which: string
  reason: string
  /** SQL of when it may start again, where this does not count as a failure. */
  runAfter: string
  args(): Args
}

async function interrupt(desk: Desk, { which, reason, runAfter, args }: Interruption): Promise<Moved[]> {
  const ids = await liveJobs(desk, which, args())
  if (ids.length === 0) return []
  return transition(desk, {
    verb: 'expire',
    ids,
    actor: system,
    guard: `EXISTS (SELECT 1 FROM attempts t WHERE t.jobId = jobs.id AND t.endedAt IS NULL AND ${which})
      AND ${isCurrentVersion}`,
    retriable: `CASE WHEN ${jobRepeats} THEN ${retriable} ELSE 1 END`,
    set: {
      failures: `failures + ${jobRepeats}`,
      runAfter: `CASE WHEN ${jobRepeats} THEN ${retryAt} ELSE ${runAfter} END`,
    },
    attempt: {
      outcome: 'INTERRUPTED',
      set: { error: `:reason || CASE WHEN ${attemptRepeats} THEN '${repeated}' ELSE '' END` },
    },
    message: `:reason || CASE WHEN ${rowRepeats} THEN '${repeated}' || ${whatFollows} ELSE '${uncounted}' END`,
    args: { ...args(), ...currentVersionArgs(desk), retryable: 1, waitMs: 0, reason },
  })
}

async function liveJobs(desk: Desk, which: string, named: Args = {}): Promise<string[]> {
  const sql = `SELECT t.jobId FROM attempts t WHERE t.endedAt IS NULL AND ${which} LIMIT ${atOnce}`
  const { args } = statement(sql, named)
  const rows = await desk.db.all<{ jobId: string }>(sql, args)
  return rows.map(({ jobId }) => jobId)
}
