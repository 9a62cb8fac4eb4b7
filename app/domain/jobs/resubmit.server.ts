import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/**
 * Once more from the start: the result is cleared, earlier attempts stay on the record, an archived job comes
 * back to the lists. An admin may cut off a running attempt. With `undo` it takes back a cancel: the job begins when it
 * was to begin before that. @throws {NotFound | Conflict}
 */
export function resubmitJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version, undo = false }: { version?: number | null; undo?: boolean },
): Promise<Moved> {
  const move = undo ? { ...resubmitMove(), ...undone } : resubmitMove()
  return transitionOne(desk, { ...move, id, actor, version })
}

export const resubmitMove = (): VerbMove => ({
  verb: 'resubmit',
  set: { failures: '0', runAfter: 'NULL', result: 'NULL', archivedAt: 'NULL' },
  attempt: { outcome: 'REPLACED', set: { error: "'The job was resubmitted.'" } },
  message: "'Resubmitted.'",
})

/** What the job was before its cancel is in the log's row of that version. */
const undone = {
  set: {
    ...resubmitMove().set,
    runAfter: `CASE WHEN status = 'CANCELED' THEN (SELECT l.runAfter FROM job_logs l
      WHERE l.jobId = jobs.id AND l.version = jobs.version - 1 ORDER BY l.number DESC LIMIT 1) END`,
  },
  message: "'The cancel was taken back.'",
}
