import { type Desk, newId } from '../desk'
import { Forbidden, NotFound } from '../errors'
import { canPurge, type UserActor } from '../policy'
import { statement } from '../sql'
import { explainConflict } from './explain-refusal.server'
import { closedStatuses } from './status'

/**
 * Removes a closed job with its log and attempts; only an audit row stays.
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
  const at = desk.now()
  const args = { id, at, version, auditId: newId(at), actorId: actor.id, address: actor.address ?? null }
  const closed = closedStatuses.map((status) => `'${status}'`).join(', ')
  const { rows } = await desk.db.write({
    statements: [
      `INSERT INTO audit (id, at, actorKind, actorId, action, subjectKind, subjectId, detail, address)
         SELECT :auditId, :at, 'user', :actorId, 'job.purge', 'job', j.id,
           json_object('name', j.name, 'version', j.version), :address FROM jobs j
         WHERE j.id = :id AND j.status IN (${closed}) AND (:version IS NULL OR j.version = :version)`,
      `DELETE FROM jobs WHERE id = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
      // a server may not enforce foreign keys: what would cascade is named
      `DELETE FROM attempts WHERE jobId = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
      `DELETE FROM job_logs WHERE jobId = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
    ].map((sql) => statement(sql, args)),
    outcome: statement('SELECT id FROM audit WHERE id = :auditId', args),
  })
  if (rows.length > 0) return
  throw (await explainConflict(desk, id, version, (job) => canPurge(actor, job))) ?? new NotFound('This job')
}
