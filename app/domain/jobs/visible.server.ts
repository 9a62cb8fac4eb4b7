import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'

/** Who may see a job: its owner and admins; to all others it is not there. */
const maySee = (actor: UserActor, { userId }: { userId: string }) =>
  userId === actor.id || actor.role === 'ADMIN'

/** @throws {NotFound} */
export function visible<Row extends { userId: string }>(actor: UserActor, row: Row | undefined): Row {
  if (!row || !maySee(actor, row)) throw new NotFound('This job')
  return row
}

/** @throws {NotFound} */
export async function assertVisible(desk: Desk, actor: UserActor, id: string) {
  await assertJobsVisible(desk, actor, [id])
}

/** @throws {NotFound} where the actor may not see one of the jobs */
export async function assertJobsVisible(desk: Desk, actor: UserActor, ids: string[]): Promise<void> {
  const seen = await visibleJobs(desk, actor, ids)
  if (ids.some((id) => seen.every((job) => job.id !== id))) throw new NotFound('This job')
}

/** Those of the jobs that are there and that the actor may see, and whose each of them is. */
export async function visibleJobs(
  { db }: Desk,
  actor: UserActor,
  ids: string[],
): Promise<{ id: string; userId: string }[]> {
  if (ids.length === 0) return []
  const jobs = await db.all<{ id: string; userId: string }>(
    'SELECT j.id, j.userId FROM json_each(?) e CROSS JOIN jobs j ON j.id = e.value',
    [JSON.stringify(ids)],
  )
  return jobs.filter((job) => maySee(actor, job))
}
