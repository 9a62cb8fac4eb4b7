import type { AgentState, AttemptOutcome } from '~db/vocabulary'
import type { Desk } from '../desk'
import { wallTimeOf } from '../lease-clock'
import { noQueues, type Place, type QueueAgent, queuesOf, walked } from './queues.server'
import type { JobSummary } from './view'
import { aheadCounted, type WaitingFacts, type WaitingFor, waitingFor } from './waiting-for'

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

/** A page of jobs, each with why it waits: one statement more where any waits for an agent, none otherwise. */
export async function withWaitingFor<Row extends Summary & Hidden>(
  desk: Desk,
  rows: Row[],
): Promise<(Omit<Row, keyof Hidden> & { waitingFor: WaitingFor | null })[]> {
  const now = desk.now()
  const queues = rows.some(needsAgents) ? await queuesOf(desk) : noQueues
  return rows.map((row) => {
    const { no, ownerDisabledAt, lastAgentState, lastOutcome, lastEndedAt, lastLeaseExpiresAt, ...shown } =
      row
    const ahead = mergedFor(row, queues.agents).map((queue) => aheadOf(row, queues.head(queue), now))
    const facts = factsOf(
      { ...row, lastLeaseExpiresAt: lastLeaseExpiresAt && wallTimeOf(desk, lastLeaseExpiresAt) },
      queues.agents,
      now,
      ahead.reduce((sum, each) => sum + each),
    )
    return { ...shown, waitingFor: waitingFor(facts) }
  })
}

/** Whether the answer turns on who could take it: now, or once it goes back to an agent that is retired. */
const needsAgents = ({ status, lastAgentState }: Summary & Hidden) =>
  status === 'PENDING' ||
  status === 'ASSIGNED' ||
  ((status === 'INPUT_REQUIRED' || status === 'IN_REVIEW') && lastAgentState === 'RETIRED')

function factsOf(
  row: Summary & Hidden,
  agents: ReadonlyMap<string, QueueAgent>,
  now: number,
  ahead: number,
): WaitingFacts {
  const { status, ownerName, runAfter, failures, assignedAgentId, updatedAt } = row
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
    ...{ now, status, ownerName, runAfter, failures, updatedAt, attempt, ahead },
    ownerDisabled: row.ownerDisabledAt !== null,
    agent: (assignedAgentId && agents.get(assignedAgentId)) || null,
    agents: [...agents.values()],
  }
}

/**
 * The queues that a claim merges where this job's turn comes: an agent's own (by its id), and the unassigned one
 * (null) where it takes those too. Where several could take an unassigned job, only that one's order is known.
 */
function mergedFor(
  { assignedAgentId }: Summary,
  agents: ReadonlyMap<string, QueueAgent>,
): [string | null, ...(string | null)[]] {
  if (assignedAgentId !== null) {
    return agents.get(assignedAgentId)?.takesUnassigned ? [assignedAgentId, null] : [assignedAgentId]
  }
  const takers = [...agents].filter(([, { state, takesUnassigned }]) => takesUnassigned && state === 'ACTIVE')
  const [only] = takers
  return only && takers.length === 1 ? [null, only[0]] : [null]
}

/** How many come before it; past the end of what was looked at it counts as more than are counted. */
function aheadOf({ priority, no }: { priority: number; no: number }, head: Place[], now: number): number {
  const before = head.filter((each) => each[0] > priority || (each[0] === priority && each[1] < no))
  if (before.length === walked) return aheadCounted + 1
  return before.filter(([, , runAfter]) => runAfter === null || runAfter <= now).length
}
