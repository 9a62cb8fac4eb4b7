import { encodeTime } from 'ulid'
import type { Desk } from '../desk'
import { closedStatuses } from '../jobs/status'
import { type Args, statement } from '../sql'
import { dayMs, type RetentionPreview, type RetentionVerb } from './view'

/** Which jobs are due to be archived or purged: found by the index of unarchived jobs, and by their ids. */

export const beforeOf = (now: number, days: number) => now - days * dayMs

const closed = closedStatuses.map((status) => `'${status}'`).join(', ')

/**
 * SQL: whether a job is due, at `:before`. One that a running batch has yet to come to is left alone, and one whose failure
 * is why its schedule is failing.
 *
 * @param job the name that it goes by
 */
export const isDue = (verb: RetentionVerb, job: 'j' | 'jobs') =>
  [
    `${job}.status IN (${closed})`,
    `${job}.closedAt < :before`,
    ...(verb === 'archive' ? [`${job}.archivedAt IS NULL`] : []),
    `NOT EXISTS (SELECT 1 FROM schedules s WHERE s.id = ${job}.scheduleId AND s.failedJobId = ${job}.id
      AND s.state = 'ACTIVE' AND s.deletedAt IS NULL)`,
    `NOT EXISTS (SELECT 1 FROM batches b CROSS JOIN batch_items i
      WHERE b.state = 'RUNNING' AND i.batchId = b.id AND i.jobId = ${job}.id AND i.outcome IS NULL)`,
  ].join(' AND ')

/** A place in the walk: the job that was looked at last. */
export interface Walked {
  id: string
  createdAt: number
}

/** Jobs are closed after they are created, and ids begin with the time of creation. */
const looks: Record<RetentionVerb, string> = {
  archive: `SELECT j.id, j.createdAt, ${isDue('archive', 'j')} AS due FROM jobs j INDEXED BY jobs_all
    WHERE j.archivedAt IS NULL AND (j.createdAt, j.id) > (:afterAt, :afterId) AND j.createdAt < :before
    ORDER BY j.createdAt, j.id LIMIT :most`,
  purge: `SELECT j.id, j.createdAt, ${isDue('purge', 'j')} AS due FROM jobs j
    WHERE j.id > :afterId AND j.id < :beforeId ORDER BY j.id LIMIT :most`,
}

const lookArgs = (before: number, after: Walked | null, most: number): Args => ({
  ...{ before, most, beforeId: encodeTime(Math.max(before, 0)).toLowerCase() },
  ...{ afterAt: after?.createdAt ?? -1, afterId: after?.id ?? '' },
})

/** Looks at a limited number of jobs. @returns those that are due, and where to go on; null at the end */
export async function dueJobs(
  desk: Desk,
  verb: RetentionVerb,
  { before, after, most }: { before: number; after: Walked | null; most: number },
): Promise<{ ids: string[]; after: Walked | null }> {
  const { sql, args } = statement(looks[verb], lookArgs(before, after, most))
  const rows = await desk.db.all<Walked & { due: number }>(sql, args)
  return {
    ids: rows.filter(({ due }) => due === 1).map(({ id }) => id),
    after: rows.length < most ? null : (rows.at(-1) ?? null),
  }
}

/** How many jobs a preview looks at. */
const previewed = 2000
/** More are not counted. */
export const maxPreviewed = 1000

/** How many jobs are due now, without looking at all of them. */
export async function previewRetention(
  desk: Desk,
  verb: RetentionVerb,
  days: number,
): Promise<RetentionPreview> {
  const before = beforeOf(desk.now(), days)
  const { sql, args } = statement(
    `SELECT count(*) AS looked, coalesce(sum(due), 0) AS count FROM (${looks[verb]})`,
    lookArgs(before, null, previewed),
  )
  const { looked = 0, count = 0 } = (await desk.db.first<{ looked: number; count: number }>(sql, args)) ?? {}
  const isMore = looked === previewed || count > maxPreviewed
  return { before, count: Math.min(count, maxPreviewed), isMore }
}
