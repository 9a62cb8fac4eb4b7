import type { JobStatus } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { openStatuses } from '../jobs/status'
import type { UserActor } from '../policy'
import { agentLoads } from './agents.server'
import { firstInLine, needs } from './needs.server'
import { dayMs, type FlowRow, firstOf, hourMs, periodOf } from './period'
import type { JobFact, OpenStatus, Overview } from './view'

/**
 * Everyone's jobs and all agents at a glance, for admins: from counters kept by trigger and from ranges of indexes, so
 * that it costs the same however long the history is. Eight statements. @throws {NotFound}
 */
export async function overviewOf(desk: Desk, actor: UserActor): Promise<Overview> {
  if (actor.role !== 'ADMIN') throw new NotFound()
  const at = desk.now()
  const [open, hours, days, agents, first, needed] = await Promise.all([
    openCounts(desk),
    desk.db.all<FlowRow>(`${flows} WHERE hour >= ? ORDER BY hour`, [firstOf(at, hourMs, 48)]),
    desk.db.all<FlowRow>(flowsByDay, [firstOf(at, dayMs, 60) * 24]),
    agentLoads(desk, at),
    firstInLine(desk, at),
    needs(desk, at),
  ])
  return {
    at,
    open,
    oldestWaiting: longest([first, needed.stuck[0]]),
    firstInLine: first ?? null,
    day: periodOf(hours, at, hourMs, 24),
    month: periodOf(days, at, dayMs, 30),
    ...agents,
    needs: needed,
  }
}

const longest = (jobs: (JobFact | undefined)[]): JobFact | null =>
  jobs.filter((job) => job !== undefined).sort((a, b) => a.since - b.since)[0] ?? null

const flows = 'SELECT hour AS number, created, completed, failed, canceled FROM job_hours'
const flowsByDay = `SELECT hour / 24 AS number, sum(created) AS created, sum(completed) AS completed,
  sum(failed) AS failed, sum(canceled) AS canceled FROM job_hours WHERE hour >= ? GROUP BY hour / 24`

async function openCounts(desk: Desk): Promise<Record<OpenStatus, number>> {
  const rows = await desk.db.all<{ status: JobStatus; count: number }>(
    "SELECT status, count FROM job_counts WHERE ownerId = '*'",
  )
  const counts = new Map(rows.map(({ status, count }) => [status, count]))
  return Object.fromEntries(openStatuses.map((status) => [status, counts.get(status) ?? 0])) as Record<
    OpenStatus,
    number
  >
}
