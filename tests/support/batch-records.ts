import type { Database } from '~db/client.server'
import type { BatchVerb } from '~db/vocabulary'

interface Batch {
  id: string
  verb: BatchVerb
  state: string
  total: number
  done: number
  refused: number
}

interface Counted {
  batchId: string
  total: number
  done: number
  refused: number
}

/**
 * Batches count what their lines say, and each job that is done has one log row of its batch, any other none. A job
 * that had the tag already, or had it no more, is done without a row.
 *
 * @returns a sentence for each violation
 */
export async function batchViolations(db: Database): Promise<string[]> {
  const batches = await db.all<Batch>(
    "SELECT id, verb, state, total, done, refused FROM batches WHERE state <> 'DRAFT'",
  )
  const lines = await db.all<Counted>(
    `SELECT batchId, count(*) AS total, sum(outcome IS 'DONE') AS done, sum(outcome IS 'REFUSED') AS refused
     FROM batch_items GROUP BY batchId`,
  )
  const counts = new Map(lines.map((each) => [each.batchId, each]))
  const found: string[] = []
  for (const batch of batches) {
    const counted = counts.get(batch.id) ?? { total: 0, done: 0, refused: 0 }
    for (const field of ['total', 'done', 'refused'] as const) {
      if (batch[field] !== counted[field]) {
        found.push(`batch ${batch.id}: ${field} is ${batch[field]}, by its lines ${counted[field]}`)
      }
    }
    if (batch.state === 'DONE' && batch.done + batch.refused !== batch.total) {
      found.push(`batch ${batch.id} is DONE with ${batch.total - batch.done - batch.refused} jobs untouched`)
    }
  }
  return [...found, ...(await rowViolations(db))]
}

async function rowViolations(db: Database): Promise<string[]> {
  const wrong = await db.all<{ batchId: string; jobId: string; outcome: string | null; rows: number }>(
    `WITH acted AS (SELECT requestPayload ->> 'batch' AS batchId, jobId, count(*) AS rows FROM job_logs
       WHERE actorKind = 'user' AND json_valid(requestPayload) AND requestPayload ->> 'batch' IS NOT NULL GROUP BY 1, 2)
     SELECT i.batchId, i.jobId, i.outcome, coalesce(a.rows, 0) AS rows
     FROM batch_items i JOIN batches b ON b.id = i.batchId JOIN jobs j ON j.id = i.jobId
     LEFT JOIN acted a ON a.batchId = i.batchId AND a.jobId = i.jobId
     WHERE CASE WHEN i.outcome IS 'DONE'
       THEN coalesce(a.rows, 0) <> 1 AND NOT (b.verb IN ('addTag', 'removeTag', 'priority', 'archive') AND a.rows IS NULL)
       ELSE a.rows IS NOT NULL END LIMIT 20`,
  )
  return wrong.map(
    ({ batchId, jobId, outcome, rows }) =>
      `batch ${batchId}: job ${jobId} is ${outcome ?? 'untouched'} and has ${rows} log rows of it`,
  )
}
