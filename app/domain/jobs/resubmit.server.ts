import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/**
 * Once more from the start: the result is cleared, earlier attempts stay on the record, an archived job comes
 * back to the lists. An admin may cut off a running attempt. @throws {NotFound | Conflict}
 */
export function resubmitJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: { version?: number | null },
): Promise<Moved> {
  return transitionOne(desk, { ...resubmitMove(), id, actor, version: input.version })
}

export const resubmitMove = (): VerbMove => ({
  verb: 'resubmit',
  set: { failures: '0', runAfter: 'NULL', result: 'NULL', archivedAt: 'NULL' },
  attempt: { outcome: 'REPLACED', set: { error: "'The job was resubmitted.'" } },
  message: "'Resubmitted.'",
})
