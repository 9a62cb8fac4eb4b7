import type { InValue } from '@libsql/client'
import type { ItemOutcome, JobStatus, ListScope } from '~db/vocabulary'
import { decodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { type FieldErrors, NotFound } from '../errors'
import type { Page } from '../jobs/view'
import type { UserActor } from '../policy'
import { reasonOf } from './may'
import type { BatchItemView, BatchView } from './view'

const columns = `b.id, b.actorId, u.name AS actorName, b.scope, b.verb, b.args,
  (SELECT a.name FROM agents a WHERE a.id = b.args ->> 'agentId') AS agentName, b.filter, b.retryOf, b.state, b.total,
  b.preview, b.done, b.refused, b.note, b.createdAt, b.startedAt, b.endedAt, m.templateId, m.templateName, m.fileName`
const from = 'batches b JOIN users u ON u.id = b.actorId LEFT JOIN imports m ON m.batchId = b.id'

type Row = Omit<BatchView, 'args' | 'preview' | 'import'> & {
  args: string
  preview: string
  templateId: string | null
  templateName: string | null
  fileName: string | null
}

const viewOf = ({ args, preview, templateId, templateName, fileName, ...row }: Row): BatchView => ({
  ...row,
  import: templateId === null ? null : { templateId, templateName: templateName ?? '', fileName },
  args: JSON.parse(args) as BatchView['args'],
  preview: { eligible: 0, ineligible: [], ...(JSON.parse(preview) as Partial<BatchView['preview']>) },
})

/** @throws {NotFound} where it does not exist or is not theirs: a draft is its maker's, everyone's jobs are the admins' */
export async function findBatch(desk: Desk, actor: UserActor, id: string): Promise<BatchView> {
  const row = await desk.db.first<Row>(`SELECT ${columns} FROM ${from} WHERE b.id = ?`, [id])
  if (!row || !maySee(actor, row)) throw new NotFound('This batch')
  return viewOf(row)
}

function maySee(actor: UserActor, { actorId, scope, state }: Row): boolean {
  const isAdmin = actor.role === 'ADMIN'
  if (actorId === actor.id) return scope === 'own' || isAdmin
  return isAdmin && state !== 'DRAFT'
}

export interface BatchListQuery {
  /** `own`: what the actor made; `all`: what everyone made, for admins. Default: own. */
  scope?: ListScope
  cursor?: string | null
  /** At most so many rows, 1 to 100. */
  limit?: number
}

/** Newest first, by keyset; drafts are left out. @throws {NotFound} to users, of everyone's; {Invalid} on a foreign cursor */
export async function listBatches(
  desk: Desk,
  actor: UserActor,
  { scope = 'own', cursor: text, limit = 25 }: BatchListQuery = {},
): Promise<Page<BatchView>> {
  const isAdmin = actor.role === 'ADMIN'
  if (scope === 'all' && !isAdmin) throw new NotFound('This list')
  const list = scope === 'own' ? 'own-batches' : 'all-batches'
  const cursor = decodeCursor(list, text, ['number', 'string'])
  const backwards = cursor?.direction === 'prev'
  const where = ["b.state <> 'DRAFT'"]
  const args: InValue[] = []
  if (scope === 'own') {
    // who is an admin no more sees nothing of everyone's jobs
    where.push(isAdmin ? 'b.actorId = ?' : "b.actorId = ? AND b.scope = 'own'")
    args.push(actor.id)
  }
  if (cursor) {
    where.push(`(b.createdAt, b.id) ${backwards ? '>' : '<'} (?, ?)`)
    args.push(...cursor.key)
  }
  const order = backwards ? 'ASC' : 'DESC'
  const rows = await desk.db.all<Row>(
    `SELECT ${columns} FROM ${from} WHERE ${where.join(' AND ')}
     ORDER BY b.createdAt ${order}, b.id ${order} LIMIT ?`,
    [...args, limit + 1],
  )
  const page = pageOf(list, rows, limit, cursor, (batch) => [batch.createdAt, batch.id])
  return { ...page, rows: page.rows.map(viewOf) }
}

/** `PENDING`: not looked at yet, or left alone. */
export type ItemFilter = ItemOutcome | 'PENDING'

export interface BatchItemQuery {
  outcome?: ItemFilter
  cursor?: string | null
  /** At most so many rows, 1 to 100. */
  limit?: number
}

/** Its jobs, as `itemsOf`. @throws {NotFound} as `findBatch`; {Invalid} on a foreign cursor */
export const batchItems = async (
  desk: Desk,
  actor: UserActor,
  id: string,
  query: BatchItemQuery = {},
): Promise<Page<BatchItemView>> => itemsOf(desk, await findBatch(desk, actor, id), query)

/**
 * The jobs of a batch that the reader has found, in the order of their ids, oldest first, by keyset.
 *
 * @throws {Invalid} on a foreign cursor
 */
export async function itemsOf(
  desk: Desk,
  batch: BatchView,
  { outcome, cursor: text, limit = 50 }: BatchItemQuery = {},
): Promise<Page<BatchItemView>> {
  const cursor = decodeCursor('batch-items', text, ['string'])
  const backwards = cursor?.direction === 'prev'
  const where = ['i.batchId = ?']
  const args: InValue[] = [batch.id]
  if (outcome === 'PENDING') where.push('i.outcome IS NULL')
  else if (outcome) {
    where.push('i.outcome = ?')
    args.push(outcome)
  }
  if (cursor) {
    where.push(`i.jobId ${backwards ? '<' : '>'} ?`)
    args.push(...cursor.key)
  }
  const rows = await desk.db.all<Item>(
    `SELECT i.jobId, j.name AS jobName, j.status AS jobStatus, i.outcome, i.status, i.at, i.row, i.errors
     FROM batch_items i LEFT JOIN jobs j ON j.id = i.jobId WHERE ${where.join(' AND ')}
     ORDER BY i.jobId ${backwards ? 'DESC' : 'ASC'} LIMIT ?`,
    [...args, limit + 1],
  )
  const page = pageOf('batch-items', rows, limit, cursor, (item) => [item.jobId])
  const maker: UserActor = {
    kind: 'user',
    id: batch.actorId,
    name: batch.actorName,
    role: batch.scope === 'all' ? 'ADMIN' : 'USER',
  }
  return {
    ...page,
    rows: page.rows.map(({ status, errors: json, ...item }) => {
      const errors = json === null ? null : (JSON.parse(json) as FieldErrors)
      return { ...item, errors, reason: reasonOf(maker, batch, { outcome: item.outcome, status, errors }) }
    }),
  }
}

type Item = Omit<BatchItemView, 'reason' | 'errors'> & { status: JobStatus | null; errors: string | null }
