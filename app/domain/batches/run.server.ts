import type { AgentState, BatchState, BatchVerb, ListScope, Role } from '~db/vocabulary'
import type { Desk } from '../desk'
import { transition } from '../jobs/transition.server'
import { lapsedAt, leaseClockOf } from '../lease-clock'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import { moveOf } from './moves.server'
import type { BatchArgs } from './view'

/** Who works on a batch holds it for so long after each slice; then another process may go on with it. */
export const batchLeaseMs = 10_000

export interface Worker {
  /** Of this process alone. */
  id: string
  /** Whether this process alone owns the database: then whoever else holds a batch is dead. */
  alone: boolean
}

/** Running batches that this worker may go on with, the longest running first. */
export async function batchesFor(desk: Desk, worker: Worker): Promise<string[]> {
  const { sql, args } = statement(
    `SELECT b.id FROM batches b WHERE b.state = 'RUNNING' AND ${free(desk)} ORDER BY b.startedAt, b.id LIMIT 10`,
    workerArgs(desk, worker),
  )
  const rows = await desk.db.all<{ id: string }>(sql, args)
  return rows.map(({ id }) => id)
}

/**
 * One slice of a running batch: the verb on its next jobs, what became of each, and the batch's counters, in one write.
 * Whatever dies in between, each job is acted upon once: its line in the batch, which has no outcome yet, is the guard.
 *
 * @param size at most so many jobs
 * @returns how many jobs it took; 0: it is over, or another worker has it
 */
export async function workOn(desk: Desk, worker: Worker, batchId: string, size: number): Promise<number> {
  const batch = await claimed(desk, worker, batchId)
  if (!batch) return 0
  const obstacle = obstacleTo(batch)
  if (obstacle) {
    await end(desk, worker, batchId, { state: 'STOPPED', note: obstacle })
    return 0
  }
  const next = await desk.db.all<{ jobId: string }>(
    'SELECT jobId FROM batch_items WHERE batchId = ? AND outcome IS NULL ORDER BY jobId LIMIT ?',
    [batchId, size],
  )
  if (next.length === 0) await end(desk, worker, batchId, { state: 'DONE', note: null })
  else
    await workThrough(
      desk,
      worker,
      batch,
      next.map(({ jobId }) => jobId),
    )
  return next.length
}

/** Lets another process go on at once. */
export async function letGo(desk: Desk, worker: Worker): Promise<void> {
  await desk.db.write({
    statements: [
      {
        sql: "UPDATE batches SET workerId = NULL, leaseExpiresAt = NULL WHERE state = 'RUNNING' AND workerId = ?",
        args: [worker.id],
      },
    ],
  })
}

interface Running {
  id: string
  actorId: string
  scope: ListScope
  verb: BatchVerb
  args: string
  address: string | null
  state: BatchState
  workerId: string | null
  /** Of its maker, as they are now. */
  name: string
  role: Role
  disabledAt: number | null
  /** Of the agent that the jobs are to go to. */
  agentState: AgentState | null
}

/** The batch and its maker as they are now, held by this worker; undefined where it is not to be had. */
async function claimed(desk: Desk, worker: Worker, batchId: string): Promise<Running | undefined> {
  const batch = await readRunning(desk, batchId)
  if (batch?.state !== 'RUNNING') return undefined
  if (batch.workerId === worker.id) return batch
  const args = { ...workerArgs(desk, worker), batchId }
  const { rows } = await desk.db.write({
    statements: [
      statement(
        `UPDATE batches AS b SET workerId = :workerId, leaseExpiresAt = ${leaseEnd(desk)}
         WHERE b.id = :batchId AND b.state = 'RUNNING' AND ${free(desk)}`,
        args,
      ),
    ],
    outcome: statement(`SELECT b.id FROM batches b WHERE b.id = :batchId AND ${held}`, args),
  })
  return rows.length > 0 ? batch : undefined
}

const readRunning = (desk: Desk, batchId: string) =>
  desk.db.first<Running>(
    `SELECT b.id, b.actorId, b.scope, b.verb, b.args, b.address, b.state, b.workerId, u.name, u.role, u.disabledAt,
       (SELECT a.state FROM agents a WHERE a.id = b.args ->> 'agentId') AS agentState
     FROM batches b JOIN users u ON u.id = b.actorId WHERE b.id = ?`,
    [batchId],
  )

