import type { ListScope } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { statement } from '../sql'

/** The next one in the list's order, newest first, or the one before. */
export type Way = 'next' | 'previous'

/**
 * The job under review that comes after another one, whatever became of that; behind the last the first.
 * @param after a job's id; one that is not there: the first
 * @returns its id; null where none other waits for a review
 * @throws {NotFound} of everyone's jobs, but for admins
 */
export async function nextReview(
  desk: Desk,
  actor: UserActor,
  { scope, after, way }: { scope: ListScope; after: string; way: Way },
): Promise<string | null> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const [beyond, order] = way === 'next' ? ['<', 'DESC'] : ['>', 'ASC']
  const waits = `SELECT id FROM jobs INDEXED BY jobs_${scope === 'all' ? 'all' : 'owner'}_status
    WHERE archivedAt IS NULL AND status = 'IN_REVIEW' ${scope === 'all' ? '' : 'AND userId = :userId'}`
  const ordered = `ORDER BY createdAt ${order}, id ${order} LIMIT 1`
  const { sql, args } = statement(
    `SELECT coalesce(
       (${waits} AND (createdAt, id) ${beyond} (SELECT createdAt, id FROM jobs WHERE id = :after) ${ordered}),
       (${waits} AND id <> :after ${ordered})) AS id`,
    { after, userId: actor.id },
  )
  return (await desk.db.first<{ id: string | null }>(sql, args))?.id ?? null
}
