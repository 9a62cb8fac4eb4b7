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

/** Ends a slice, right after the statement that refuses some of it: how many were refused, and whether it was the last. */
export const closeSlice = (desk: Desk) => [
  `UPDATE batches AS b SET refused = refused + changes(), leaseExpiresAt = ${leaseEnd(desk)}
    WHERE b.id = :batchId AND ${held}`,
  `UPDATE batches AS b SET state = 'DONE', endedAt = max(startedAt, :at), workerId = NULL, leaseExpiresAt = NULL
    WHERE b.id = :batchId AND ${held}
      AND NOT ${open}`,
]
