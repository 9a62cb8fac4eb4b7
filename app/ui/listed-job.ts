import type { FieldErrors } from '~/domain/errors'
import type { Sort } from '~/domain/jobs/list-filter'
import type { JobSummary, ListPage, StatusCounts } from '~/domain/jobs/view'
import type { WaitingFor } from '~/domain/jobs/waiting-for'
import type { AgentState } from '~db/vocabulary'
import type { Chip } from './filter-chips'
import type { ShownView } from './SavedViews'

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

/** What both lists of jobs are read with. */
export interface ListedJobs {
  page: ListPage<ListedJob>
  /** The filter, order and page that it is of, as a word. */
  of: string
  /** Rows that were asked for beside it, in no order; null where none were. */
  kept: ListedJob[] | null
  sort: Sort
  /** Null where nobody counts: by anything but status and owner. */
  counts: StatusCounts | null
  agents: { id: string; name: string; state: AgentState }[]
  /** What it is narrowed to. */
  chips: Chip[]
  /** The owner's address, where one that is known is asked for. */
  ownerEmail: string | null
  views: ShownView[]
  /** How many of the viewer's own schedules are failing; none beside everyone's jobs. */
  failingSchedules: number
  /** What the address asks that means nothing, by parameter. */
  errors: FieldErrors
}
