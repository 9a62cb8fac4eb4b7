import type { Desk } from '../desk'
import { finishPurgesOf, purgeArgs } from '../jobs/purge.server'
import {
  auditedPurges,
  auditPurge,
  decidedToPurge,
  decidePurge,
  removePurged,
} from '../jobs/purge-statements'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import { nextJobs, settleJobs, theirs, untouched } from './slice.server'

interface PurgeSlice {
  batchId: string
  actor: UserActor
  /** The largest number of jobs. */
  size: number
  /** Of the worker that holds the batch. */
  worker: Args
}

/**
 * Purges a batch's next jobs. What became of each, its audit row and the batch's counters are one write with the decision;
 * long logs go in slices after it. @returns how many jobs it took; 0: all have an outcome
 */
export async function purgeNext(desk: Desk, { batchId, actor, size, worker }: PurgeSlice): Promise<number> {
  const ids = await nextJobs(desk, batchId, size)
  if (ids.length === 0) return 0
  const args = {
    ...worker,
    ...purgeArgs(ids, desk.now()),
    batchId,
    actorId: actor.id,
    address: actor.address ?? null,
  }
  const sqls = [
    ...decidePurge(`${theirs} AND ${untouched('j')}`),
    auditPurge,
    ...settleJobs(desk, decidedToPurge),
    ...removePurged,
  ]
  await desk.db.write({
    statements: sqls.map((sql) => statement(sql, args)),
    outcome: statement(auditedPurges, args),
  })
  await finishPurgesOf(desk, ids)
  return ids.length
}
