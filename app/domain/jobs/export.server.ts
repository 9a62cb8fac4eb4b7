import { setImmediate as breathe } from 'node:timers/promises'
import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { portionsOf } from '../portions'
import type { JobFilter } from './list-filter'
import { matchingIds } from './queries.server'
import { inlineResult, shortResult } from './results.server'
import type { JobView } from './view'

/** A job as it is exported: all of it but a long result, and why it waits, which is true of a moment alone. */
export interface ExportedJob extends Omit<JobView, 'waitingFor'> {
  ownerEmail: string
  /** Where it has no result: JSON text of the newest that an attempt printed and did not hand in, if it is short. */
  unsubmittedResult: string | null
  /** Which attempt that was. */
  unsubmittedAttempt: number | null
}

/** So many ids are asked for at once, so many rows, and so many bytes of their texts; one job may have more. */
const idsAtOnce = 1000
const rowsAtOnce = 25
const bytesAtOnce = 500_000

/**
 * All the jobs of a list, newest first, a few at a time: what was read is let go before more is, and other requests
 * come in between. A job handed in meanwhile is left out; one that changes meanwhile is as it is when its turn comes.
 */
export async function* exportJobs(
  desk: Desk,
  actor: UserActor,
  list: { scope: 'own' | 'all'; filter: JobFilter },
): AsyncGenerator<ExportedJob[], void, undefined> {
  let after: string | null = null
  do {
    const slice: { ids: string[]; after: string | null } = await matchingIds(desk, actor, list, {
      after,
      most: idsAtOnce,
    })
    for await (const ids of inPortions(desk, slice.ids)) yield await readJobs(desk, ids)
    after = slice.after
    // the database answers without a pause
    await breathe()
  } while (after !== null)
}

/** As many ids as are read at once, by the size of their texts. */
async function* inPortions(desk: Desk, ids: string[]): AsyncGenerator<string[], void, undefined> {
  for (let at = 0; at < ids.length; at += rowsAtOnce) {
    const few = ids.slice(at, at + rowsAtOnce)
    const sizes = await desk.db.all<{ id: string; bytes: number }>(sizesSql, [JSON.stringify(few)])
    const bytesOf = new Map(sizes.map(({ id, bytes }) => [id, bytes]))
    for (const portion of portionsOf(few, (id) => bytesOf.get(id) ?? 0, bytesAtOnce)) {
      yield portion
      await breathe()
    }
  }
}

const byIds = 'j.id IN (SELECT value FROM json_each(?))'

const unsubmitted = (
  column: string,
) => `(SELECT ${column} FROM attempts p WHERE p.jobId = j.id AND p.result IS NOT NULL
  AND p.outcome <> 'SUBMITTED' ORDER BY p.number DESC LIMIT 1)`

const sizesSql = `SELECT j.id, octet_length(j.description) + octet_length(j.acceptanceCriteria)
  + coalesce(octet_length(j.result), ${unsubmitted('octet_length(p.result)')}, 0) AS bytes FROM jobs j WHERE ${byIds}`

const jobsSql = `SELECT j.id, j.name, j.status, j.priority, j.userId, u.name AS ownerName, u.email AS ownerEmail,
    j.assignedAgentId, a.name AS agentName, d.name AS lastAgentName, j.failures, j.attemptCount, j.maxAttempts,
    j.runAfter, j.version, j.createdAt, j.updatedAt, j.closedAt, j.archivedAt, j.completedByAdmin, j.tags, j.metadata,
    j.description, j.acceptanceCriteria, ${inlineResult('j')}, j.timeoutSeconds, j.review, j.templateId, j.scheduleId,
    iif(j.result IS NULL, ${unsubmitted(shortResult('p'))}, NULL) AS unsubmittedResult,
    iif(j.result IS NULL, ${unsubmitted('p.number')}, NULL) AS unsubmittedAttempt
  FROM jobs j JOIN users u ON u.id = j.userId LEFT JOIN agents a ON a.id = j.assignedAgentId
    LEFT JOIN attempts t ON t.jobId = j.id AND t.number = j.attemptCount LEFT JOIN agents d ON d.id = t.agentId
  WHERE ${byIds}`

type Row = Omit<ExportedJob, 'tags' | 'metadata' | 'completedByAdmin'> & {
  tags: string
  metadata: string
  completedByAdmin: number
}

/** In the ids' order; one that was purged meanwhile is left out. */
async function readJobs(desk: Desk, ids: string[]): Promise<ExportedJob[]> {
  const rows = await desk.db.all<Row>(jobsSql, [JSON.stringify(ids)])
  const jobs = new Map(rows.map((row) => [row.id, exported(row)]))
  return ids.flatMap((id) => jobs.get(id) ?? [])
}

const exported = ({ tags, metadata, completedByAdmin, ...row }: Row): ExportedJob => ({
  ...row,
  tags: JSON.parse(tags) as string[],
  metadata: JSON.parse(metadata) as Record<string, string>,
  completedByAdmin: completedByAdmin === 1,
})
