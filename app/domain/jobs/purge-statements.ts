import { closedStatuses } from './status'

/**
 * The statements that purge jobs, for units that may do more. First it is decided, under `:writeId`: from then on nothing
 * else changes the job. Then everything that belongs to it goes; a long log goes in slices before. Whatever stops Docket in
 * between, `finishPurges` goes on.
 *
 * Their arguments: `:ids` (JSON), `:writeId`, `:at`, `:keysSince`.
 */

/** A log with more rows than this is deleted in slices of this size. */
export const logSlice = 500

const closed = closedStatuses.map((status) => `'${status}'`).join(', ')
const ids = 'SELECT value FROM json_each(:ids)'

/** Selects the jobs that this write decided to purge. */
export const decidedToPurge = `SELECT p.jobId FROM job_purges p WHERE p.jobId IN (${ids}) AND p.writeId = :writeId`

/** @param guard SQL of what else must hold; it speaks of the job as `j` */
export const decidePurge = (guard: string): [decide: string, note: string] => [
  `INSERT INTO job_purges (jobId, writeId) SELECT j.id, :writeId FROM jobs j
    WHERE j.id IN (${ids}) AND j.status IN (${closed}) AND ${guard} ON CONFLICT DO NOTHING`,
  `UPDATE retention SET wordsLeftAt = :at WHERE id = 1 AND EXISTS (${decidedToPurge})`,
]

/** One audit row for each job: its name is all that is kept. */
export const auditPurge = `INSERT INTO audit (id, at, actorKind, actorId, action, subjectKind, subjectId, detail, address)
  SELECT :writeId || '.' || row_number() OVER (), :at, 'user', :actorId, 'job.purge', 'job', j.id,
    json_object('name', j.name, 'version', j.version), :address
  FROM jobs j WHERE j.id IN (${decidedToPurge})`
/** `.` and the character after it bound the ids that start with the write's id and a dot. */
export const auditedPurges =
  "SELECT subjectId AS id FROM audit WHERE id > :writeId || '.' AND id < :writeId || '/'"

const going = `SELECT p.jobId FROM job_purges p WHERE p.jobId IN (${ids})`
const gone = `${going} AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.id = p.jobId)`
const end = (which: 'min' | 'max') => `(SELECT ${which}(l.number) FROM job_logs l WHERE l.jobId = jobs.id)`

/** Removes those whose log is short, with everything that belongs to them. */
export const removePurged = [
  // what was answered when it was created; the keys of older jobs have expired
  `DELETE FROM idempotency_keys WHERE subjectId IN (${going})
    AND userId IN (SELECT j.userId FROM jobs j WHERE j.id IN (${going}) AND j.createdAt >= :keysSince)`,
  `DELETE FROM jobs WHERE id IN (${going}) AND coalesce(${end('max')} - ${end('min')}, 0) < ${logSlice}`,
  // a server may not enforce foreign keys: what would cascade is named
  `DELETE FROM attempts WHERE jobId IN (${gone})`,
  `DELETE FROM job_logs WHERE jobId IN (${gone})`,
  `DELETE FROM job_purges WHERE jobId IN (${gone})`,
]

/**
 * Every column that names a job, and what a purge does to it. A test compares this with the schema.
 * - `removed`: the row goes with the job
 * - anything else: why it stays; it holds nothing of what the job says
 */
export const purgedColumns: Record<string, string> = {
  'attempts.jobId': 'removed',
  'job_logs.jobId': 'removed',
  'job_purges.jobId': 'removed',
  'idempotency_keys.subjectId': 'removed',
  'schedules.failedJobId': 'cleared by trigger',
  'schedule_runs.jobId': 'the run stays, and says that its job was purged',
  'batch_items.jobId': 'the line stays, so that the batch adds up; its cells went when the job was created',
  'audit.subjectId': 'who did what stays, with the name of the job',
}
