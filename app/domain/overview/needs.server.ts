import type { Desk } from '../desk'
import { firstOf, hourMs } from './period'
import type { JobFact, Needs } from './view'

const each = 5
/** How many of those that wait are asked who should take them. */
const lookedAt = 200
/** Since when a job has been waiting: the expression of the index `jobs_waiting_since`. */
const since = 'CASE WHEN runAfter > updatedAt THEN runAfter ELSE updatedAt END'

/** What waits and could be done now, the longest first, by whether an active agent takes it. */
const waiting = (
  taken: 0 | 1,
) => `SELECT w.id, w.name, w.status, u.name AS ownerName, a.name AS agentName, w.since,
    NULL AS why
  FROM (SELECT id, name, status, userId, assignedAgentId, ${since} AS since FROM jobs
    WHERE status IN ('PENDING', 'ASSIGNED') AND ${since} <= :at ORDER BY ${since}, id LIMIT :lookedAt) w
  JOIN users u ON u.id = w.userId LEFT JOIN agents a ON a.id = w.assignedAgentId
  WHERE ${taken} = iif(a.id IS NULL,
    EXISTS (SELECT 1 FROM agents taker WHERE taker.state = 'ACTIVE' AND taker.takesUnassigned), a.state = 'ACTIVE')
  ORDER BY w.since, w.id LIMIT :each`

/** The queue's first, of those that an active agent takes. */
export function firstInLine(desk: Desk, at: number): Promise<JobFact | undefined> {
  return desk.db.first<JobFact>(waiting(1), { at, lookedAt, each: 1 })
}

export async function needs(desk: Desk, at: number): Promise<Needs> {
  const [people, failures, stuck] = await Promise.all([
    desk.db.all<JobFact>(forPeople, { each }),
    desk.db.all<JobFact>(failed, { each, from: firstOf(at, hourMs, 24) * hourMs }),
    desk.db.all<JobFact>(waiting(0), { at, lookedAt, each }),
  ])
  return {
    reviews: people.filter(({ status }) => status === 'IN_REVIEW'),
    questions: people.filter(({ status }) => status === 'INPUT_REQUIRED'),
    failures,
    stuck,
  }
}

const attemptOf = 'JOIN attempts t ON t.jobId = j.id AND t.number = j.attemptCount'
const oldest = (status: string, why: string) => `SELECT * FROM (
  SELECT j.id, j.name, j.status, u.name AS ownerName, a.name AS agentName, j.updatedAt AS since, ${why} AS why
  FROM jobs j JOIN users u ON u.id = j.userId ${attemptOf} JOIN agents a ON a.id = t.agentId
  WHERE j.archivedAt IS NULL AND j.status = '${status}' ORDER BY j.createdAt, j.id LIMIT :each)`
const forPeople = `${oldest('IN_REVIEW', 'NULL')} UNION ALL ${oldest('INPUT_REQUIRED', 'substr(t.question, 1, 200)')}`

/** The newest, by the index of what failed: the planner would begin elsewhere, and sort. */
const failed = `SELECT j.id, j.name, j.status, u.name AS ownerName, a.name AS agentName, j.closedAt AS since,
    substr(t.error, 1, 200) AS why
  FROM jobs j INDEXED BY jobs_failed CROSS JOIN users u ON u.id = j.userId CROSS ${attemptOf} CROSS JOIN agents a ON a.id = t.agentId
  WHERE j.status = 'FAILED' AND j.archivedAt IS NULL AND j.closedAt >= :from
  ORDER BY j.closedAt DESC, j.id DESC LIMIT :each`
