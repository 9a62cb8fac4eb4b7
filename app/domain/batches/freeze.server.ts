import { type BatchVerb, jobStatuses, type ListScope } from '~db/vocabulary'
import { type Desk, newId } from '../desk'
import { Conflict } from '../errors'
import { earlierAnswer, type IdempotencyKey, keepingKey, keyArgs, keyIsOurs } from '../idempotency.server'
import { withTimeZone } from '../jobs/list-query'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { utc } from '../zones/clock'
import { chosenIds } from './chosen.server'
import { dropBatch } from './drop.server'
import { assertMayMake, type Counted, previewOf } from './may'
import type { BatchArgs, BatchPreview, Choice } from './view'

export type NewBatch = {
  scope: ListScope
  verb: BatchVerb
  args?: BatchArgs
  /** How many jobs it must have; any number if left out. */
  expectedCount?: number
  /** Whose days a filter means that names no zone; UTC if left out. */
  timeZone?: string
} & Choice

/** So many jobs are written down in one write, so that others need not wait long. */
const slice = 500

/**
 * Writes down which jobs a batch is about, as a draft that only its maker sees: whatever changes until it is confirmed,
 * these are the jobs. Ids that the actor may not see count as not there.
 *
 * @param idempotency of a request that may come twice
 * @returns the draft's id, or that of the batch that the first request with the key made
 * @throws {Conflict} the key came with something else, or there are not as many jobs as expected; {NotFound | Forbidden} the scope or the verb is not theirs; {Invalid} too many jobs, or a filter that can't be read
 */
export async function freezeBatch(
  desk: Desk,
  actor: UserActor,
  asked: NewBatch,
  idempotency?: IdempotencyKey,
): Promise<string> {
  const wanted = inItsZone(asked)
  const { scope, verb, args } = wanted
  assertMayMake(actor, scope, verb)
  const seen = idempotency && (await earlierAnswer(desk, actor, idempotency))
  if (seen) return seen.id
  const ids = await chosenIds(desk, actor, scope, wanted)
  const filter = 'ids' in wanted ? null : 'query' in wanted ? wanted.query : ''
  const { expectedCount } = wanted
  return keepDraft(desk, actor, { scope, verb, args, filter, retryOf: null, expectedCount }, ids, idempotency)
}

/** What `freezeBatch` would say, with nothing kept. @throws as `freezeBatch` */
export async function previewBatch(
  desk: Desk,
  actor: UserActor,
  wanted: NewBatch,
): Promise<{ total: number; preview: BatchPreview }> {
  assertMayMake(actor, wanted.scope, wanted.verb)
  const ids = await chosenIds(desk, actor, wanted.scope, inItsZone(wanted))
  const counts = new Counts()
  for (const args of slicesOf(ids, { actorId: actor.id, everyone: Number(wanted.scope === 'all') })) {
    const count = statement(countJobs, args)
    counts.add(await desk.db.first<Counted>(count.sql, count.args))
  }
  assertCount(wanted, counts.total)
  return {
    total: counts.total,
    preview: previewOf(actor, wanted, counts.byStatus, ids.length - counts.total),
  }
}

/** Its filter with the time zone that it is read in: it means the same whoever opens it later. */
const inItsZone = (wanted: NewBatch): NewBatch =>
  'query' in wanted ? { ...wanted, query: withTimeZone(wanted.query, wanted.timeZone ?? utc) } : wanted

interface Draft {
  scope: ListScope
  verb: BatchVerb
  args?: BatchArgs
  filter: string | null
  retryOf: string | null
  expectedCount?: number
}

/** @throws {Conflict} with the real count */
function assertCount({ expectedCount }: { expectedCount?: number }, count: number) {
  if (expectedCount === undefined || expectedCount === count) return
  const jobs = (many: number) => `${many.toLocaleString('en')} ${many === 1 ? 'job' : 'jobs'}`
  const message = `The batch would have ${jobs(count)}, and ${jobs(expectedCount)} were expected. Nothing was changed.`
  throw new Conflict(message, 'count_changed', { count })
}

