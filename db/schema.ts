import { sql } from 'drizzle-orm'
import {
  type AnySQLiteColumn,
  check,
  index,
  integer,
  sqliteTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/sqlite-core'
import { users } from './schema-accounts'
import {
  actorKinds,
  agentKinds,
  agentStates,
  attemptOutcomes,
  jobStatuses,
  logKinds,
  reviewPolicies,
} from './vocabulary'

export * from './schema-accounts'
export * from './schema-batches'
export * from './schema-records'
export * from './schema-templates'

/** Times are integers: milliseconds since 1970 UTC. JSON is kept as text, so that big numbers stay exact. */

export const agents = sqliteTable(
  'agents',
  {
    id: text('id').primaryKey(),
    name: text('name').notNull().unique(),
    description: text('description').notNull().default(''),
    kind: text('kind', { enum: agentKinds }).notNull(),
    /** JSON, by the kind's schema in `app/domain/agents/config.ts`. */
    config: text('config').notNull().default('{}'),
    state: text('state', { enum: agentStates }).notNull().default('ACTIVE'),
    concurrency: integer('concurrency').notNull().default(1),
    takesUnassigned: integer('takesUnassigned', { mode: 'boolean' }).notNull().default(false),
    version: integer('version').notNull().default(1),
    /** Who gets the jobs that wait for it when it is retired; null: whoever takes unassigned ones. */
    successorId: text('successorId').references((): AnySQLiteColumn => agents.id),
    lastSeenAt: integer('lastSeenAt'),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
  },
  (t) => [check('agents_concurrency', sql`${t.concurrency} BETWEEN 1 AND 100`)],
)

export const jobs = sqliteTable(
  'jobs',
  {
    /** The row's own number: an explicit integer key, so that a full-text index can lean on it. */
    no: integer('no').primaryKey(),
    /** The public id, time-sortable. */
    id: text('id').notNull().unique(),
    userId: text('userId')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    description: text('description').notNull(),
    acceptanceCriteria: text('acceptanceCriteria').notNull(),
    status: text('status', { enum: jobStatuses }).notNull(),
    /** JSON text of what the agent handed in, or null. */
    result: text('result'),
    priority: integer('priority').notNull().default(0),
    /** Not before this time; null: at once. */
    runAfter: integer('runAfter'),
    maxAttempts: integer('maxAttempts').notNull().default(3),
    timeoutSeconds: integer('timeoutSeconds'),
    review: text('review', { enum: reviewPolicies }).notNull().default('required'),
    /** Who it is for; null: anyone who takes unassigned jobs. */
    assignedAgentId: text('assignedAgentId').references(() => agents.id),
    /** fail and expire since the last create, resubmit, sendBack or answer. */
    failures: integer('failures').notNull().default(0),
    /** The number of the newest attempt; 0: none yet. */
    attemptCount: integer('attemptCount').notNull().default(0),
    version: integer('version').notNull().default(1),
    /** Stamped by each transition; its log and attempt rows are written WHERE writeId matches. */
    writeId: text('writeId').notNull(),
    /** Set when an admin completed it by force, and stays. */
    completedByAdmin: integer('completedByAdmin', { mode: 'boolean' }).notNull().default(false),
    archivedAt: integer('archivedAt'),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
    closedAt: integer('closedAt'),
    /** JSON text: an array of words in lower case, sorted, each once. */
    tags: text('tags').notNull().default('[]'),
    /** JSON text: an object of texts, its keys sorted. */
    metadata: text('metadata').notNull().default('{}'),
    /** What it was made from; the template or schedule may be gone since. */
    templateId: text('templateId'),
    scheduleId: text('scheduleId'),
  },
  (t) => [
    // one for each sort and scope; those of the usual sort hold what else is filtered by, so that rows are passed over in the index alone
    index('jobs_owner')
      .on(t.userId, t.createdAt, t.id, t.status, t.assignedAgentId, t.priority, t.updatedAt, t.attemptCount)
      .where(sql`archivedAt IS NULL`),
    index('jobs_owner_updated').on(t.userId, t.updatedAt, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_owner_priority').on(t.userId, t.priority, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_owner_name').on(t.userId, sql`name COLLATE NOCASE`, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_all_updated').on(t.updatedAt, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_all_priority').on(t.priority, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_all_name').on(sql`name COLLATE NOCASE`, t.no).where(sql`archivedAt IS NULL`),
    index('jobs_owner_status').on(t.userId, t.status, t.createdAt, t.id).where(sql`archivedAt IS NULL`),
    index('jobs_all')
      .on(t.createdAt, t.id, t.status, t.assignedAgentId, t.priority, t.updatedAt, t.attemptCount)
      .where(sql`archivedAt IS NULL`),
    index('jobs_all_status').on(t.status, t.createdAt, t.id).where(sql`archivedAt IS NULL`),
    index('jobs_all_agent').on(t.assignedAgentId, t.createdAt, t.id).where(sql`archivedAt IS NULL`),
    index('jobs_all_agent_status')
      .on(t.assignedAgentId, t.status, t.createdAt, t.id)
      .where(sql`archivedAt IS NULL`),
    index('jobs_owner_agent')
      .on(t.userId, t.assignedAgentId, t.createdAt, t.id)
      .where(sql`archivedAt IS NULL`),
    index('jobs_failed').on(t.closedAt, t.id).where(sql`status = 'FAILED' AND archivedAt IS NULL`),
    // since when each has been waiting in its agent's line, or in the one of those that name no agent
    index('jobs_line_since')
      .on(t.assignedAgentId, sql`CASE WHEN runAfter > updatedAt THEN runAfter ELSE updatedAt END`, t.id)
      .where(sql`status IN ('PENDING', 'ASSIGNED')`),
    // since when each has been waiting for a person: nothing touches it until somebody moves it on
    index('jobs_people_since')
      .on(t.status, t.updatedAt, t.id)
      .where(sql`status IN ('IN_REVIEW', 'INPUT_REQUIRED')`),
    // they hold all that a look for work needs: jobs that wait for a later time are passed over in the index alone
    index('jobs_unassigned_queue')
      .on(sql`priority DESC`, t.no, t.runAfter, t.assignedAgentId, t.id)
      .where(sql`status = 'PENDING'`),
    index('jobs_agent_queue')
      .on(t.assignedAgentId, sql`priority DESC`, t.no, t.runAfter, t.id)
      .where(sql`status = 'ASSIGNED'`),
    check('jobs_priority', sql`${t.priority} BETWEEN 0 AND 9`),
  ],
)

export const attempts = sqliteTable(
  'attempts',
  {
    /** `<job id>.<number>` */
    id: text('id').primaryKey(),
    jobId: text('jobId')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    agentId: text('agentId')
      .notNull()
      .references(() => agents.id),
    /** Which process or worker holds it. */
    workerId: text('workerId').notNull(),
    leaseToken: text('leaseToken').notNull(),
    leaseExpiresAt: integer('leaseExpiresAt').notNull(),
    outcome: text('outcome', { enum: attemptOutcomes }).notNull().default('RUNNING'),
    /** JSON text of what was handed in. */
    result: text('result'),
    /** Why it ended, in a sentence, where it did not end well. */
    error: text('error'),
    question: text('question'),
    answer: text('answer'),
    /** What the person wrote who sent its result back. */
    feedback: text('feedback'),
    /** JSON text in OpenTelemetry GenAI terms. */
    usage: text('usage'),
    startedAt: integer('startedAt').notNull(),
    endedAt: integer('endedAt'),
    /** When a result came after it had ended; kept once, as a log row. */
    lateAt: integer('lateAt'),
  },
  (t) => [
    uniqueIndex('attempts_number').on(t.jobId, t.number),
    uniqueIndex('attempts_one_live').on(t.jobId).where(sql`endedAt IS NULL`),
    index('attempts_agent_live').on(t.agentId).where(sql`endedAt IS NULL`),
    index('attempts_lease').on(t.leaseExpiresAt).where(sql`endedAt IS NULL`),
    index('attempts_agent_ended')
      .on(t.agentId, t.endedAt, t.outcome, t.startedAt)
      .where(sql`endedAt IS NOT NULL`),
  ],
)

export const jobLogs = sqliteTable(
  'job_logs',
  {
    /** Global, increasing in commit order: the live streams' id. */
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    /** `<write id>.<n>`: a write's rows are found by the id's prefix after a lost answer. */
    id: text('id').notNull().unique(),
    jobId: text('jobId')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    ownerId: text('ownerId').notNull(),
    /** 1, 2, 3 ... within its job, no gap. */
    number: integer('number').notNull(),
    kind: text('kind', { enum: logKinds }).notNull(),
    status: text('status', { enum: jobStatuses }).notNull(),
    message: text('message'),
    requestPayload: text('requestPayload'),
    responsePayload: text('responsePayload'),
    actorKind: text('actorKind', { enum: actorKinds }).notNull(),
    actorId: text('actorId'),
    /** The agent it is about. */
    agentId: text('agentId').references((): AnySQLiteColumn => agents.id),
    attempt: integer('attempt'),
    /** The job as it stood after this row: what folding the log yields. */
    assignedAgentId: text('assignedAgentId'),
    version: integer('version').notNull(),
    failures: integer('failures').notNull(),
    runAfter: integer('runAfter'),
    createdAt: integer('createdAt').notNull(),
  },
  (t) => [
    uniqueIndex('job_logs_number').on(t.jobId, t.number),
    index('job_logs_owner').on(t.ownerId, t.seq),
    // what changed the job, however much was said in between
    index('job_logs_turns')
      .on(t.jobId, t.number)
      .where(sql`kind NOT IN ('message', 'progress', 'usage', 'call', 'late')`),
    // what is looked for by itself among all that was said: how far the agent is, and what came after its attempt
    index('job_logs_marks').on(t.jobId, t.kind, t.number).where(sql`kind IN ('progress', 'late')`),
  ],
)

export type Agent = typeof agents.$inferSelect
export type Job = typeof jobs.$inferSelect
export type Attempt = typeof attempts.$inferSelect
export type JobLog = typeof jobLogs.$inferSelect
