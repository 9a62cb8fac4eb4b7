import { createContext, useContext } from 'react'
import { type JobVerbPath, type ListPlace, type LogPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'

/** Where a job's pages are: among one's own, or at the admins' desk, whose filters and page go along. */
export interface JobPlace {
  /** Whose jobs are around it. */
  scope: ListScope
  job(id: string): string
  edit(id: string): string
  verb(id: string, verb: JobVerbPath): string
  log(id: string, log: LogPlace): string
  /** A page of its attempts; null: the newest. */
  attempts(id: string, cursor: string | null): string
  /** The list of all jobs with this tag. */
  tagged(tag: string): string
}

const own: JobPlace = {
  scope: 'own',
  job: paths.job,
  edit: paths.editJob,
  verb: paths.jobVerb,
  log: paths.jobLog,
  attempts: paths.jobAttempts,
  tagged: (tag) => paths.jobs({ q: `tag:${tag}` }),
}

export const placeAtDesk = (at: ListPlace): JobPlace => ({
  scope: 'all',
  job: (id) => paths.deskJob(id, at),
  edit: (id) => paths.editDeskJob(id, at),
  verb: (id, verb) => paths.deskJobVerb(id, verb, at),
  log: (id, log) => paths.deskJobLog(id, log, at),
  attempts: (id, cursor) => paths.deskJobAttempts(id, cursor, at),
  tagged: (tag) => paths.desk({ q: `tag:${tag}` }),
})

export const JobPlaceContext = createContext(own)

/** The same components lead to where they are shown. */
export const useJobPlace = () => useContext(JobPlaceContext)
