import { type Desk, newId } from '../desk'
import { Conflict, Forbidden } from '../errors'
import type { UserActor } from '../policy'
import { statement } from '../sql'
import { closedStatuses } from './status'

/**
 * Removes a closed job with its log and attempts; only an audit row stays.
 *
 * @throws {Forbidden} for anyone but an admin; {Conflict} where the job is open or not there
 */
export async function purgeJob(desk: Desk, actor: UserActor, id: string): Promise<void> {
  if (actor.role !== 'ADMIN') throw new Forbidden('Only an admin can purge a job.')
  const at = desk.now()
  const args = { id, at, auditId: newId(at), actorId: actor.id }
  const closed = closedStatuses.map((status) => `'${status}'`).join(', ')
  const { rows } = await desk.db.write({
    statements: [
      `INSERT INTO audit (id, at, actorKind, actorId, action, subjectKind, subjectId)
         SELECT :auditId, :at, 'user', :actorId, 'job.purge', 'job', j.id FROM jobs j
         WHERE j.id = :id AND j.status IN (${closed})`,
      `DELETE FROM jobs WHERE id = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
      // a server may not enforce foreign keys: what would cascade is named
      `DELETE FROM attempts WHERE jobId = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
      `DELETE FROM job_logs WHERE jobId = :id AND EXISTS (SELECT 1 FROM audit WHERE id = :auditId)`,
    ].map((sql) => statement(sql, args)),
    outcome: statement('SELECT id FROM audit WHERE id = :auditId', args),
  })
  if (rows.length === 0) throw new Conflict('Only a closed job can be purged.', 'wrong_status', id)
}
