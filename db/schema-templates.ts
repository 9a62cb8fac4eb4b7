import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { catchUpPolicies, runOutcomes, scheduleStates } from './vocabulary'

/** Jobs that are asked for again and again. Part of `schema.ts`. */

export const templates = sqliteTable(
  'templates',
  {
    id: text('id').primaryKey(),
    ownerId: text('ownerId').notNull(),
    name: text('name').notNull(),
    description: text('description').notNull().default(''),
    /** JSON text: a new job's fields, whose texts may hold `{{variables}}`. */
    job: text('job').notNull(),
    /** JSON text: the variables in the order of the form. */
    variables: text('variables').notNull().default('[]'),
    /** Whether everyone may make jobs from it. */
    shared: integer('shared', { mode: 'boolean' }).notNull().default(false),
    version: integer('version').notNull().default(1),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
    /** Removed ones stay, for what was made from them. */
    deletedAt: integer('deletedAt'),
  },
  (t) => [
    uniqueIndex('templates_name').on(t.ownerId, sql`name COLLATE NOCASE`).where(sql`deletedAt IS NULL`),
    index('templates_shared').on(sql`name COLLATE NOCASE`, t.id).where(sql`shared = 1 AND deletedAt IS NULL`),
  ],
)

const failing = sql`state = 'ACTIVE' AND deletedAt IS NULL AND (problem IS NOT NULL OR failedJobId IS NOT NULL)`

export const schedules = sqliteTable(
  'schedules',
  {
    id: text('id').primaryKey(),
    ownerId: text('ownerId').notNull(),
    name: text('name').notNull(),
    templateId: text('templateId').notNull(),
    /** JSON text: the template's variables by name. */
    values: text('values').notNull().default('{}'),
    cron: text('cron').notNull(),
    /** An IANA name, such as Europe/Berlin. */
    timeZone: text('timeZone').notNull(),
    catchUp: text('catchUp', { enum: catchUpPolicies }).notNull().default('latest'),
    state: text('state', { enum: scheduleStates }).notNull().default('ACTIVE'),
    /** When it is due next; null where it never is again. */
    nextAt: integer('nextAt'),
    lastAt: integer('lastAt'),
    /** Why the last one made no job, in a sentence. */
    problem: text('problem'),
    /** The last of its jobs to end, if that one failed and is not archived; kept by trigger. */
    failedJobId: text('failedJobId'),
    /** Stamped by each run: what belongs to it asks for that stamp. */
    writeId: text('writeId').notNull().default(''),
    version: integer('version').notNull().default(1),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
    deletedAt: integer('deletedAt'),
  },
  (t) => [
    index('schedules_owner').on(t.ownerId, t.createdAt, t.id).where(sql`deletedAt IS NULL`),
    index('schedules_all').on(t.createdAt, t.id).where(sql`deletedAt IS NULL`),
    index('schedules_template').on(t.templateId).where(sql`deletedAt IS NULL`),
    index('schedules_failing').on(t.createdAt, t.id).where(failing),
    index('schedules_failing_owner').on(t.ownerId, t.createdAt, t.id).where(failing),
    index('schedules_due').on(t.nextAt, t.id).where(sql`state = 'ACTIVE' AND deletedAt IS NULL`),
  ],
)

/** One due time of a schedule: the key keeps two processes from making it twice. */
export const scheduleRuns = sqliteTable(
  'schedule_runs',
  {
    scheduleId: text('scheduleId').notNull(),
    dueAt: integer('dueAt').notNull(),
    outcome: text('outcome', { enum: runOutcomes }).notNull(),
    jobId: text('jobId'),
    note: text('note'),
    at: integer('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.scheduleId, t.dueAt] })],
)
