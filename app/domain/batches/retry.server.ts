import { setImmediate as aTurn } from 'node:timers/promises'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { jobOf, type Row } from '../templates/csv-rows.server'
import type { TemplateView } from '../templates/view'
import { templateOf } from './confirm.server'
import { keepDraft } from './freeze.server'
import { freezeImport } from './import.server'
import { keptRows } from './import-rows.server'
import { assertMayMake } from './may'
import { findBatch } from './queries.server'
import type { BatchView } from './view'

/** So many lines are read at once. */
const slice = 2000

/**
 * A new draft of the same verb, of what an ended batch refused or left alone.
 *
 * @returns the draft's id
 * @throws {NotFound} not theirs; {Conflict} it is not over, or there is nothing left to do
 */
export async function retryBatch(desk: Desk, actor: UserActor, id: string): Promise<string> {
  const batch = await findBatch(desk, actor, id)
  if (batch.state !== 'STOPPED' && batch.state !== 'DONE') {
    throw new Conflict('This batch is not over yet.', 'not_over')
  }
  if (batch.verb === 'import') return retryImport(desk, actor, batch)
  // somebody else's batch of their own jobs is to an admin one of everyone's
  const scope = batch.actorId === actor.id ? batch.scope : 'all'
  assertMayMake(actor, scope, batch.verb)
  const ids = [
    ...(await linesOf(desk, id, "outcome = 'REFUSED'")),
    ...(await linesOf(desk, id, 'outcome IS NULL')),
  ]
  if (ids.length === 0) throw new Conflict('Every job of this batch is done.', 'nothing_left')
  const { verb, args } = batch
  return keepDraft(desk, actor, { scope, verb, args, filter: null, retryOf: id }, ids)
}

async function linesOf(desk: Desk, id: string, which: string): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const read = await desk.db.all<{ jobId: string }>(
      `SELECT jobId FROM batch_items WHERE batchId = ? AND ${which} AND jobId > ? ORDER BY jobId LIMIT ${slice}`,
      [id, ids.at(-1) ?? ''],
    )
    ids.push(...read.map(({ jobId }) => jobId))
    if (read.length < slice) return ids
    await aTurn()
  }
}

/** The rows that made no job, looked at again by the template as it is now. */
async function retryImport(desk: Desk, actor: UserActor, batch: BatchView): Promise<string> {
  if (batch.actorId !== actor.id)
    throw new Conflict(`Only ${batch.actorName} can retry this import.`, 'not_yours')
  const template = await templateOf(desk, actor, batch)
  const rows = rowsLeft(desk, batch.id, template)
  const first = await rows.next()
  if (first.done) throw new Conflict('No row of this import is left to be retried.', 'nothing_left')
  const { fileName = null } = batch.import ?? {}
  return freezeImport(desk, actor, {
    template,
    rows: withFirst(first.value, rows),
    fileName,
    retryOf: batch.id,
  })
}

async function* withFirst<Each>(first: Each, rest: AsyncIterable<Each>): AsyncGenerator<Each> {
  yield first
  yield* rest
}

async function* rowsLeft(desk: Desk, batchId: string, template: TemplateView): AsyncGenerator<Row, void> {
  for (let after = ''; ; ) {
    const read = await keptRows(desk, { batchId, after, size: 500, which: 'left' })
    for (const { jobId, row, values } of read) {
      yield { row, values, ...jobOf(template, values) }
      after = jobId
    }
    if (read.length === 0) return
    await aTurn()
  }
}
