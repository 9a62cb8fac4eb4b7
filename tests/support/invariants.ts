import { reachable, transitions } from '~/domain/jobs/status'
import type { Database } from '~db/client.server'
import type { Attempt, Job, JobLog } from '~db/schema'
import { type JobStatus, type JobVerb, jobVerbs } from '~db/vocabulary'
import { batchViolations } from './batch-records'
import { hourViolations } from './hour-counters'

/**
 * Checks the contract of the whole database: one live attempt a job, attempts and log numbered without a gap, every
 * step legal by the transition table, the log folding to the job as it stands, nothing that ends before it began, the
 * counters right, and each job of a batch acted upon once.
 *
 * @returns a sentence for each violation; none when all is well
 */
export async function violations(db: Database): Promise<string[]> {
  const jobs = await db.all<Job>('SELECT * FROM jobs')
  const attempts = groupBy(
    await db.all<Attempt>('SELECT * FROM attempts ORDER BY jobId, number'),
    (each) => each.jobId,
  )
  const logs = groupBy(
    await db.all<JobLog>('SELECT * FROM job_logs ORDER BY jobId, number'),
    (each) => each.jobId,
  )
  const found: string[] = []
  for (const job of jobs) {
    const say = (text: string) => found.push(`job ${job.id} (${job.status}): ${text}`)
    checkAttempts(job, attempts.get(job.id) ?? [], say)
    checkLog(job, logs.get(job.id) ?? [], attempts.get(job.id) ?? [], say)
    checkClaims(attempts.get(job.id) ?? [], logs.get(job.id) ?? [], say)
  }
  const hours = await hourViolations(db, [...attempts.values()].flat(), logs)
  return [
    ...found,
    ...(await countViolations(db, jobs)),
    ...hours,
    ...(await batchViolations(db)),
    ...(await scheduleViolations(db)),
  ]
}

async function scheduleViolations(db: Database): Promise<string[]> {
  const rows = await db.all<{ id: string }>(
    `SELECT s.id FROM schedules s LEFT JOIN jobs j ON j.id = s.failedJobId AND j.scheduleId = s.id
       AND j.status = 'FAILED' AND j.archivedAt IS NULL
     WHERE s.failedJobId IS NOT NULL AND j.id IS NULL`,
  )
  return rows.map(({ id }) => `schedule ${id} names a failed job that is none`)
}

type Say = (text: string) => void

function checkAttempts(job: Job, attempts: Attempt[], say: Say) {
  const live = attempts.filter((attempt) => attempt.endedAt === null)
  if (live.length !== (job.status === 'IN_PROGRESS' ? 1 : 0)) say(`${live.length} live attempts`)
  if (attempts.length !== job.attemptCount) say(`${attempts.length} attempts, counted ${job.attemptCount}`)
  attempts.forEach((attempt, at) => {
    if (attempt.number !== at + 1) say(`attempt ${attempt.number} stands at place ${at + 1}`)
    if ((attempt.outcome === 'RUNNING') !== (attempt.endedAt === null)) {
      say(`attempt ${attempt.number} is ${attempt.outcome} and ended at ${attempt.endedAt}`)
    }
  })
  attempts.forEach(({ number, startedAt, endedAt }, at) => {
    const since = attempts[at - 1]?.endedAt ?? job.createdAt
    if (startedAt < since) say(`attempt ${number} began at ${startedAt}, before ${since}`)
    if (endedAt !== null && endedAt < startedAt) say(`attempt ${number} ended before it began`)
  })
  for (const at of [job.updatedAt, job.closedAt, job.archivedAt]) {
    if (at !== null && at < job.createdAt) say(`it has a time before it was created: ${at}`)
  }
  const closed = ['COMPLETED', 'FAILED', 'CANCELED'].includes(job.status)
  if (closed !== (job.closedAt !== null)) say(`closedAt is ${job.closedAt}`)
  const needsResult = job.status === 'IN_REVIEW' || (job.status === 'COMPLETED' && !job.completedByAdmin)
  if (needsResult && job.result === null) say('no result')
}

function checkLog(job: Job, logs: JobLog[], attempts: Attempt[], say: Say) {
  let before: JobLog | undefined
  for (const [at, log] of logs.entries()) {
    if (log.number !== at + 1) say(`log row ${log.number} stands at place ${at + 1}`)
    if (before && log.seq <= before.seq) say(`log row ${log.number} has seq ${log.seq} after ${before.seq}`)
    if (log.ownerId !== job.userId) say(`log row ${log.number} belongs to ${log.ownerId}`)
    if (before && log.createdAt < before.createdAt) say(`log row ${log.number} is older than the one before`)
    checkStep(before, log, attempts, say)
    if (log.kind === 'undo') checkUndo(logs, log, say)
    before = log
  }
  if (!before) return say('no log')
  for (const field of ['status', 'assignedAgentId', 'version', 'failures', 'runAfter'] as const) {
    if (before[field] !== job[field]) say(`${field} is ${job[field]}, by its log ${before[field]}`)
  }
}

const isVerb = (kind: string): kind is JobVerb => (jobVerbs as readonly string[]).includes(kind)

