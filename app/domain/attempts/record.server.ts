import { type Desk, newId, writeTo } from '../desk'
import { logTime } from '../jobs/log-time'
import { bytesAtOnce } from '../long-columns.server'
import { capped, cut } from '../payload.server'
import { portionsOf } from '../portions'
import { type Args, jsonArg, statement } from '../sql'
import { wellFormedJson } from '../well-formed'
import type { AttemptEvent } from './event'
import type { Lease } from './lease'
import { leaseLost } from './settle.server'
import { usageJson, usageSoFar } from './usage.server'

/** The longest message kept, in characters. */
const maxMessage = 10_000

/**
 * Writes what an agent says to the job's log, in order, while it holds the job: so much at a time as a server takes in one
 * value.
 *
 * @throws {Conflict} `lease_lost`
 */
export async function recordEvents(
  desk: Desk,
  agentId: string,
  lease: Lease,
  events: AttemptEvent[],
): Promise<void> {
  const rows = events.map(({ kind, message, requestPayload, responsePayload, usage }) => ({
    usage,
    row: {
      kind,
      message: message === undefined ? null : cut(message, maxMessage),
      request: requestPayload === undefined ? null : capped(requestPayload),
      response: responsePayload === undefined ? null : capped(responsePayload),
    },
  }))
  for (const portion of portionsOf(rows, ({ row }) => Buffer.byteLength(JSON.stringify(row)), bytesAtOnce))
    await recordRows(
      desk,
      agentId,
      lease,
      portion.map(({ row }) => row),
      portion.findLast((each) => each.usage)?.usage,
    )
}

async function recordRows(desk: Desk, agentId: string, lease: Lease, events: object[], usage?: object) {
  const at = desk.now()
  const args: Args = {
    at,
    agentId,
    writeId: newId(at),
    attemptId: lease.attemptId,
    leaseToken: lease.leaseToken,
    usage: usage ? wellFormedJson(usageJson(usage)) : null,
    events: jsonArg(events),
  }
  const { rows } = await writeTo(desk, {
    statements: [
      statement(
        `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, requestPayload, responsePayload,
            actorKind, actorId, agentId, attempt, assignedAgentId, version, failures, runAfter, createdAt)
          SELECT :writeId || '.' || (e.key + 1), j.id, j.userId,
            e.key + 1 + (SELECT max(l.number) FROM job_logs l WHERE l.jobId = j.id),
            e.value ->> 'kind', j.status, e.value ->> 'message', e.value ->> 'request', e.value ->> 'response',
            'agent', :agentId, :agentId, t.number, j.assignedAgentId, j.version, j.failures, j.runAfter,
            ${logTime(':at', 'j.id')}
          FROM attempts t JOIN jobs j ON j.id = t.jobId JOIN json_each(:events) e
          WHERE t.id = :attemptId AND t.leaseToken = :leaseToken AND t.agentId = :agentId AND t.endedAt IS NULL
          ORDER BY e.key`,
        args,
      ),
      ...(usage ? [statement(recordUsage, args)] : []),
    ],
    outcome: statement(
      `SELECT l.seq FROM job_logs l WHERE l.id > :writeId || '.' AND l.id < :writeId || '/' LIMIT 1`,
      args,
    ),
  })
  if (rows.length === 0) throw leaseLost()
}

/** Kept as it comes: the process may not live to report it at the end. */
const recordUsage = `UPDATE attempts SET usage = ${usageSoFar}
  WHERE id = :attemptId AND leaseToken = :leaseToken AND agentId = :agentId AND endedAt IS NULL`
