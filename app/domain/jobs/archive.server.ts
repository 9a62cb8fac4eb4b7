import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/** Takes a closed job out of the lists; its page and log stay. @throws {NotFound | Conflict} */
export function archiveJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: { version?: number | null },
): Promise<Moved> {
  return transitionOne(desk, { ...archiveMove(), id, actor, version: input.version })
}

/** @param message SQL of the log row's text */
export const archiveMove = (message = "'Archived.'"): VerbMove => ({
  verb: 'archive',
  guard: 'archivedAt IS NULL',
  set: { archivedAt: 'max(closedAt, :at)' },
  message,
})
