import { type Desk, newId, writeTo } from '../desk'
import { logTime } from '../jobs/log-time'
import { capped } from '../payload.server'
import type { Actor } from '../policy'
import { type Args, statement } from '../sql'
import { wellFormedJson } from '../well-formed'
import type { EndingWithoutResult } from './ending'
import type { Lease } from './lease'
import { addUsage, usageSoFar } from './usage.server'

/** What an attempt leaves that no longer holds its job: a result that it had printed, as a late one, and what it used. */
export async function keepUnsubmitted(
  desk: Desk,
  actor: Actor,
  lease: Lease,
  { unsubmittedResult, usage = null }: EndingWithoutResult,
): Promise<void> {
  if (unsubmittedResult !== undefined) {
    const message = 'A result came after the attempt had ended; it is kept here and changed nothing.'
    await keepLate(desk, actor, lease, { message, response: capped(unsubmittedResult), usage })
  } else if (usage !== null) await addUsage(desk, lease, usage)
}

/** What comes after an attempt ended, under its own token, is kept once as a log row; the job does not change. */
export async function keepLate(
  desk: Desk,
  actor: Actor,
  lease: Lease,
  { message, response, usage }: { message: string; response: string | null; usage: string | null },
) {
  const at = desk.now()
  const args: Args = {
    at,
    message,
    response,
    usage: usage === null ? null : wellFormedJson(usage),
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
        :actorKind, :actorId, t.agentId, t.number, j.assignedAgentId, j.version, j.failures, j.runAfter,
        ${logTime(':at', 'j.id')}
      FROM attempts t JOIN jobs j ON j.id = t.jobId
      WHERE t.id = :attemptId AND t.leaseToken = :leaseToken AND t.endedAt IS NOT NULL AND t.lateAt IS NULL`,
    `UPDATE attempts SET lateAt = :at
      WHERE id = :attemptId AND leaseToken = :leaseToken AND endedAt IS NOT NULL AND lateAt IS NULL`,
    `UPDATE attempts SET usage = ${usageSoFar} WHERE id = :attemptId AND leaseToken = :leaseToken`,
  ]
  await writeTo(desk, { repeatable: true, statements: sqls.map((sql) => statement(sql, args)) })
}