/** Why nothing more may be done in its maker's name. */
function obstacleTo({ name, role, disabledAt, scope, agentState }: Running): string | null {
  if (disabledAt !== null) return `Stopped, because ${name} was disabled.`
  if (scope === 'all' && role !== 'ADMIN') return `Stopped, because ${name} is no admin any more.`
  if (agentState === 'RETIRED') return 'Stopped, because the agent was retired.'
  return null
}

async function workThrough(desk: Desk, worker: Worker, batch: Running, ids: string[]): Promise<void> {
  const { alreadySo = () => '0', ...move } = moveOf(batch.verb, JSON.parse(batch.args) as BatchArgs)
  const actor: UserActor = {
    kind: 'user',
    id: batch.actorId,
    name: batch.name,
    // of one's own jobs a batch does what owners may, also where its maker is an admin
    role: batch.scope === 'own' ? 'USER' : 'ADMIN',
    address: batch.address ?? undefined,
  }
  const untouched = `EXISTS (SELECT 1 FROM batch_items i
    WHERE i.batchId = :batchId AND i.jobId = jobs.id AND i.outcome IS NULL)`
  const guards = [theirs, untouched, `NOT (${alreadySo('jobs')})`, ...(move.guard ? [move.guard] : [])]
  await transition(desk, {
    ...move,
    ids,
    actor,
    before: move.before?.map((sql) => `${sql} AND ${theirs}`),
    guard: guards.join(' AND '),
    requestPayload: withBatch(batch.id, move.requestPayload),
    args: { ...move.args, ...workerArgs(desk, worker), batchId: batch.id },
    afterwards: () => [
      `UPDATE batch_items SET outcome = 'DONE', at = :at
       WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (
         SELECT j.id FROM jobs j WHERE j.id IN (SELECT value FROM json_each(:ids))
           AND (j.writeId = :writeId OR ${alreadySo('j')})) AND ${theirs}`,
      'UPDATE batches SET done = done + changes() WHERE id = :batchId',
      `UPDATE batch_items SET outcome = 'REFUSED', at = :at,
         status = (SELECT j.status FROM jobs j WHERE j.id = batch_items.jobId)
       WHERE batchId = :batchId AND outcome IS NULL AND jobId IN (SELECT value FROM json_each(:ids)) AND ${theirs}`,
      `UPDATE batches AS b SET refused = refused + changes(), leaseExpiresAt = ${leaseEnd(desk)}
       WHERE b.id = :batchId AND ${held}`,
      `UPDATE batches AS b SET state = 'DONE', endedAt = max(startedAt, :at), workerId = NULL, leaseExpiresAt = NULL
       WHERE b.id = :batchId AND ${held}
         AND NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.batchId = :batchId AND i.outcome IS NULL)`,
    ],
  })
}

function withBatch(batch: string, payload: string | null | undefined): string {
  return JSON.stringify({ batch, ...(payload ? (JSON.parse(payload) as object) : {}) })
}

async function end(
  desk: Desk,
  worker: Worker,
  batchId: string,
  { state, note }: { state: BatchState; note: string | null },
): Promise<void> {
  const args: Args = { ...workerArgs(desk, worker), batchId, state, note }
  await desk.db.write({
    statements: [
      statement(
        `UPDATE batches AS b SET state = :state, note = :note, endedAt = max(startedAt, :now), workerId = NULL, leaseExpiresAt = NULL
         WHERE b.id = :batchId AND ${held}`,
        args,
      ),
    ],
  })
}

const workerArgs = (desk: Desk, { id, alone }: Worker): Args => ({
  workerId: id,
  alone: Number(alone),
  now: desk.now(),
  ...leaseClockOf(desk).args(),
})

const leaseEnd = (desk: Desk) => `${leaseClockOf(desk).sql} + ${batchLeaseMs}`
const free = (desk: Desk) => `(b.workerId IS NULL OR b.workerId = :workerId OR :alone
  OR ${lapsedAt('b.leaseExpiresAt', leaseClockOf(desk).sql, batchLeaseMs)})`
const held = "b.state = 'RUNNING' AND b.workerId = :workerId"
/** The worker still has the batch, and its maker still the right to it. */
const theirs = `EXISTS (SELECT 1 FROM batches b JOIN users u ON u.id = b.actorId WHERE b.id = :batchId AND ${held}
  AND u.disabledAt IS NULL AND (b.scope = 'own' OR u.role = 'ADMIN'))`
