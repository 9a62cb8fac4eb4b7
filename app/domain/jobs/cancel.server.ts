import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/** Stops an open job for good; a running attempt loses its lease and is told at once. @throws {NotFound | Conflict} */
export function cancelJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: { version?: number | null },
): Promise<Moved> {
  return transitionOne(desk, { ...cancelMove(), id, actor, version: input.version })
}

export const cancelMove = (): VerbMove => ({
  verb: 'cancel',
  set: { runAfter: 'NULL' },
  attempt: { outcome: 'CANCELED', set: { error: "'The job was canceled.'" } },
  message: "'Canceled.'",
})
