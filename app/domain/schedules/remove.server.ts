import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { changeSchedule } from './change.server'
import { findSchedule } from './queries.server'
import { staleSchedule } from './refusals'

/** It is due no more; its jobs stay. @throws {Conflict} where it has changed, {NotFound} */
export async function removeSchedule(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version = null }: { version?: number | null } = {},
): Promise<void> {
  const before = await findSchedule(desk, actor, id)
  const isDone = await changeSchedule(desk, actor, before, {
    action: 'schedule.remove',
    set: 'deletedAt = :at, nextAt = NULL',
    guard: '(:version IS NULL OR version = :version)',
    args: { version },
  })
  if (!isDone) throw staleSchedule(version, (await findSchedule(desk, actor, id)).version)
}
