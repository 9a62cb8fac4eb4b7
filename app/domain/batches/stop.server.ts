import { recorded } from '../audit.server'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import { findBatch } from './queries.server'

/**
 * Ends a running batch: what is done stays done, the rest is left alone. Its maker may, and any admin.
 *
 * @throws {NotFound} not theirs; {Conflict} it is over, or was never started
 */
export async function stopBatch(desk: Desk, actor: UserActor, id: string): Promise<void> {
  const batch = await findBatch(desk, actor, id)
  const args: Args = {
    batchId: id,
    stoppedAt: desk.now(),
    stopper: actor.id,
    note: `Stopped by ${actor.name}.`,
  }
  const own = batch.scope === 'own' && batch.actorId === actor.id
  const stopped = own ? await stopOwn(desk, args) : await stopAsAdmin(desk, actor, batch, args)
  if (!stopped) throw new Conflict('This batch is not running.', 'not_running')
}

async function stopOwn(desk: Desk, args: Args): Promise<boolean> {
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [statement(stopRunning, args)],
    result: statement(
      `SELECT id FROM batches WHERE id = :batchId AND state = 'STOPPED' AND stoppedBy = :stopper AND endedAt = max(startedAt, :stoppedAt)`,
      args,
    ),
  })
  return rows.length > 0
}

function stopAsAdmin(desk: Desk, actor: UserActor, batch: { id: string; verb: string }, args: Args) {
  return recorded(desk, {
    actor,
    action: 'batch.stop',
    subject: { kind: 'batch', id: batch.id },
    detail: { verb: batch.verb },
    change: stopRunning,
    args,
  })
}

const stopRunning = `UPDATE batches SET state = 'STOPPED', endedAt = max(startedAt, :stoppedAt), stoppedBy = :stopper, note = :note,
  workerId = NULL, leaseExpiresAt = NULL WHERE id = :batchId AND state = 'RUNNING'`
