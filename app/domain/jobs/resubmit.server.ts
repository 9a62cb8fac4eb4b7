import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'
import { undoJob } from './undo.server'

/**
 * Once more from the start: the result is cleared, earlier attempts stay on the record, an archived job comes
 * back to the lists. An admin may cut off a running attempt. With `undo` it is `undoJob`. @throws {NotFound | Conflict}
 */
export function resubmitJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version, undo = false }: { version?: number | null; undo?: boolean },
): Promise<Moved> {
  if (undo) return undoJob(desk, actor, id, { version })
  return transitionOne(desk, { ...resubmitMove(), id, actor, version })
}

export const resubmitMove = (): VerbMove => ({
  verb: 'resubmit',
  set: { failures: '0', runAfter: 'NULL', result: 'NULL', archivedAt: 'NULL' },
  attempt: { outcome: 'REPLACED', set: { error: "'The job was resubmitted.'" } },
  message: "'Resubmitted.'",
})