function checkStep(before: JobLog | undefined, log: JobLog, attempts: Attempt[], say: Say) {
  const { kind } = log
  if (!before || kind === 'create') {
    if (before || kind !== 'create') say(`log row ${log.number} is ${kind}`)
    if (log.version !== 1 || log.failures !== 0) say('created with a version or failures')
    return
  }
  const where = `log row ${log.number} (${kind}, ${before.status} to ${log.status})`
  if (!isVerb(kind)) {
    if (log.status !== before.status || log.version !== before.version) say(`${where} changes the job`)
    return
  }
  const { from, adminFrom } = transitions[kind]
  if (![...from, ...(adminFrom ?? [])].includes(before.status)) say(`${where} starts from a wrong status`)
  if (kind !== 'undo' && !reachable(kind, before.status).includes(log.status)) {
    say(`${where} leads to a wrong status`)
  }
  if (log.version !== before.version + 1) say(`${where} takes version ${before.version} to ${log.version}`)
  if (failuresAfter(before.failures, log, attempts) !== log.failures) {
    say(`${where} takes failures from ${before.failures} to ${log.failures}`)
  }
}

/** An undo brings back what the log says of the version before the undone one. */
function checkUndo(logs: JobLog[], undo: JobLog, say: Say) {
  const where = `log row ${undo.number} (undo)`
  const at = (version: number) => logs.find((log) => log.version === version && isVerb(log.kind))
  const was = at(undo.version - 2)
  if (at(undo.version - 1)?.kind !== 'cancel' || !was) return say(`${where} undoes no cancel`)
  if (!reachable('undo', 'CANCELED', was.status).includes(undo.status)) {
    say(`${where} restores ${was.status} as ${undo.status}`)
  }
  for (const field of ['failures', 'runAfter', 'assignedAgentId'] as const) {
    // nobody is named any more where the agent was retired in between
    const isFreed = field === 'assignedAgentId' && undo.status === 'PENDING'
    if (undo[field] !== was[field] && !isFreed) say(`${where} has ${field} ${undo[field]}, not ${was[field]}`)
  }
}

function failuresAfter(before: number, { kind, attempt }: JobLog, attempts: Attempt[]): number {
  if (kind === 'sendBack' || kind === 'answer' || kind === 'resubmit') return 0
  if (kind === 'fail') return before + 1
  if (kind !== 'expire' && kind !== 'release') return before
  const ended = attempts.slice(0, attempt ?? 0)
  return before + (countsAsFailure(ended) ? 1 : 0)
}

/** Whether the last of these attempts, which expired or was released, counts. Docket's own doing does not, but for crash after crash. */
function countsAsFailure(ended: Attempt[]): boolean {
  const last = ended.at(-1)
  switch (last?.outcome) {
    case 'INTERRUPTED':
      return ended.length >= 3 && ended.slice(-3).every(({ outcome }) => outcome === 'INTERRUPTED')
    case 'RELEASED': {
      const theirs = ended.filter(({ outcome }) => outcome !== 'INTERRUPTED' && outcome !== 'DRAINED')
      const row = theirs.slice(theirs.findLastIndex(({ outcome }) => outcome !== 'RELEASED') + 1)
      return row.filter(({ agentId }) => agentId === last.agentId).length % 3 === 0
    }
    default:
      return last?.outcome === 'EXPIRED'
  }
}

/** Each attempt was opened by one claim, and at most one row ended it. */
function checkClaims(attempts: Attempt[], logs: JobLog[], say: Say) {
  const claims = logs.filter(({ kind }) => kind === 'claim').map(({ attempt }) => attempt)
  const numbers = attempts.map(({ number }) => number)
  if (claims.join() !== numbers.join()) say(`claims ${claims.join()} for attempts ${numbers.join()}`)
  const submits = logs.filter(({ kind }) => kind === 'submit').map(({ attempt }) => attempt)
  if (new Set(submits).size !== submits.length) say('an attempt handed in twice')
  checkPlaces(logs, say)
}

/** What an agent said is between the claim and the end of its attempt, both marked with it: a narrowed log counts on that. */
function checkPlaces(logs: JobLog[], say: Say) {
  let live: Pick<JobLog, 'attempt' | 'agentId'> | null = null
  for (const { number, kind, attempt, agentId } of logs) {
    const isLive = live !== null && live.attempt === attempt && live.agentId === agentId
    if (kind === 'claim') live = { attempt, agentId }
    else if (isVerb(kind) && transitions[kind].endsAttempt) {
      if (live && !isLive) say(`log row ${number} (${kind}) ends attempt ${live.attempt}, marked ${attempt}`)
      live = null
    } else if (!isVerb(kind) && kind !== 'late' && !isLive)
      say(`log row ${number} (${kind}) is of no live attempt`)
  }
}

async function countViolations(db: Database, jobs: Job[]): Promise<string[]> {
  const expected = new Map<string, number>()
  for (const job of jobs.filter(({ archivedAt }) => archivedAt === null)) {
    for (const owner of [job.userId, '*']) {
      const key = `${owner} ${job.status}`
      expected.set(key, (expected.get(key) ?? 0) + 1)
    }
  }
  const kept = await db.all<{ ownerId: string; status: JobStatus; count: number }>('SELECT * FROM job_counts')
  const counted = new Map(kept.map(({ ownerId, status, count }) => [`${ownerId} ${status}`, count]))
  return [...new Set([...expected.keys(), ...counted.keys()])]
    .filter((key) => (expected.get(key) ?? 0) !== (counted.get(key) ?? 0))
    .map((key) => `count of ${key} is ${counted.get(key)}, should be ${expected.get(key) ?? 0}`)
}

function groupBy<Row>(rows: Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}
