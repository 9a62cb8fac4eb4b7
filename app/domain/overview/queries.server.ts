import type { Desk } from '../desk'
import { NotFound } from '../errors'
import { openStatuses } from '../jobs/status'
import type { UserActor } from '../policy'
import { jsonArg, jsonRows } from '../sql'
import { utc } from '../zones/clock'
import { agentLoads } from './agents.server'
import { needs } from './needs.server'
import { type FlowRow, periodOf, quarterMs, startsOf } from './period'
import type { JobFact, OpenStatus, Overview, WaitingFact } from './view'

/**
 * Everyone's jobs and all agents at a glance, for admins: from counters kept by trigger and from ranges of indexes, so
 * that it costs the same however long the history is. Three statements.
 *
 * @param timeZone whose hours and days are counted
 * @throws {NotFound}
 */
export async function overviewOf(desk: Desk, actor: UserActor, timeZone = utc): Promise<Overview> {
  if (actor.role !== 'ADMIN') throw new NotFound()
  const at = desk.now()
  const [{ open, day, month }, agents, { first, needs: needed, failingSchedules }] = await Promise.all([
    counters(desk, at, timeZone),
    agentLoads(desk, at, timeZone),
    needs(desk, at, startsOf('hour', at, timeZone)[24] as number),
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
    day,
    month,
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

const flow = ['number', 'created', 'completed', 'failed', 'canceled', 'coarse']
/** What was counted between each start and the next one, which the next bucket begins with. */
const flows = (
  starts: string,
) => `SELECT b.key AS number, sum(q.created) AS created, sum(q.completed) AS completed,
    sum(q.failed) AS failed, sum(q.canceled) AS canceled, max(iif(q.minutes > 15, q.quarter, NULL)) AS coarse
  FROM json_each(${starts}) b CROSS JOIN job_quarters q
  WHERE q.quarter >= b.value ->> 0 AND q.quarter < b.value ->> 1 GROUP BY b.key`
const countersSql = `SELECT
  (SELECT json_group_object(status, count) FROM job_counts WHERE ownerId = '*') AS open,
  ${jsonRows(flow, flows(':hours'))} AS hours, ${jsonRows(flow, flows(':days'))} AS days`

/** Each bucket's first quarter, and the one after its last. */
const quartersOf = (starts: number[]) => {
  const quarters = starts.map((at) => Math.floor(at / quarterMs))
  return quarters.map((quarter, n) => [quarter, quarters[n + 1] ?? Number.MAX_SAFE_INTEGER])
}

/** How many jobs are open, by status, and how many came and went: by the hour of two days, by the day of two months. */
async function counters(desk: Desk, at: number, timeZone: string) {
  const [hourStarts, dayStarts] = [startsOf('hour', at, timeZone), startsOf('day', at, timeZone)]
  const [row] = await desk.db.all<{ open: string; hours: string; days: string }>(countersSql, {
    hours: jsonArg(quartersOf(hourStarts)),
    days: jsonArg(quartersOf(dayStarts)),
  })
  const { open, hours, days } = row as NonNullable<typeof row>
  const counts = JSON.parse(open) as Partial<Record<OpenStatus, number>>
  return {
    open: Object.fromEntries(openStatuses.map((status) => [status, counts[status] ?? 0])) as Record<
      OpenStatus,
      number
    >,
    day: periodOf('hour', timeZone, hourStarts, JSON.parse(hours) as FlowRow[]),
    month: periodOf('day', timeZone, dayStarts, JSON.parse(days) as FlowRow[]),
  }
}
