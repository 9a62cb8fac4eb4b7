import type { Desk } from '../desk'
import { dayMs, firstOf, hourMs } from '../overview/period'
import { mostWaiting } from '../overview/view'
import { type Judged, median } from './stats'
import type { AgentPeriod, AgentStats, Workload } from './view'

/** How many attempts the median time is taken of, the newest ones. */
const timed = 1000

/** The hour that runs and the 23 before it; today (UTC) and the 29 days before it: each by its first hour. */
const firstHour = {
  day: (desk: Desk) => firstOf(desk.now(), hourMs, 24),
  month: (desk: Desk) => firstOf(desk.now(), dayMs, 30) * 24,
}

/** What an agent does and did. Its cost does not grow with history: counters by the hour, and two indexes' ends. */
export async function agentStats(desk: Desk, id: string): Promise<AgentStats> {
  const [workload, last24Hours, last30Days] = await Promise.all([
    workloadOf(desk, id),
    periodOf(desk, id, firstHour.day(desk)),
    periodOf(desk, id, firstHour.month(desk)),
  ])
  return { ...workload, last24Hours, last30Days }
}

/** What runs now, the longest first, and how much waits for it. */
export async function workloadOf(desk: Desk, id: string): Promise<Workload> {
  const runs = await desk.db.all<Workload['runs'][number]>(
    `SELECT t.jobId, j.name AS jobName, t.number AS attempt, t.startedAt
     FROM attempts t JOIN jobs j ON j.id = t.jobId WHERE t.agentId = ? AND t.endedAt IS NULL LIMIT 100`,
    [id],
  )
  const waiting = await desk.db.first<{ count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = ?
       LIMIT ${mostWaiting})`,
    [id],
  )
  return { runs: runs.sort((a, b) => a.startedAt - b.startedAt), waiting: waiting?.count ?? 0 }
}

async function periodOf(desk: Desk, id: string, hour: number): Promise<AgentPeriod> {
  const since = hour * hourMs
  const counts = await desk.db.first<Omit<AgentPeriod, 'since' | 'medianMs'>>(
    `SELECT coalesce(sum(h.done), 0) AS done, coalesce(sum(h.failed), 0) AS failed,
       coalesce(sum(h.inputTokens), 0) AS inputTokens, coalesce(sum(h.outputTokens), 0) AS outputTokens,
       coalesce(sum(h.costUsd), 0) AS costUsd, coalesce(sum(h.accepted), 0) AS accepted,
       coalesce(sum(h.sentBack), 0) AS sentBack
     FROM agent_hours h WHERE h.agentId = ? AND h.hour >= ?`,
    [id, hour],
  )
  const newest = await desk.db.all<{ ms: number; outcome: string }>(
    `SELECT t.endedAt - t.startedAt AS ms, t.outcome FROM attempts t
     WHERE t.agentId = ? AND t.endedAt >= ? ORDER BY t.endedAt DESC LIMIT ${timed}`,
    [id, since],
  )
  const done = newest.filter(({ outcome }) => outcome === 'SUBMITTED' || outcome === 'WAITING')
  return { since, ...(counts as NonNullable<typeof counts>), medianMs: median(done.map(({ ms }) => ms)) }
}

/** How people judged the results of the last 30 days, by agent; one that did nothing is missing. */
export async function judgedResults(desk: Desk, agentId: string | null = null): Promise<Map<string, Judged>> {
  const rows = await desk.db.all<Judged & { agentId: string }>(
    `SELECT a.id AS agentId, sum(h.accepted) AS accepted, sum(h.sentBack) AS sentBack
     FROM agents a JOIN agent_hours h ON h.agentId = a.id AND h.hour >= :hour
     ${agentId === null ? '' : 'WHERE a.id = :agentId'} GROUP BY a.id`,
    { hour: firstHour.month(desk), ...(agentId === null ? {} : { agentId }) },
  )
  return new Map(rows.map(({ agentId: id, ...judged }) => [id, judged]))
}
