import { setImmediate as aTurn } from 'node:timers/promises'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { keepDraft } from './freeze.server'
import { assertMayMake } from './may'
import { findBatch } from './queries.server'

/** So many lines are read at once. */
const slice = 2000

/**
 * A new draft of the same verb, of what an ended batch refused or left alone.
 *
 * @returns the draft's id
 * @throws {NotFound} not theirs; {Conflict} it is not over, or there is nothing left to do
 */
export async function retryBatch(desk: Desk, actor: UserActor, id: string): Promise<string> {
  const batch = await findBatch(desk, actor, id)
  if (batch.state !== 'STOPPED' && batch.state !== 'DONE') {
    throw new Conflict('This batch is not over yet.', 'not_over')
  }
  // somebody else's batch of their own jobs is to an admin one of everyone's
  const scope = batch.actorId === actor.id ? batch.scope : 'all'
  assertMayMake(actor, scope, batch.verb)
  const ids = [
    ...(await linesOf(desk, id, "outcome = 'REFUSED'")),
    ...(await linesOf(desk, id, 'outcome IS NULL')),
  ]
  if (ids.length === 0) throw new Conflict('Every job of this batch is done.', 'nothing_left')
  const { verb, args } = batch
  return keepDraft(desk, actor, { scope, verb, args, filter: null, retryOf: id }, ids)
}

async function linesOf(desk: Desk, id: string, which: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const read = await desk.db.all<{ jobId: string }>(
      `SELECT jobId FROM batch_items WHERE batchId = ? AND ${which} AND jobId > ? ORDER BY jobId LIMIT ${slice}`,
      [id, ids.at(-1) ?? ''],
    )
    ids.push(...read.map(({ jobId }) => jobId))
    if (read.length < slice) return ids
    await aTurn()
  }
}
