import type { Desk } from '../desk'
import { wellFormedJson } from '../well-formed'
import type { Claim, EarlierAttempt, JobBrief } from './brief'

interface Row extends Omit<JobBrief, 'earlier' | 'tags' | 'metadata'> {
  /** JSON text, both. */
  tags: string
  metadata: string
  attemptId: string
  leaseToken: string
  timeoutSeconds: number | null
}

/** What agents are handed for attempts just opened: the job, its lease, and what came before (the newest 20). */
export async function briefsOf(desk: Desk, attemptIds: string[]): Promise<Claim[]> {
  const rows = await desk.db.all<Row>(
    `SELECT t.id AS attemptId, t.leaseToken, t.number AS attempt, j.id, j.name, j.description, j.acceptanceCriteria,
       j.tags, j.metadata, j.timeoutSeconds
     FROM attempts t JOIN jobs j ON j.id = t.jobId WHERE t.id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(attemptIds)],
  )
  return Promise.all(
    rows.map(async ({ attemptId, leaseToken, timeoutSeconds, ...job }) => ({
      lease: { attemptId, jobId: job.id, leaseToken },
      job: {
        ...job,
        tags: JSON.parse(job.tags) as string[],
        metadata: JSON.parse(job.metadata) as Record<string, string>,
        earlier: job.attempt > 1 ? await earlierAttempts(desk, job.id, job.attempt) : [],
      },
      timeoutMs: timeoutSeconds === null ? null : timeoutSeconds * 1000,
    })),
  )
}

async function earlierAttempts(desk: Desk, jobId: string, before: number): Promise<EarlierAttempt[]> {
  const rows = await desk.db.all<EarlierAttempt>(
    `SELECT number, outcome, iif(outcome = 'SUBMITTED', result, NULL) AS result, error, question, answer, feedback
     FROM attempts
     WHERE jobId = ? AND number < ? ORDER BY number DESC LIMIT 20`,
    [jobId, before],
  )
  return rows.reverse().map((row) => ({ ...row, result: row.result && wellFormedJson(row.result) }))
}
