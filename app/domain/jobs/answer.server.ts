import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type Moved, transitionOne } from './transition.server'

export interface Answer {
  answer: string
  version?: number | null
}

/** Answers the agent's question: back to the same agent, whose next attempt carries both. @throws {NotFound | Conflict} */
export function answerJob(desk: Desk, actor: UserActor, id: string, input: Answer): Promise<Moved> {
  return transitionOne(desk, {
    verb: 'answer',
    id,
    actor,
    version: input.version,
    agent: '(SELECT t.agentId FROM attempts t WHERE t.jobId = jobs.id AND t.number = jobs.attemptCount)',
    set: { failures: '0', runAfter: 'NULL' },
    also: (changedJobs) => [
      `UPDATE attempts SET answer = :answer WHERE jobId IN (${changedJobs})
         AND number = (SELECT j.attemptCount FROM jobs j WHERE j.id = attempts.jobId)`,
    ],
    message: "'Answered: ' || :answer",
    requestPayload: JSON.stringify({ answer: input.answer }),
    args: { answer: input.answer },
  })
}
