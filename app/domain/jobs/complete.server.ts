import type { Desk } from '../desk'
import { capped, cut, redacted } from '../payload.server'
import type { UserActor } from '../policy'
import { wellFormedJson } from '../well-formed'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

export interface Completion {
  /** Waives every acceptance criterion. */
  reason: string
  /** JSON text; left out, the job keeps the result it has. */
  result?: string
  version?: number | null
}

/**
 * An admin closes a job as done, from any status but COMPLETED; it carries the mark ever after. A running attempt
 * loses its lease, and a late result of it never lands on the job. @throws {NotFound | Forbidden | Conflict}
 */
export function completeJob(desk: Desk, actor: UserActor, id: string, input: Completion): Promise<Moved> {
  return transitionOne(desk, { ...completeMove(input), id, actor, version: input.version })
}

export const completeMove = ({ reason, result }: Omit<Completion, 'version'>): VerbMove => ({
  verb: 'complete',
  set: {
    completedByAdmin: '1',
    runAfter: 'NULL',
    ...(result === undefined ? {} : { result: ':result' }),
  },
  attempt: { outcome: 'REPLACED', set: { error: "'An admin completed the job.'" } },
  message: "'Completed by an admin, who waives every acceptance criterion: ' || :reason",
  audit: { reason: ':waiver' },
  requestPayload: JSON.stringify({ reason }),
  responsePayload: result === undefined ? null : capped(result),
  args: {
    reason,
    waiver: cut(redacted(reason), 500),
    ...(result === undefined ? {} : { result: wellFormedJson(result) }),
  },
})
