import { beginning } from '../beginning'
import { roughBeginning } from '../sql'
import { maxFailingCounted, type ScheduleFailure } from './view'

/**
 * An active schedule fails while its last run made no job, or while the last of its jobs to end failed. A paused one
 * does not: somebody has decided about it.
 */

/** The condition of the indexes `schedules_failing` and `schedules_failing_owner`, word for word. */
export const isFailing = (s: string) =>
  `${s}.state = 'ACTIVE' AND ${s}.deletedAt IS NULL AND (${s}.problem IS NOT NULL OR ${s}.failedJobId IS NOT NULL)`

/** How many characters of a reason are shown. */
const maxWhy = 200

const facts = `'since', CASE WHEN s.problem IS NULL THEN j.closedAt ELSE coalesce(s.lastAt, s.updatedAt) END,
  'why', CASE WHEN s.problem IS NULL THEN ${roughBeginning('t.error', maxWhy)} ELSE s.problem END,
  'job', json(CASE WHEN s.problem IS NULL THEN json_object('id', j.id, 'name', j.name) END)`

/** SQL: the failure of the schedule `s` as JSON text, or null. */
export const failureColumn = `CASE WHEN ${isFailing('s')} THEN (
  SELECT json_object(${facts}) FROM (SELECT 1) LEFT JOIN jobs j ON j.id = s.failedJobId
    LEFT JOIN attempts t ON t.jobId = j.id AND t.number = j.attemptCount) END`

/** @param stored what `failureColumn` gave */
export function readFailure(stored: string | null): ScheduleFailure | null {
  if (stored === null) return null
  const failure = JSON.parse(stored) as ScheduleFailure
  return { ...failure, why: failure.why && beginning(failure.why, maxWhy) }
}

/** SQL: how many schedules fail, `:ownerId`'s or everyone's, up to `maxFailingCounted`. */
export const failingCount = (scope: 'own' | 'all') => `(SELECT count(*) FROM (
  SELECT 1 FROM schedules s INDEXED BY ${scope === 'own' ? 'schedules_failing_owner' : 'schedules_failing'}
  WHERE ${isFailing('s')}${scope === 'own' ? ' AND s.ownerId = :ownerId' : ''} LIMIT ${maxFailingCounted}))`
