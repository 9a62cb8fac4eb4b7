import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne, type VerbMove } from './transition.server'

/** The person who asked takes the result: COMPLETED. @throws {NotFound | Conflict} */
export function acceptJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  input: { version?: number | null },
): Promise<Moved> {
  return transitionOne(desk, { ...acceptMove(), id, actor, version: input.version })
}

export const acceptMove = (): VerbMove => ({ verb: 'accept', message: "'Accepted.'" })

export interface Feedback {
  feedback: string
  version?: number | null
}

/**
 * Back to the agent that did it, with what is missing; the next attempt carries the feedback. A new count of
 * failures begins. @throws {NotFound | Conflict}
 */
export function sendBackJob(desk: Desk, actor: UserActor, id: string, input: Feedback): Promise<Moved> {
  return transitionOne(desk, {
    verb: 'sendBack',
    id,
    actor,
    version: input.version,
    agent: '(SELECT t.agentId FROM attempts t WHERE t.jobId = jobs.id AND t.number = jobs.attemptCount)',
    set: { failures: '0', runAfter: 'NULL', result: 'NULL' },
    also: (changedJobs) => [
      `UPDATE attempts SET feedback = :feedback WHERE jobId IN (${changedJobs})
         AND number = (SELECT j.attemptCount FROM jobs j WHERE j.id = attempts.jobId)`,
    ],
    message: "'Sent back: ' || :feedback",
    requestPayload: JSON.stringify({ feedback: input.feedback }),
    args: { feedback: input.feedback },
  })
}