/** @param ids each once @throws {Conflict} as `freezeBatch`, and nothing is kept */
export async function keepDraft(
  desk: Desk,
  actor: UserActor,
  draft: Draft,
  ids: string[],
  idempotency?: IdempotencyKey,
): Promise<string> {
  const at = desk.now()
  const batchId = newId(at)
  const args: Args = {
    batchId,
    at,
    actorId: actor.id,
    everyone: Number(draft.scope === 'all'),
    scope: draft.scope,
    verb: draft.verb,
    args: jsonArg(draft.args ?? {}),
    filter: draft.filter,
    retryOf: draft.retryOf,
  }
  await desk.db.write({ statements: [statement(insertDraft, args)], outcome: statement(theDraft, args) })
  const counts = new Counts()
  for (const each of slicesOf(ids, args)) {
    const { rows } = await desk.db.write({
      repeatable: true,
      statements: [statement(insertItems, each)],
      result: statement(countJobs, each),
    })
    counts.add(rows[0] as unknown as Counted | undefined)
  }
  try {
    assertCount(draft, counts.total)
  } catch (error) {
    await dropBatch(desk, actor, batchId)
    throw error
  }
  const preview = previewOf(actor, draft, counts.byStatus, ids.length - counts.total)
  const whole = { ...args, total: counts.total, refused: 0, preview: jsonArg(preview) }
  return closeDraft(desk, actor, batchId, whole, [], idempotency)
}

/**
 * Makes a draft whole: its preview, and what else belongs to it. From then on it can be confirmed.
 *
 * @param args with those of `setPreview`
 * @param more statements that use them, in the same write
 * @returns the draft's id, or that of the batch that the first request with the key made
 * @throws {Conflict} the key came with something else
 */
export async function closeDraft(
  desk: Desk,
  actor: UserActor,
  batchId: string,
  args: Args,
  more: string[],
  idempotency?: IdempotencyKey,
): Promise<string> {
  if (!idempotency) {
    const statements = [setPreview, ...more].map((sql) => statement(sql, args))
    await desk.db.write({ repeatable: true, statements, result: statement(thePreview, args) })
    return batchId
  }
  const keyed = { ...args, ...keyArgs(idempotency, { status: 202, body: '' }, batchId, args.at as number) }
  const closing = [...keepingKey, ...[setPreview, ...more].map((sql) => `${sql} AND ${keyIsOurs}`)]
  const { rows } = await desk.db.write({
    statements: closing.map((sql) => statement(sql, keyed)),
    outcome: statement(`${theDraft} AND ${keyIsOurs}`, keyed),
  })
  if (rows.length > 0) return batchId
  // the same request at the same moment was faster: its batch it is
  await dropBatch(desk, actor, batchId)
  return (await earlierAnswer(desk, actor, idempotency))?.id ?? batchId
}

function* slicesOf(ids: string[], args: Args) {
  for (let from = 0; from < ids.length; from += slice) {
    yield { ...args, ids: jsonArg(ids.slice(from, from + slice)) }
  }
}

class Counts {
  readonly byStatus = Object.fromEntries(jobStatuses.map((status) => [status, 0])) as Counted
  total = 0

  add(counted: Counted | undefined) {
    for (const status of jobStatuses) {
      this.byStatus[status] += counted?.[status] ?? 0
      this.total += counted?.[status] ?? 0
    }
  }
}

/** A draft without a preview is not whole yet, and can't be confirmed. */
export const insertDraft = `INSERT INTO batches (id, actorId, scope, verb, args, filter, retryOf, createdAt)
  VALUES (:batchId, :actorId, :scope, :verb, :args, :filter, :retryOf, :at)`
export const theDraft = 'SELECT id FROM batches WHERE id = :batchId'
const thePreview = 'SELECT preview FROM batches WHERE id = :batchId'
const setPreview = `UPDATE batches SET total = :total, refused = :refused, preview = :preview
  WHERE id = :batchId AND state = 'DRAFT'`

const visible = `j.id IN (SELECT value FROM json_each(:ids)) AND (:everyone OR j.userId = :actorId)`
const insertItems = `INSERT INTO batch_items (batchId, jobId) SELECT :batchId, j.id FROM jobs j WHERE ${visible}
  AND EXISTS (SELECT 1 FROM batches b WHERE b.id = :batchId AND b.state = 'DRAFT') ON CONFLICT DO NOTHING`
/** One row, of nulls where none of them is visible. */
const countJobs = `SELECT ${jobStatuses.map((status) => `sum(j.status = '${status}') AS ${status}`).join(', ')}
  FROM jobs j WHERE ${visible}`
