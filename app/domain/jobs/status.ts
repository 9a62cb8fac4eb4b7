import type { JobStatus, JobVerb } from '~db/vocabulary'

/**
 * The one table of job transitions. The guard in SQL, the buttons, the badge, the API's docs and the tests
 * are all read from it.
 */

export const openStatuses = ['PENDING', 'ASSIGNED', 'IN_PROGRESS', 'INPUT_REQUIRED', 'IN_REVIEW'] as const
export const closedStatuses = ['COMPLETED', 'FAILED', 'CANCELED'] as const
export const isOpen = (status: JobStatus) => (openStatuses as readonly JobStatus[]).includes(status)

/**
 * Where a verb leads.
 * - a status: always there
 * - `queue`: ASSIGNED where the job names an agent that is not retired, else PENDING
 * - `review`: IN_REVIEW, or COMPLETED where the job's review policy is `none`
 * - `retry`: `queue` while the job may be tried again, else FAILED
 * - `same`: unchanged
 * - `restore`: the status of the version before the verb that is undone; `queue` where the job was waiting or running
 */
export type Target = JobStatus | 'queue' | 'review' | 'retry' | 'same' | 'restore'

export type Party = 'owner' | 'admin' | 'agent' | 'system'

export interface Transition {
  from: readonly JobStatus[]
  to: Target
  who: readonly Party[]
  /** Where an admin may start from more statuses than the owner. */
  adminFrom?: readonly JobStatus[]
  /** Whether it ends the attempt that runs, and so voids its lease. */
  endsAttempt?: boolean
}

const queued = ['PENDING', 'ASSIGNED'] as const
const owners = ['owner', 'admin'] as const
const allBut = (status: JobStatus) => [...openStatuses, ...closedStatuses].filter((each) => each !== status)

export const transitions: Record<JobVerb, Transition> = {
  create: { from: [], to: 'queue', who: owners },
  edit: { from: queued, to: 'queue', who: owners },
  assign: { from: ['PENDING'], to: 'queue', who: owners },
  claim: { from: queued, to: 'IN_PROGRESS', who: ['agent', 'system'] },
  release: { from: ['IN_PROGRESS'], to: 'retry', who: ['agent', 'system'], endsAttempt: true },
  requestInput: { from: ['IN_PROGRESS'], to: 'INPUT_REQUIRED', who: ['agent'], endsAttempt: true },
  answer: { from: ['INPUT_REQUIRED'], to: 'queue', who: owners },
  submit: { from: ['IN_PROGRESS'], to: 'review', who: ['agent'], endsAttempt: true },
  accept: { from: ['IN_REVIEW'], to: 'COMPLETED', who: owners },
  sendBack: { from: ['IN_REVIEW'], to: 'queue', who: owners },
  fail: { from: ['IN_PROGRESS'], to: 'retry', who: ['agent', 'system'], endsAttempt: true },
  expire: { from: ['IN_PROGRESS'], to: 'retry', who: ['system'], endsAttempt: true },
  cancel: { from: openStatuses, to: 'CANCELED', who: owners, endsAttempt: true },
  resubmit: {
    from: closedStatuses,
    adminFrom: allBut('PENDING'),
    to: 'queue',
    who: owners,
    endsAttempt: true,
  },
  complete: { from: allBut('COMPLETED'), to: 'COMPLETED', who: ['admin'], endsAttempt: true },
  reassign: { from: openStatuses, to: 'queue', who: ['admin', 'system'], endsAttempt: true },
  archive: { from: closedStatuses, to: 'same', who: [...owners, 'system'] },
  tag: { from: [...openStatuses, ...closedStatuses], to: 'same', who: owners },
  undo: { from: ['CANCELED'], to: 'restore', who: owners },
}

/** The statuses from which this party may do the verb. Empty: never. */
export function statusesFor(verb: JobVerb, party: Party): readonly JobStatus[] {
  const transition = transitions[verb]
  if (!transition.who.includes(party)) return []
  return party === 'admin' ? (transition.adminFrom ?? transition.from) : transition.from
}

/** What the next status depends on. */
export interface Facts {
  status: JobStatus
  /** Whether it names an agent, after the verb, that is not retired. */
  hasAgent: boolean
  review: 'required' | 'none'
  /** Whether it may be tried again: `failures` after this one is below `maxAttempts` and it is retryable. */
  retriable: boolean
  /** The status before the verb that is undone. */
  before?: JobStatus
}

/** The status a verb leads to: the table's `to` made definite. The SQL of `transition.server.ts` says the same. */
export function nextStatus(verb: JobVerb, facts: Facts): JobStatus {
  const queue = facts.hasAgent ? 'ASSIGNED' : 'PENDING'
  const { to } = transitions[verb]
  if (to === 'queue') return queue
  if (to === 'same') return facts.status
  if (to === 'review') return facts.review === 'none' ? 'COMPLETED' : 'IN_REVIEW'
  if (to === 'retry') return facts.retriable ? queue : 'FAILED'
  if (to === 'restore') return facts.before && isRestoredExactly(facts.before) ? facts.before : queue
  return to
}

/** Whether an undo puts this status back as it was. A waiting job may have lost its agent since, and a run can't be resumed. */
export const isRestoredExactly = (before: JobStatus) => before !== 'IN_PROGRESS' && !isQueued(before)
const isQueued = (status: JobStatus) => (queued as readonly JobStatus[]).includes(status)

/**
 * Every status a verb can lead to from `status`; what the fold over a log allows.
 * @param before the status before the verb that is undone
 */
export function reachable(verb: JobVerb, status: JobStatus, before?: JobStatus): readonly JobStatus[] {
  const { to } = transitions[verb]
  if (to === 'queue') return queued
  if (to === 'same') return [status]
  if (to === 'review') return ['IN_REVIEW', 'COMPLETED']
  if (to === 'retry') return [...queued, 'FAILED']
  if (to === 'restore') return before && isRestoredExactly(before) ? [before] : queued
  return [to]
}

/** A stored word as people read it: `IN_PROGRESS` is `In progress`. Shorter to load than a table. */
export const wordsOf = (code: string) => code.charAt(0) + code.slice(1).toLowerCase().replace('_', ' ')

export const statusLabels = Object.fromEntries(
  [...openStatuses, ...closedStatuses].map((status) => [status, wordsOf(status)]),
) as Record<JobStatus, string>

/** Delay before try number `failures + 1`: 10 s doubling, at most 10 min, less up to a quarter of jitter. */
export const backoff = { baseMs: 10_000, maxMs: 600_000, jitter: 0.25 } as const
/** How long a released job rests. */
export const releaseDelayMs = 10_000
/** So many releases by one agent count as a failure. */
export const releasesPerFailure = 3
/** So many interruptions in a row of one job count as a failure, and each one after that. */
export const crashesPerFailure = 3

/** How long a change can be undone, and how much longer a request that was sent in time may take. */
export const undoWindow = { ms: 10_000, graceMs: 5_000 } as const
