import { type Desk, newId } from '../desk'
import { capped } from '../payload.server'
import type { Actor } from '../policy'
import { type Args, statement } from '../sql'
import type { Lease } from './lease'

/** A result that an attempt which ended otherwise had printed: kept as what comes after its end is. */
export function keepLateResult(desk: Desk, actor: Actor, lease: Lease, result: string) {
  const message = 'A result came after the attempt had ended; it is kept here and changed nothing.'
  return keepLate(desk, actor, lease, message, capped(result))
}

/** What comes after an attempt ended, under its own token, is kept once as a log row; the job does not change. */
export async function keepLate(
  desk: Desk,
  actor: Actor,
  lease: Lease,
  message: string,
  response: string | null,
) {
  const at = desk.now()
  const args: Args = {
    at,
    message,
    response,
    writeId: newId(at),
    attemptId: lease.attemptId,
    leaseToken: lease.leaseToken,
    actorKind: actor.kind,
    actorId: actor.kind === 'system' ? null : actor.id,
  }
  const sqls = [
    // the log row first, guarded by lateAt, which is set right after in the same batch
    `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, responsePayload, actorKind, actorId,
        agentId, attempt, assignedAgentId, version, failures, runAfter, createdAt)
      SELECT :writeId || '.1', j.id, j.userId,
        1 + (SELECT max(l.number) FROM job_logs l WHERE l.jobId = j.id), 'late', j.status, :message, :response,
        :actorKind, :actorId, t.agentId, t.number, j.assignedAgentId, j.version, j.failures, j.runAfter, :at
      FROM attempts t JOIN jobs j ON j.id = t.jobId
      WHERE t.id = :attemptId AND t.leaseToken = :leaseToken AND t.endedAt IS NOT NULL AND t.lateAt IS NULL`,
    `UPDATE attempts SET lateAt = :at
      WHERE id = :attemptId AND leaseToken = :leaseToken AND endedAt IS NOT NULL AND lateAt IS NULL`,
  ]
  await desk.db.write({ statements: sqls.map((sql) => statement(sql, args)) })
}
