import { index, integer, primaryKey, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { actorKinds, densities, jobStatuses, notificationChoices, themes } from './vocabulary'

/** What is kept beside the business itself: counters, keys seen, the audit. Part of `schema.ts`. */

/** How many unarchived jobs an owner has by status; kept by trigger. `*` is everyone. */
export const jobCounts = sqliteTable(
  'job_counts',
  {
    ownerId: text('ownerId').notNull(),
    status: text('status', { enum: jobStatuses }).notNull(),
    count: integer('count').notNull(),
  },
  (t) => [primaryKey({ columns: [t.ownerId, t.status] })],
)

/** What became of an agent's work by the hour (milliseconds / 3,600,000); kept by trigger. */
export const agentHours = sqliteTable(
  'agent_hours',
  {
    agentId: text('agentId').notNull(),
    hour: integer('hour').notNull(),
    /** Attempts that handed something in: a result or a question. */
    done: integer('done').notNull().default(0),
    /** Attempts that failed or whose lease lapsed. */
    failed: integer('failed').notNull().default(0),
    inputTokens: integer('inputTokens').notNull().default(0),
    outputTokens: integer('outputTokens').notNull().default(0),
    costUsd: real('costUsd').notNull().default(0),
    /** Its results that a person accepted. */
    accepted: integer('accepted').notNull().default(0),
    sentBack: integer('sentBack').notNull().default(0),
  },
  (t) => [primaryKey({ columns: [t.agentId, t.hour] })],
)

/** How many jobs came and closed by the quarter of an hour (milliseconds / 900,000), everyone's together; kept by trigger. */
export const jobQuarters = sqliteTable('job_quarters', {
  quarter: integer('quarter').primaryKey(),
  /** What it stands for: 15, or 60 for a whole hour that was counted before there were quarters. */
  minutes: integer('minutes').notNull().default(15),
  created: integer('created').notNull().default(0),
  completed: integer('completed').notNull().default(0),
  failed: integer('failed').notNull().default(0),
  canceled: integer('canceled').notNull().default(0),
})

export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    userId: text('userId').notNull(),
    /** Which use-case: `POST /api/jobs`. */
    route: text('route').notNull(),
    key: text('key').notNull(),
    /** SHA-256 (hex) of the request's canonical body. */
    bodyHash: text('bodyHash').notNull(),
    status: integer('status').notNull(),
    body: text('body').notNull(),
    /** What the request made. */
    subjectId: text('subjectId').notNull(),
    createdAt: integer('createdAt').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.route, t.key] }), index('idempotency_keys_age').on(t.createdAt)],
)

/** Who did what to accounts, agents and settings; append-only. */
export const audit = sqliteTable(
  'audit',
  {
    id: text('id').primaryKey(),
    at: integer('at').notNull(),
    actorKind: text('actorKind', { enum: actorKinds }).notNull(),
    actorId: text('actorId'),
    action: text('action').notNull(),
    subjectKind: text('subjectKind'),
    subjectId: text('subjectId'),
    /** JSON text; no secrets. */
    detail: text('detail'),
    address: text('address'),
  },
  (t) => [
    index('audit_at').on(t.at, t.id),
    index('audit_action').on(t.action, t.at, t.id),
    index('audit_actor').on(t.actorId, t.at, t.id),
    index('audit_actor_action').on(t.actorId, t.action, t.at, t.id),
    index('audit_subject').on(t.subjectId, t.at, t.id),
  ],
)

/** How a person wants Docket to be; who never chose has no row. */
export const userSettings = sqliteTable('user_settings', {
  userId: text('userId').primaryKey(),
  theme: text('theme', { enum: themes }).notNull(),
  density: text('density', { enum: densities }).notNull(),
  /** An IANA name, such as `Europe/Berlin`. */
  timeZone: text('timeZone').notNull(),
  /** What the browser tells of while Docket is open. */
  notifications: text('notifications', { enum: notificationChoices }).notNull(),
  /** Whether single keys do things. */
  shortcuts: integer('shortcuts', { mode: 'boolean' }).notNull(),
  updatedAt: integer('updatedAt').notNull(),
})

/** Jobs that are being purged: their log goes in slices, and whatever stops Docket, the next start goes on. */
export const jobPurges = sqliteTable('job_purges', {
  jobId: text('jobId').primaryKey(),
  /** The write that decided it. */
  writeId: text('writeId').notNull(),
})

/** How long closed jobs are kept, and the run that sees to it: one row. */
export const retention = sqliteTable('retention', {
  id: integer('id').primaryKey(),
  /** Days after its end that a job is archived, or purged; null: never. */
  archiveAfterDays: integer('archiveAfterDays'),
  purgeAfterDays: integer('purgeAfterDays'),
  version: integer('version').notNull().default(1),
  updatedAt: integer('updatedAt'),
  /** Which process runs it, and until when it may. */
  workerId: text('workerId'),
  leaseExpiresAt: integer('leaseExpiresAt'),
  /** The run that has begun and not ended, and what it has done so far. */
  startedAt: integer('startedAt'),
  archived: integer('archived').notNull().default(0),
  purged: integer('purged').notNull().default(0),
  /** The last run that ended, and what it did. */
  endedAt: integer('endedAt'),
  lastArchived: integer('lastArchived').notNull().default(0),
  lastPurged: integer('lastPurged').notNull().default(0),
  /** When a purge last left words in the text index, and when the last merge that removed such words began. */
  wordsLeftAt: integer('wordsLeftAt'),
  wordsMergedAt: integer('wordsMergedAt'),
})

/** One row that readiness writes to, so that "ready" means "takes writes". */
export const probes = sqliteTable('probes', { id: integer('id').primaryKey(), at: integer('at').notNull() })
