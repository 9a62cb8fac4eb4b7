import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { changeSchedule } from './change.server'
import { dueAfter } from './cron'
import { findSchedule } from './queries.server'
import { assertOwn, staleSchedule } from './refusals'
import type { ScheduleView } from './view'

interface Seen {
  /** Must match where given. */
  version?: number | null
}

const unchanged = '(:version IS NULL OR version = :version)'

/** Nothing is due until it is resumed. Pausing a paused one is no error. @throws {Conflict} where it has changed, {NotFound} */
export async function pauseSchedule(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version = null }: Seen = {},
): Promise<ScheduleView> {
  const before = await findSchedule(desk, actor, id)
  const isDone = await changeSchedule(desk, actor, before, {
    action: 'schedule.pause',
    set: `state = 'PAUSED', nextAt = NULL`,
    guard: `state = 'ACTIVE' AND ${unchanged}`,
    args: { version },
  })
  const after = await findSchedule(desk, actor, id)
  if (!isDone && after.state !== 'PAUSED') throw staleSchedule(version, after.version)
  return after
}

/** Due again from now on: what fell into the pause is not made up for. @throws {Conflict}, {NotFound}, {Forbidden} but for the owner */
export async function resumeSchedule(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version = null }: Seen = {},
): Promise<ScheduleView> {
  const before = await findSchedule(desk, actor, id)
  assertOwn(actor, before, 'resume')
  const isDone = await changeSchedule(desk, actor, before, {
    set: `state = 'ACTIVE', nextAt = :nextAt, problem = NULL`,
    // the next due time is that of the expression that was read
    guard: `state = 'PAUSED' AND cron = :cron AND timeZone = :timeZone AND ${unchanged}`,
    args: {
      ...{ version, cron: before.cron, timeZone: before.timeZone },
      nextAt: dueAfter(before.cron, before.timeZone, desk.now(), 1)[0] ?? null,
    },
  })
  const after = await findSchedule(desk, actor, id)
  if (!isDone && after.state !== 'ACTIVE') throw staleSchedule(version, after.version)
  return after
}
