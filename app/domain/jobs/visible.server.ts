import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'

/** Who may see a job: its owner and admins; to all others it is not there. */

/** @throws {NotFound} */
export function visible<Row extends { userId: string }>(actor: UserActor, row: Row | undefined): Row {
  if (!row || (row.userId !== actor.id && actor.role !== 'ADMIN')) throw new NotFound('This job')
  return row
}

/** @throws {NotFound} */
export async function assertVisible(desk: Desk, actor: UserActor, id: string) {
  await assertJobsVisible(desk, actor, [id])
}

/** @returns whose each of the jobs is @throws {NotFound} where the actor may not see one of them */
export async function assertJobsVisible(
  desk: Desk,
  actor: UserActor,
  ids: string[],
): Promise<{ id: string; userId: string }[]> {
  if (ids.length === 0) return []
  const jobs = await desk.db.all<{ id: string; userId: string }>(
    'SELECT j.id, j.userId FROM json_each(?) e CROSS JOIN jobs j ON j.id = e.value',
    [JSON.stringify(ids)],
  )
  return ids.map((id) =>
    visible(
      actor,
      jobs.find((job) => job.id === id),
    ),
  )
}
