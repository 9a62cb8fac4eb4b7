import type { AgentState, BatchKind, BatchState, ListScope, Role } from '~db/vocabulary'
import type { Desk } from '../desk'
import { transition } from '../jobs/transition.server'
import { lapsedAt, leaseClockOf } from '../lease-clock'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import { makeNext } from './import-run.server'
import { type MoveVerb, moveOf } from './moves.server'
import { purgeNext } from './purge-run.server'
import { batchLeaseMs, held, leaseEnd, nextJobs, open, settleJobs, theirs, untouched } from './slice.server'
import type { BatchArgs } from './view'

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
  const { verb, ...rest } = batch
  const slice = { batchId, actor: makerOf(batch), size, worker: workerArgs(desk, worker) }
  const taken =
    verb === 'import'
      ? await makeNext(desk, slice)
      : verb === 'purge'
        ? await purgeNext(desk, slice)
        : await moveNext(desk, worker, { ...rest, verb }, size)
  if (taken === 0) await end(desk, worker, batchId, { state: 'DONE', note: null })
  return taken
}

/** Lets another process go on at once. */
export async function letGo(desk: Desk, worker: Worker): Promise<void> {
  await desk.db.write({
    repeatable: true,
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
  verb: BatchKind
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
    repeatable: true,
    statements: [
      statement(
        `UPDATE batches AS b SET workerId = :workerId, leaseExpiresAt = ${leaseEnd(desk)}
         WHERE b.id = :batchId AND b.state = 'RUNNING' AND ${free(desk)}`,
        args,
      ),
    ],
    result: statement(`SELECT b.id FROM batches b WHERE b.id = :batchId AND ${held}`, args),
  })
  return rows.length > 0 ? batch : undefined
}

const readRunning = (desk: Desk, batchId: string) =>
  desk.db.first<Running>(
    `SELECT b.id, b.actorId, b.scope, b.verb, b.args, b.address, b.state, b.workerId, u.name, u.role, u.disabledAt,
       (SELECT a.state FROM agents a
         WHERE a.id = coalesce(b.args ->> 'agentId', m.template ->> '$.job.agentId')) AS agentState
     FROM batches b JOIN users u ON u.id = b.actorId LEFT JOIN imports m ON m.batchId = b.id WHERE b.id = ?`,
    [batchId],
  )

/** Why nothing more may be done in its maker's name. */
function obstacleTo({ name, role, disabledAt, scope, agentState }: Running): string | null {
  if (disabledAt !== null) return `Stopped, because ${name} was disabled.`
  if (scope === 'all' && role !== 'ADMIN') return `Stopped, because ${name} is no admin any more.`
  if (agentState === 'RETIRED') return 'Stopped, because the agent was retired.'
  return null
}

/** Of one's own jobs a batch does what owners may, also where its maker is an admin. */
const makerOf = ({ actorId, name, scope, address }: Running): UserActor => ({
  ...{ kind: 'user', id: actorId, name, role: scope === 'own' ? 'USER' : 'ADMIN' },
  address: address ?? undefined,
})

/** The verb on the batch's next jobs. @returns how many; 0: all have an outcome */
async function moveNext(
  desk: Desk,
  worker: Worker,
  batch: Running & { verb: MoveVerb },
  size: number,
): Promise<number> {
  const ids = await nextJobs(desk, batch.id, size)
  if (ids.length === 0) return 0
  const { alreadySo = () => '0', ...move } = moveOf(batch.verb, JSON.parse(batch.args) as BatchArgs)
  const guards = [
    theirs,
    untouched('jobs'),
    `NOT (${alreadySo('jobs')})`,
    ...(move.guard ? [move.guard] : []),
  ]
  await transition(desk, {
    ...move,
    ids,
    actor: makerOf(batch),
    before: move.before?.map((sql) => `${sql} AND ${theirs}`),
    guard: guards.join(' AND '),
    requestPayload: withBatch(batch.id, move.requestPayload),
    args: { ...move.args, ...workerArgs(desk, worker), batchId: batch.id },
    afterwards: () =>
      settleJobs(
        desk,
        `SELECT j.id FROM jobs j WHERE j.id IN (SELECT value FROM json_each(:ids))
           AND (j.writeId = :writeId OR ${alreadySo('j')})`,
      ),
  })
  return ids.length
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
    repeatable: true,
    statements: [
      statement(
        `UPDATE batches AS b SET state = :state, note = :note, endedAt = max(startedAt, :now), workerId = NULL, leaseExpiresAt = NULL
         WHERE b.id = :batchId AND ${held}
           AND (:state <> 'DONE' OR NOT ${open})`,
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

const free = (desk: Desk) => `(b.workerId IS NULL OR b.workerId = :workerId OR :alone
  OR ${lapsedAt('b.leaseExpiresAt', leaseClockOf(desk).sql, batchLeaseMs)})`
