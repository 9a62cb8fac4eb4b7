import type { AgentState, AttemptOutcome } from '~db/vocabulary'
import type { Desk } from '../desk'
import type { JobSummary } from './view'
import { type AgentLoad, aheadCounted, type WaitingFacts, type WaitingFor, waitingFor } from './waiting-for'

/** What a summary does not show and the reason follows from. */
interface Hidden {
  no: number
  ownerDisabledAt: number | null
  /** The newest attempt's; null before the first. */
  lastAgentState: AgentState | null
  lastOutcome: AttemptOutcome | null
  lastEndedAt: number | null
  lastLeaseExpiresAt: number | null
}

/** The same as SQL over a job `j`, its owner `u`, its newest attempt `t` and that one's agent `d`. */
export const hiddenColumns = `j.no, u.disabledAt AS ownerDisabledAt, d.state AS lastAgentState,
  t.outcome AS lastOutcome, t.endedAt AS lastEndedAt, t.leaseExpiresAt AS lastLeaseExpiresAt`

/** What is known of a job before anything happened to it: the last of its priority. */
export const untouched: Hidden = {
  no: Number.MAX_SAFE_INTEGER,
  ownerDisabledAt: null,
  lastAgentState: null,
  lastOutcome: null,
  lastEndedAt: null,
  lastLeaseExpiresAt: null,
}

type Summary = Omit<JobSummary, 'waitingFor'>
export type Stored<View extends JobSummary> = Omit<View, 'waitingFor'> & Hidden

/** A page of jobs, each with why it waits: two statements more where any waits for an agent, none otherwise. */
export async function withWaitingFor<Row extends Summary & Hidden>(
  desk: Desk,
  rows: Row[],
): Promise<(Omit<Row, keyof Hidden> & { waitingFor: WaitingFor | null })[]> {
  const now = desk.now()
  const agents = rows.some(needsAgents) ? await agentLoads(desk) : new Map<string, AgentLoad>()
  const reasonOf = (row: Row, ahead = 0) => waitingFor(factsOf(row, agents, now, ahead))
  const inLine = rows.filter((row) => reasonOf(row)?.reason === 'in_line')
  const lines =
    inLine.length > 0 ? await linesOf(desk, inLine, agents, now) : new Map<string | null, Place[]>()
  return rows.map((row) => {
    const { no, ownerDisabledAt, lastAgentState, lastOutcome, lastEndedAt, lastLeaseExpiresAt, ...shown } =
      row
    const ahead = queuesOf(row, agents).map((queue) => aheadOf(row, lines.get(queue) ?? []))
    return {
      ...shown,
      waitingFor: reasonOf(
        row,
        ahead.reduce((sum, each) => sum + each),
      ),
    }
  })
}

/** Whether the answer turns on who could take it: now, or once it goes back to an agent that is retired. */
const needsAgents = ({ status, lastAgentState }: Summary & Hidden) =>
  status === 'PENDING' ||
  status === 'ASSIGNED' ||
  ((status === 'INPUT_REQUIRED' || status === 'IN_REVIEW') && lastAgentState === 'RETIRED')

function factsOf(
  row: Summary & Hidden,
  agents: ReadonlyMap<string, AgentLoad>,
  now: number,
  ahead: number,
): WaitingFacts {
  const { status, ownerName, runAfter, failures, maxAttempts, assignedAgentId, updatedAt } = row
  const { attemptCount, lastAgentName, lastAgentState, lastOutcome, lastEndedAt, lastLeaseExpiresAt } = row
  const attempt =
    lastAgentName === null || lastAgentState === null || lastOutcome === null || lastLeaseExpiresAt === null
      ? null
      : {
          number: attemptCount,
          agentName: lastAgentName,
          agentState: lastAgentState,
          outcome: lastOutcome,
          leaseExpiresAt: lastLeaseExpiresAt,
          endedAt: lastEndedAt,
        }
  return {
    ...{ now, status, ownerName, runAfter, failures, maxAttempts, updatedAt, attempt, ahead },
    ownerDisabled: row.ownerDisabledAt !== null,
    agent: (assignedAgentId && agents.get(assignedAgentId)) || null,
    agents: [...agents.values()],
  }
}

/** All of them: there are few. */
async function agentLoads(desk: Desk): Promise<Map<string, AgentLoad>> {
  const rows = await desk.db.all<AgentLoad & { id: string }>(
    `SELECT a.id, a.name, a.state, a.takesUnassigned, a.concurrency,
       (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running FROM agents a`,
  )
  return new Map(
    rows.map(({ id, ...load }) => [id, { ...load, takesUnassigned: Boolean(load.takesUnassigned) }]),
  )
}

/**
 * The queues that a claim merges where this job's turn comes: an agent's own (by its id), and the unassigned one
 * (null) where it takes those too. Where several could take an unassigned job, only that one's order is known.
 */
function queuesOf(
  { assignedAgentId }: Summary,
  agents: ReadonlyMap<string, AgentLoad>,
): [string | null, ...(string | null)[]] {
  if (assignedAgentId !== null) {
    return agents.get(assignedAgentId)?.takesUnassigned ? [assignedAgentId, null] : [assignedAgentId]
  }
  const takers = [...agents].filter(([, { state, takesUnassigned }]) => takesUnassigned && state === 'ACTIVE')
  const [only] = takers
  return only && takers.length === 1 ? [null, only[0]] : [null]
}

/** What a line is in the order of, and whether the job may start now. */
type Place = [priority: number, no: number, due: 0 | 1]
/** So far into a queue it is looked, those that may not start yet among them. */
const walked = 1000

/** How many come before it; past the end of what was looked at it counts as more than are counted. */
function aheadOf({ priority, no }: { priority: number; no: number }, line: Place[]): number {
  const before = line.filter((each) => each[0] > priority || (each[0] === priority && each[1] < no))
  if (before.length === walked) return aheadCounted + 1
  return before.filter(([, , due]) => due).length
}

/** The head of a queue, by its own index, in the order of claims. */
const headOf = (whose: string) => `(SELECT json_group_array(json_array(priority, no, due)) FROM (
  SELECT j.priority, j.no, j.runAfter IS NULL OR j.runAfter <= :now AS due FROM jobs j WHERE ${whose}
  ORDER BY j.priority DESC, j.no LIMIT ${walked}))`
const headsSql = `SELECT q.value AS agentId,
    ${headOf("j.status = 'ASSIGNED' AND j.assignedAgentId = q.value")} AS head FROM json_each(:agentIds) q
  UNION ALL SELECT NULL, ${headOf("j.status = 'PENDING' AND j.assignedAgentId IS NULL")} WHERE :unassigned`

/** The queues these jobs stand in, by agent (null: the unassigned jobs'), as far as they are counted. */
async function linesOf(
  desk: Desk,
  jobs: Summary[],
  agents: ReadonlyMap<string, AgentLoad>,
  now: number,
): Promise<Map<string | null, Place[]>> {
  const queues = [...new Set(jobs.flatMap((job) => queuesOf(job, agents)))]
  const rows = await desk.db.all<{ agentId: string | null; head: string }>(headsSql, {
    now,
    agentIds: JSON.stringify(queues.filter((id) => id !== null)),
    unassigned: queues.includes(null) ? 1 : 0,
  })
  return new Map(rows.map(({ agentId, head }) => [agentId, JSON.parse(head) as Place[]]))
}
