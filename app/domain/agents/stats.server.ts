import type { Desk } from '../desk'
import { mostWaiting } from '../overview/view'
import { jsonRows } from '../sql'
import { utc } from '../zones/clock'
import { firstHourOfDay, firstHourOfMonth, hourBegan } from './hours'
import { median } from './stats'
import type { AgentPeriod, AgentStats, Workload } from './view'

/** How many attempts the median time is taken of, the newest ones. */
const timed = 1000

/**
 * What an agent does and did. Its cost does not grow with history: counters by the hour, and two indexes' ends.
 * @param timeZone whose last 30 days are meant
 */
export async function agentStats(desk: Desk, id: string, timeZone = utc): Promise<AgentStats> {
  const [workload, last24Hours, last30Days] = await Promise.all([
    workloadOf(desk, id),
    periodOf(desk, id, firstHourOfDay(desk.now())),
    periodOf(desk, id, firstHourOfMonth(desk.now(), timeZone)),
  ])
  return { ...workload, last24Hours, last30Days }
}

const runColumns = ['jobId', 'jobName', 'attempt', 'startedAt']
const runs = `SELECT t.jobId, j.name AS jobName, t.number AS attempt, t.startedAt
  FROM attempts t JOIN jobs j ON j.id = t.jobId WHERE t.agentId = :id AND t.endedAt IS NULL LIMIT 100`
const workloadSql = `SELECT ${jsonRows(runColumns, runs)} AS runs,
  (SELECT count(*) FROM (SELECT 1 FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = :id
    LIMIT ${mostWaiting})) AS waiting`

/** What runs now, the longest first, and how much waits for it. */
export async function workloadOf(desk: Desk, id: string): Promise<Workload> {
  const row = await desk.db.first<{ runs: string; waiting: number }>(workloadSql, { id })
  const runs = JSON.parse(row?.runs ?? '[]') as Workload['runs']
  return { runs: runs.sort((a, b) => a.startedAt - b.startedAt), waiting: row?.waiting ?? 0 }
}

const newest = `SELECT max(t.endedAt - t.startedAt, 0) AS ms, t.outcome FROM attempts t
  WHERE t.agentId = :id AND t.endedAt >= :since ORDER BY t.endedAt DESC LIMIT ${timed}`
const periodSql = `SELECT coalesce(sum(h.done), 0) AS done, coalesce(sum(h.failed), 0) AS failed,
    coalesce(sum(h.inputTokens), 0) AS inputTokens, coalesce(sum(h.outputTokens), 0) AS outputTokens,
    coalesce(sum(h.costUsd), 0) AS costUsd, coalesce(sum(h.accepted), 0) AS accepted,
    coalesce(sum(h.sentBack), 0) AS sentBack, ${jsonRows(['ms', 'outcome'], newest)} AS newest
  FROM agent_hours h WHERE h.agentId = :id AND h.hour >= :hour`

async function periodOf(desk: Desk, id: string, hour: number): Promise<AgentPeriod> {
  const since = hourBegan(hour)
  const row = await desk.db.first<Omit<AgentPeriod, 'since' | 'medianMs'> & { newest: string }>(periodSql, {
    ...{ id, since, hour },
  })
  const { newest, ...counts } = row as NonNullable<typeof row>
  const ended = JSON.parse(newest) as { ms: number; outcome: string }[]
  const done = ended.filter(({ outcome }) => outcome === 'SUBMITTED' || outcome === 'WAITING')
  return { since, ...counts, medianMs: median(done.map(({ ms }) => ms)) }
}

const judgedOf = (column: 'accepted' | 'sentBack') =>
  `(SELECT coalesce(sum(h.${column}), 0) FROM agent_hours h WHERE h.agentId = a.id AND h.hour >= :month) AS ${column}`
/** How people judged the results of an agent `a` in the last 30 days of a time zone. */
export const judgedColumns = `${judgedOf('accepted')}, ${judgedOf('sentBack')}`
export const judgedSince = (desk: Desk, timeZone: string) => ({
  month: firstHourOfMonth(desk.now(), timeZone),
})
