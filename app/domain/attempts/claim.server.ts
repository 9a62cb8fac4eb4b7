import type { Desk } from '../desk'
import { transitionUnit } from '../jobs/transition.server'
import { leaseClockOf } from '../lease-clock'
import type { Actor } from '../policy'
import { statement } from '../sql'
import type { Claim } from './brief'
import { claimsOf, claimsOutcome } from './brief.server'
import { currentVersionArgs, isCurrentVersion } from './current-version'

export interface Claimer {
  agent: { id: string; name: string; takesUnassigned: boolean }
  /** Which process or worker asks. */
  workerId: string
  leaseMs: number
  /** At most so many. */
  limit: number
  /** Called when the claim is about to be sent: its lease can't begin before. */
  onSend?(): void
}

/**
 * The next jobs for an agent: those assigned to it and, if it takes them, unassigned ones; highest priority
 * first, then oldest. Each claim is one conditional UPDATE, so of several claimers one wins; an agent that is not
 * ACTIVE or has no free place gets none, nor does a process that is older than the database.
 */
export async function claimNext(desk: Desk, claimer: Claimer): Promise<Claim[]> {
  const ids = await waitingFor(desk, claimer)
  if (ids.length === 0) return []
  const actor: Actor = { kind: 'agent', id: claimer.agent.id, name: claimer.agent.name }
  const clock = leaseClockOf(desk)
  const { unit, args } = transitionUnit(desk.now(), {
    verb: 'claim',
    ids,
    actor,
    guard: `(assignedAgentId = :agentId OR (assignedAgentId IS NULL AND :takesUnassigned))
      AND (runAfter IS NULL OR runAfter <= :at)
      AND (SELECT a.concurrency FROM agents a WHERE a.id = :agentId AND a.state = 'ACTIVE')
        >= json_array_length(:ids) + (SELECT count(*) FROM attempts t WHERE t.agentId = :agentId AND t.endedAt IS NULL)
      AND ${isCurrentVersion}`,
    set: { attemptCount: 'attemptCount + 1', runAfter: 'NULL' },
    also: (changedJobs) => [
      `INSERT INTO attempts (id, jobId, number, agentId, workerId, leaseToken, leaseExpiresAt, startedAt)
         SELECT j.id || '.' || j.attemptCount, j.id, j.attemptCount, :agentId, :workerId,
           lower(hex(randomblob(20))), ${clock.sql} + :leaseMs, j.updatedAt
         FROM jobs j WHERE j.id IN (${changedJobs})`,
      'UPDATE agents SET lastSeenAt = :at WHERE id = :agentId',
    ],
    message: `:agentName || ' began attempt ' || j.attemptCount || '.'`,
    args: {
      agentId: claimer.agent.id,
      agentName: claimer.agent.name,
      takesUnassigned: claimer.agent.takesUnassigned ? 1 : 0,
      workerId: claimer.workerId,
      leaseMs: claimer.leaseMs,
      ...clock.args(),
      ...currentVersionArgs(desk),
    },
  })
  claimer.onSend?.()
  return claimsOf(
    desk,
    await desk.db.write({ ...unit, lane: 'claims', outcome: statement(claimsOutcome, args) }),
  )
}

/** By the two queues' own indexes, a few rows each. */
async function waitingFor(desk: Desk, { agent, limit: wanted }: Claimer): Promise<string[]> {
  const limit = Math.min(wanted, await freePlaces(desk, agent.id))
  if (limit <= 0) return []
  const due = '(j.runAfter IS NULL OR j.runAfter <= :at)'
  const args = { agentId: agent.id, at: desk.now(), limit }
  const own = await desk.db.all<Candidate>(
    `SELECT j.id, j.priority, j.no FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = :agentId AND ${due}
     ORDER BY j.priority DESC, j.no LIMIT :limit`,
    args,
  )
  const anyones = agent.takesUnassigned
    ? await desk.db.all<Candidate>(
        `SELECT j.id, j.priority, j.no FROM jobs j WHERE j.status = 'PENDING' AND j.assignedAgentId IS NULL AND ${due}
         ORDER BY j.priority DESC, j.no LIMIT :limit`,
        { at: args.at, limit },
      )
    : []
  return [...own, ...anyones]
    .sort((a, b) => b.priority - a.priority || a.no - b.no)
    .slice(0, limit)
    .map(({ id }) => id)
}

/** How many more attempts the agent may run now: none where it is not ACTIVE. The claim itself asks again. */
async function freePlaces(desk: Desk, agentId: string): Promise<number> {
  const agent = await desk.db.first<{ free: number }>(
    `SELECT a.concurrency - (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS free
     FROM agents a WHERE a.id = ? AND a.state = 'ACTIVE'`,
    [agentId],
  )
  return agent?.free ?? 0
}

interface Candidate {
  id: string
  priority: number
  no: number
}
