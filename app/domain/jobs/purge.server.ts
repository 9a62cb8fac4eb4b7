import { setImmediate as aTurn } from 'node:timers/promises'
import { readFresh } from '~db/fresh.server'
import { type Desk, newId } from '../desk'
import { Forbidden, NotFound } from '../errors'
import { idempotencyHours } from '../idempotency.server'
import { canPurge, type UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { explainConflict } from './explain-refusal.server'
import { auditedPurges, auditPurge, decidePurge, logSlice, removePurged } from './purge-statements'

/** The arguments of the statements that purge these jobs. */
export function purgeArgs(ids: string[], at: number): Args {
  return { ids: jsonArg(ids), writeId: newId(at), at, keysSince: at - idempotencyHours * 3_600_000 }
}

/**
 * Removes a closed job with everything that belongs to it; only an audit row with its name stays.
 *
 * @throws {Forbidden} for anyone but an admin; {NotFound}; {Conflict} where it is open, or not of the version given
 */
export async function purgeJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version = null }: { version?: number | null } = {},
): Promise<void> {
  if (actor.role !== 'ADMIN') throw new Forbidden('Only an admin can purge a job.')
  const args = {
    ...purgeArgs([id], desk.now()),
    version,
    actorId: actor.id,
    address: actor.address ?? null,
  }
  const sqls = [...decidePurge('(:version IS NULL OR j.version = :version)'), auditPurge, ...removePurged]
  const { rows } = await desk.db.write({
    statements: sqls.map((sql) => statement(sql, args)),
    outcome: statement(auditedPurges, args),
  })
  if (rows.length > 0) return finishPurgesOf(desk, [id])
  throw (await explainConflict(desk, id, version, (job) => canPurge(actor, job))) ?? new NotFound('This job')
}

/** Removes what is left of these jobs, as far as they are being purged. */
export async function finishPurgesOf(desk: Desk, ids: string[]): Promise<void> {
  const left = await readFresh<{ jobId: string }>(
    desk.db,
    'SELECT jobId FROM job_purges WHERE jobId IN (SELECT value FROM json_each(?))',
    [jsonArg(ids)],
  )
  for (const { jobId } of left) {
    while (await removeSlice(desk, jobId)) await aTurn()
  }
}

/** Goes on with purges that somebody began and did not end: their process was killed. */
export async function finishPurges(desk: Desk): Promise<void> {
  for (;;) {
    const begun = await readFresh<{ jobId: string }>(
      desk.db,
      'SELECT jobId FROM job_purges ORDER BY jobId LIMIT 100',
    )
    if (begun.length === 0) return
    await finishPurgesOf(
      desk,
      begun.map(({ jobId }) => jobId),
    )
  }
}

/** The oldest rows of a long log, or the job with all that is left. @returns whether there is more */
async function removeSlice(desk: Desk, id: string): Promise<boolean> {
  const [oldest] = await readFresh<{ number: number | null }>(
    desk.db,
    'SELECT min(number) AS number FROM job_logs WHERE jobId = ?',
    [id],
  )
  const args = { ...purgeArgs([id], desk.now()), id, below: (oldest?.number ?? 0) + logSlice }
  const sqls = [
    `DELETE FROM job_logs WHERE jobId = :id AND number < :below
      AND EXISTS (SELECT 1 FROM job_purges WHERE jobId = :id)`,
    ...removePurged,
  ]
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: sqls.map((sql) => statement(sql, args)),
    result: statement('SELECT jobId FROM job_purges WHERE jobId = :id', args),
  })
  return rows.length > 0
}
