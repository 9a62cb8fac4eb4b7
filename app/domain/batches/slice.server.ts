import { readFresh } from '~db/fresh.server'
import type { Desk } from '../desk'
import { leaseClockOf } from '../lease-clock'

/** SQL that the slices of all batches share. Its arguments: `:batchId`, `:workerId`, `:at`, and those of the lease clock. */

/** Who works on a batch holds it for so long after each slice; then another process may go on with it. */
export const batchLeaseMs = 10_000

/** When a lease that is taken or renewed now lapses. */
export const leaseEnd = (desk: Desk) => `${leaseClockOf(desk).sql} + ${batchLeaseMs}`

export const held = "b.state = 'RUNNING' AND b.workerId = :workerId"

/** The worker still has the batch, and its maker still the right to it. */
export const theirs = `EXISTS (SELECT 1 FROM batches b JOIN users u ON u.id = b.actorId WHERE b.id = :batchId AND ${held}
  AND u.disabledAt IS NULL AND (b.scope = 'own' OR u.role = 'ADMIN'))`

/** Some of the batch's lines have no outcome yet. */
export const open = 'EXISTS (SELECT 1 FROM batch_items i WHERE i.batchId = :batchId AND i.outcome IS NULL)'

/** The jobs of the slice that have no outcome yet. */
export const untouched = (job: 'j' | 'jobs') => `EXISTS (SELECT 1 FROM batch_items i
  WHERE i.batchId = :batchId AND i.jobId = ${job}.id AND i.outcome IS NULL)`

/** The next jobs without an outcome. */
export async function nextJobs(desk: Desk, batchId: string, size: number): Promise<string[]> {
  // a read replica may not have the last slice yet, which did these jobs
  const next = await readFresh<{ jobId: string }>(
    desk.db,
    'SELECT jobId FROM batch_items WHERE batchId = ? AND outcome IS NULL ORDER BY jobId LIMIT ?',
    [batchId, size],
  )
  return next.map(({ jobId }) => jobId)
}

/** What became of each job of `:ids`, and the end of the slice. @param done selects those that it was done to */
export const settleJobs = (desk: Desk, done: string): string[] => [
  `UPDATE batch_items SET outcome = 'DONE', at = :at
    WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (${done}) AND ${theirs}`,
  'UPDATE batches SET done = done + changes() WHERE id = :batchId',
  `UPDATE batch_items SET outcome = 'REFUSED', at = :at,
     status = (SELECT j.status FROM jobs j WHERE j.id = batch_items.jobId)
   WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (SELECT value FROM json_each(:ids)) AND ${theirs}`,
  ...closeSlice(desk),
]

/** Ends a slice, right after the statement that refuses some of it: how many were refused, and whether it was the last. */
export const closeSlice = (desk: Desk) => [
  `UPDATE batches AS b SET refused = refused + changes(), leaseExpiresAt = ${leaseEnd(desk)}
    WHERE b.id = :batchId AND ${held}`,
  `UPDATE batches AS b SET state = 'DONE', endedAt = max(startedAt, :at), workerId = NULL, leaseExpiresAt = NULL
    WHERE b.id = :batchId AND ${held}
      AND NOT ${open}`,
]
