import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from '~db/client.server'
import { bigOwner } from '../bench/scale-words'

/** One of each thing that an address may name, by the word before it in the address. */
export interface Samples {
  jobs: string
  agents: string
  users: string
  batches: string
  templates: string
  schedules: string
  views: string
  /** The number of one of the job's. */
  attempts: string
  /** A row of the job's log, with payloads. */
  logs: string
  /** A file beside the database. */
  backups: string
  /** Of none that are there: their addresses take no GET. */
  invitations: string
  tokens: string
}

const someDay = Date.UTC(2099, 0, 1)
const templateJob = {
  ...{ name: 'About {{what}}', description: '/stats\n{{what}}', acceptanceCriteria: 'Words' },
  ...{ agentId: null, priority: null, maxAttempts: null, timeoutSeconds: null, review: null },
  ...{ tags: [], metadata: {} },
}
const variable = { name: 'what', label: 'What', type: 'text', required: true, default: null }

/** Puts what a filled database lacks, the big owner's: a batch that is over, a template, its schedule, a saved view. */
export async function addSamples(db: Database): Promise<Samples> {
  const owner = await db.first<{ id: string }>('SELECT id FROM users WHERE email = ?', [bigOwner])
  const job = await db.first<{ id: string }>(
    "SELECT id FROM jobs WHERE userId = ? AND status = 'COMPLETED' ORDER BY no LIMIT 1",
    [owner?.id ?? ''],
  )
  const agent = await db.first<{ id: string }>('SELECT id FROM agents ORDER BY name LIMIT 1')
  if (!owner || !job || !agent) throw new Error('The database is not filled')
  const at = Date.now()
  const args = { owner: owner.id, job: job.id, at, someDay }
  await db.write({
    repeatable: true,
    statements: [
      "UPDATE attempts SET result = '1' WHERE jobId = :job AND number = 1",
      `INSERT INTO batches (id, actorId, scope, verb, args, filter, state, total, preview, done, createdAt, startedAt, endedAt)
        VALUES ('batch', :owner, 'own', 'addTag', '{"tag":"done"}', NULL, 'DONE', 1,
          '{"eligible":1,"ineligible":[]}', 1, :at, :at, :at)`,
      `INSERT INTO batch_items (batchId, jobId, outcome, status, at) VALUES ('batch', :job, 'DONE', 'COMPLETED', :at)`,
      `INSERT INTO templates (id, ownerId, name, job, variables, shared, createdAt, updatedAt)
        VALUES ('template', :owner, 'A template', '${JSON.stringify(templateJob)}', '${JSON.stringify([variable])}', 1, :at, :at)`,
      `INSERT INTO schedules (id, ownerId, name, templateId, "values", cron, timeZone, nextAt, createdAt, updatedAt)
        VALUES ('schedule', :owner, 'A schedule', 'template', '{"what":"it"}', '0 9 * * *', 'UTC', :someDay, :at, :at)`,
      `INSERT INTO schedule_runs (scheduleId, dueAt, outcome, jobId, at) VALUES ('schedule', :at, 'MADE', :job, :at)`,
      `INSERT INTO saved_views (id, ownerId, name, scope, query, shared, createdAt, updatedAt)
        VALUES ('view', :owner, 'A view', 'own', 'status=FAILED', 1, :at, :at)`,
      `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, requestPayload, responsePayload, actorKind,
          version, failures, createdAt)
        VALUES ('log', :job, :owner, 1000, 'call', 'COMPLETED', '{}', '{}', 'system', 1, 0, :at)`,
    ].map((sql) => ({ sql, args })),
  })
  if (!db.path) throw new Error('The database is in no file')
  const backups = join(dirname(db.path), 'backups')
  mkdirSync(backups, { recursive: true })
  writeFileSync(join(backups, 'sample.db'), 'a backup')
  const made = {
    backups: 'sample.db',
    batches: 'batch',
    templates: 'template',
    schedules: 'schedule',
    views: 'view',
    attempts: '1',
    logs: '1000',
    invitations: 'none',
    tokens: 'none',
  }
  return { jobs: job.id, agents: agent.id, users: bigOwner, ...made }
}
