import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { findBatch } from './queries.server'
import { draftHours } from './view'

/** So many lines go in one write, so that others need not wait long. */
const slice = 1000

/** Throws a draft away; it is no error where somebody did so before. @throws {NotFound} not theirs; {Conflict} it has been started */
export async function dropBatch(desk: Desk, actor: UserActor, id: string): Promise<void> {
  const { state } = await findBatch(desk, actor, id)
  if (state !== 'DRAFT' || !(await dropDraft(desk, id))) {
    throw new Conflict('This batch has been started already.', 'already_started')
  }
}

/** Drafts that nobody confirmed within a day, a bounded number at a time. */
export async function sweepDrafts(desk: Desk): Promise<void> {
  const old = await desk.db.all<{ id: string }>(
    "SELECT id FROM batches WHERE state = 'DRAFT' AND createdAt < ? ORDER BY createdAt LIMIT 20",
    [desk.now() - draftHours * 3_600_000],
  )
  for (const { id } of old) await dropDraft(desk, id)
}

/** @returns false where it is no draft any more */
async function dropDraft(desk: Desk, id: string): Promise<boolean> {
  // without a preview it can't be confirmed while its lines go
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [{ sql: "UPDATE batches SET preview = '{}' WHERE id = ? AND state = 'DRAFT'", args: [id] }],
    result: {
      sql: "SELECT id FROM batches WHERE id = ? AND state = 'DRAFT' AND preview = '{}'",
      args: [id],
    },
  })
  if (rows.length === 0) return false
  while (await dropLines(desk, id));
  await desk.db.write({
    repeatable: true,
    statements: [
      { sql: 'DELETE FROM imports WHERE batchId = ?', args: [id] },
      { sql: "DELETE FROM batches WHERE id = ? AND state = 'DRAFT'", args: [id] },
    ],
  })
  return true
}

async function dropLines(desk: Desk, id: string): Promise<boolean> {
  const { rows } = await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: `DELETE FROM batch_items WHERE batchId = :id AND jobId IN (
          SELECT jobId FROM batch_items WHERE batchId = :id ORDER BY jobId LIMIT ${slice})`,
        args: { id },
      },
    ],
    result: { sql: 'SELECT 1 FROM batch_items WHERE batchId = ? LIMIT 1', args: [id] },
  })
  return rows.length > 0
}
