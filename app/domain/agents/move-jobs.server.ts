import type { Desk } from '../desk'
import { assignedName } from '../jobs/assign.server'
import { transition } from '../jobs/transition.server'
import { system } from '../policy'

/** So many jobs in one write, so that others need not wait long. */
const slice = 500

/**
 * Whatever still waits for a retired agent goes to its heir or back to anyone who takes unassigned jobs. Safe to call
 * at any time and from any number of processes: each job is moved by one of them.
 */
export async function moveJobsOfRetired(desk: Desk): Promise<void> {
  const leavers = await desk.db.all<{ id: string; name: string }>(
    `SELECT a.id, a.name FROM agents a WHERE a.state = 'RETIRED'
       AND EXISTS (SELECT 1 FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = a.id)`,
  )
  for (const leaver of leavers) {
    while ((await moveSlice(desk, leaver, await heirOf(desk, leaver.id))) > 0);
  }
}

/** The first in the line of successors that is not retired itself. */
async function heirOf(desk: Desk, id: string): Promise<string | null> {
  const heir = await desk.db.first<{ id: string }>(
    `WITH RECURSIVE heirs (id) AS (
       SELECT a.successorId FROM agents a WHERE a.id = :id
       UNION SELECT a.successorId FROM heirs h JOIN agents a ON a.id = h.id AND a.state = 'RETIRED')
     SELECT h.id FROM heirs h JOIN agents a ON a.id = h.id AND a.state <> 'RETIRED' LIMIT 1`,
    { id },
  )
  return heir?.id ?? null
}

/** @returns how many jobs it moved; 0: none waits, or somebody else moves them */
async function moveSlice(desk: Desk, leaver: { id: string; name: string }, heirId: string | null) {
  const waiting = await desk.db.all<{ id: string }>(
    `SELECT j.id FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = ?
     ORDER BY j.priority DESC, j.no LIMIT ${slice}`,
    [leaver.id],
  )
  if (waiting.length === 0) return 0
  const moved = await transition(desk, {
    verb: 'reassign',
    ids: waiting.map(({ id }) => id),
    actor: system,
    guard: "status = 'ASSIGNED' AND assignedAgentId = :leaverId",
    agent: ':heirId',
    message: `:leaver || ' was retired; ' || CASE WHEN j.assignedAgentId IS NULL
      THEN 'any agent that takes unassigned jobs may do it.' ELSE 'assigned to ' || ${assignedName} || '.' END`,
    saysWhoMay: true,
    args: { leaverId: leaver.id, leaver: leaver.name, heirId },
  })
  return moved.length
}
