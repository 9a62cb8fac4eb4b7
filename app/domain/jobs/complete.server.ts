import type { Desk } from '../desk'
import { capped, cut, redacted } from '../payload.server'
import type { UserActor } from '../policy'
import { type Moved, transitionOne } from './transition.server'

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
  return transitionOne(desk, {
    verb: 'complete',
    id,
    actor,
    version: input.version,
    set: {
      completedByAdmin: '1',
      runAfter: 'NULL',
      ...(input.result === undefined ? {} : { result: ':result' }),
    },
    attempt: { outcome: 'REPLACED', set: { error: "'An admin completed the job.'" } },
    message: "'Completed by an admin, who waives every acceptance criterion: ' || :reason",
    audit: { reason: ':waiver' },
    requestPayload: JSON.stringify({ reason: input.reason }),
    responsePayload: input.result === undefined ? null : capped(input.result),
    args: {
      reason: input.reason,
      waiver: cut(redacted(input.reason), 500),
      ...(input.result === undefined ? {} : { result: input.result }),
    },
  })
}
