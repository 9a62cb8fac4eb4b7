import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { batchKinds, batchStates, itemOutcomes, jobStatuses, listScopes } from './vocabulary'

/** What is done to many jobs at once, and the lists that are kept to come back to. Part of `schema.ts`. */

export const batches = sqliteTable(
  'batches',
  {
    id: text('id').primaryKey(),
    actorId: text('actorId').notNull(),
    scope: text('scope', { enum: listScopes }).notNull(),
    verb: text('verb', { enum: batchKinds }).notNull(),
    /** JSON text of what the verb needs: `agentId`, `reason`, `priority` or `tag`. */
    args: text('args').notNull().default('{}'),
    /** The list's query string that the ids were frozen from; null where they were picked one by one. */
    filter: text('filter'),
    /** Whose failed or refused jobs it tries again. */
    retryOf: text('retryOf'),
    state: text('state', { enum: batchStates }).notNull().default('DRAFT'),
    /** How many ids are frozen; the next three as they were when they were frozen and while it runs. */
    total: integer('total').notNull().default(0),
    /** JSON text: how many can be done and how many can't, by reason, when they were frozen. */
    preview: text('preview').notNull().default('{}'),
    done: integer('done').notNull().default(0),
    refused: integer('refused').notNull().default(0),
    /** Why it ended before its end, in a sentence. */
    note: text('note'),
    stoppedBy: text('stoppedBy'),
    /** Where the request came from that confirmed it, for the audit. */
    address: text('address'),
    /** Which process works on it, and until when it may. */
    workerId: text('workerId'),
    leaseExpiresAt: integer('leaseExpiresAt'),
    createdAt: integer('createdAt').notNull(),
    startedAt: integer('startedAt'),
    endedAt: integer('endedAt'),
  },
  (t) => [
    index('batches_actor').on(t.actorId, t.createdAt, t.id).where(sql`state <> 'DRAFT'`),
    index('batches_all').on(t.createdAt, t.id).where(sql`state <> 'DRAFT'`),
    index('batches_running').on(t.startedAt, t.id).where(sql`state = 'RUNNING'`),
    index('batches_drafts').on(t.createdAt).where(sql`state = 'DRAFT'`),
  ],
)

/** One job of a batch: what became of it. The jobs themselves may be purged since. */
export const batchItems = sqliteTable(
  'batch_items',
  {
    batchId: text('batchId').notNull(),
    /** Of an import: the id of the job that is made. */
    jobId: text('jobId').notNull(),
    /** Null: not looked at yet. */
    outcome: text('outcome', { enum: itemOutcomes }),
    /** The status that stood in the way; null where the job is gone. */
    status: text('status', { enum: jobStatuses }),
    at: integer('at'),
    /** Of an import: the row's number, as a spreadsheet shows it. */
    row: integer('row'),
    /** Of an import, until the job is made: JSON text of the row's values by column. */
    cells: text('cells'),
    /** Of an import: JSON text of what is wrong with the row, by column. */
    errors: text('errors'),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.jobId] }),
    index('batch_items_pending').on(t.batchId, t.jobId).where(sql`outcome IS NULL`),
    index('batch_items_outcome').on(t.batchId, t.outcome, t.jobId),
  ],
)

/** What a batch that is an import has beside the batch's own row. */
export const imports = sqliteTable(
  'imports',
  {
    batchId: text('batchId').primaryKey(),
    templateId: text('templateId').notNull(),
    templateName: text('templateName').notNull(),
    /** The uploaded file's name; null where the rows came otherwise. */
    fileName: text('fileName'),
    /** JSON text of the first few jobs, for the preview. */
    first: text('first').notNull().default('[]'),
    /** JSON text of the template as it was: its job and variables. Null once the rows are no longer kept. */
    template: text('template'),
  },
  (t) => [index('imports_kept').on(t.batchId).where(sql`template IS NOT NULL`)],
)

export const savedViews = sqliteTable(
  'saved_views',
  {
    id: text('id').primaryKey(),
    ownerId: text('ownerId').notNull(),
    name: text('name').notNull(),
    scope: text('scope', { enum: listScopes }).notNull(),
    /** The list's query string, without a cursor. */
    query: text('query').notNull(),
    /** Whether everyone who may see the scope sees it. */
    shared: integer('shared', { mode: 'boolean' }).notNull().default(false),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
  },
  (t) => [
    uniqueIndex('saved_views_name').on(t.ownerId, t.scope, sql`name COLLATE NOCASE`),
    index('saved_views_shared').on(t.scope, sql`name COLLATE NOCASE`).where(sql`shared = 1`),
  ],
)
