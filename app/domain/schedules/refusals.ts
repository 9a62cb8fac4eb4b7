import { Conflict, Forbidden } from '../errors'
import type { UserActor } from '../policy'
import type { ScheduleView } from './view'

/** @param seen the version that the request was made on, where it named one */
export const staleSchedule = (seen: number | null | undefined, now: number) =>
  seen == null
    ? new Conflict('The schedule was changed at the same moment. Look again, then decide.', 'lost_race', {
        version: now,
      })
    : new Conflict(
        `The schedule has changed since you opened it (you saw version ${seen}, it is at ${now} now). Look again, then decide.`,
        'stale_version',
        { version: now },
      )

/** An admin sees everyone's, may pause and remove them, and does no more. @throws {Forbidden} */
export function assertOwn(actor: UserActor, { ownerId }: Pick<ScheduleView, 'ownerId'>, what: string): void {
  if (ownerId !== actor.id) throw new Forbidden(`Only its owner can ${what} a schedule.`)
}
