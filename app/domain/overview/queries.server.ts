import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { openStatuses } from '../jobs/status'
import type { UserActor } from '../policy'
import { jsonRows } from '../sql'
import { agentLoads } from './agents.server'
import { needs } from './needs.server'
import { dayMs, type FlowRow, firstOf, hourMs, periodOf } from './period'
import type { JobFact, OpenStatus, Overview, WaitingFact } from './view'

/**
 * Everyone's jobs and all agents at a glance, for admins: from counters kept by trigger and from ranges of indexes, so
 * that it costs the same however long the history is. Three statements. @throws {NotFound}
 */
export async function overviewOf(desk: Desk, actor: UserActor): Promise<Overview> {
  if (actor.role !== 'ADMIN') throw new NotFound()
  const at = desk.now()
  const [{ open, hours, days }, agents, { first, needs: needed, failingSchedules }] = await Promise.all([
    counters(desk, at),
    agentLoads(desk, at),
    needs(desk, at),
  ])
  return {
    at,
    open,
    oldestWaiting: longest([
      ...waiting('agent', [first, needed.stuck[0]]),
      ...waiting('review', needed.reviews),
      ...waiting('answer', needed.questions),
    ]),
    firstInLine: first,
    day: periodOf(hours, at, hourMs, 24),
    month: periodOf(days, at, dayMs, 30),
    ...agents,
    needs: needed,
    failingSchedules,
  }
}

const waiting = (
  waitsFor: WaitingFact['waitsFor'],
  jobs: readonly (JobFact | null | undefined)[],
): WaitingFact[] => jobs.flatMap((job) => (job ? [{ ...job, waitsFor }] : []))

const longest = (jobs: WaitingFact[]): WaitingFact | null => jobs.sort((a, b) => a.since - b.since)[0] ?? null

const flow = ['number', 'created', 'completed', 'failed', 'canceled']
const flows = `SELECT hour AS number, created, completed, failed, canceled FROM job_hours
  WHERE hour >= :hour ORDER BY hour`
const flowsByDay = `SELECT hour / 24 AS number, sum(created) AS created, sum(completed) AS completed,
  sum(failed) AS failed, sum(canceled) AS canceled FROM job_hours WHERE hour >= :day GROUP BY hour / 24`
const countersSql = `SELECT
  (SELECT json_group_object(status, count) FROM job_counts WHERE ownerId = '*') AS open,
  ${jsonRows(flow, flows)} AS hours, ${jsonRows(flow, flowsByDay)} AS days`

/** How many jobs are open, by status, and how many came and went: by the hour of two days, by the day of two months. */
async function counters(desk: Desk, at: number) {
  const [row] = await desk.db.all<{ open: string; hours: string; days: string }>(countersSql, {
    hour: firstOf(at, hourMs, 48),
    day: firstOf(at, dayMs, 60) * 24,
  })
  const { open, hours, days } = row as NonNullable<typeof row>
  const counts = JSON.parse(open) as Partial<Record<OpenStatus, number>>
  return {
    open: Object.fromEntries(openStatuses.map((status) => [status, counts[status] ?? 0])) as Record<
      OpenStatus,
      number
    >,
    hours: JSON.parse(hours) as FlowRow[],
    days: JSON.parse(days) as FlowRow[],
  }
}
