import type { JobSummary, ListPage } from '~/domain/jobs/view'
import type { WaitingFor } from '~/domain/jobs/waiting-for'

/** As much of a job as a list's row shows: a page sends it twice, as HTML and as what the browser takes over from. */
export type ListedJob = Pick<
  JobSummary,
  | 'id'
  | 'name'
  | 'status'
  | 'priority'
  | 'ownerName'
  | 'attemptCount'
  | 'createdAt'
  | 'updatedAt'
  | 'completedByAdmin'
  | 'tags'
> & {
  /** Whom it is for or, where that is anyone, who did it last. */
  agentName: string | null
  waitingFor: Pick<WaitingFor, 'reason' | 'who' | 'sentence' | 'at'> | null
}

export function listedJob(job: JobSummary): ListedJob {
  const {
    id,
    name,
    status,
    priority,
    ownerName,
    attemptCount,
    createdAt,
    updatedAt,
    completedByAdmin,
    tags,
  } = job
  const waiting = job.waitingFor
  return {
    ...{ id, name, status, priority, ownerName, attemptCount, createdAt, updatedAt, completedByAdmin, tags },
    agentName: job.agentName ?? job.lastAgentName,
    waitingFor: waiting && {
      ...{ reason: waiting.reason, who: waiting.who, sentence: waiting.sentence, at: waiting.at },
    },
  }
}

export const listedPage = ({ rows, ...page }: ListPage<JobSummary>): ListPage<ListedJob> => ({
  ...page,
  rows: rows.map(listedJob),
})
