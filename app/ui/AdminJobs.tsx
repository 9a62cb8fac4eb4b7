import type { ReactNode } from 'react'
import { defaultSort } from '~/domain/jobs/list-filter'
import { type ListPlace, paths } from '~/paths'
import { AdminJobList } from './AdminJobList'
import { AdminJobPane } from './AdminJobPane'
import { BackLink } from './BackLink'
import { FilteredJobs } from './FilteredJobs'
import { JobPlaceContext, placeAtDesk } from './job-place'
import type { ListedJobs } from './listed-job'
import type { LiveList } from './live-list'
import { Page } from './page'

interface AdminJobsProps {
  live: LiveList
  at: ListPlace
  openId: string | undefined
  /** The job that is open beside the list. */
  opened: ReactNode
}

/** The admins' desk: everyone's jobs and, beside them, the one that was opened; on a phone that one takes the page. */
export function AdminJobs({ live, at, openId, opened }: AdminJobsProps) {
  const { listed } = live
  if (!opened || !openId) {
    return (
      <FilteredJobs scope="all" title="All jobs" at={at} live={live}>
        <AdminJobList jobs={listed.page.rows} at={at} sort={listed.sort} />
      </FilteredJobs>
    )
  }
  const nearId = nearest(listed, openId)
  return (
    <JobPlaceContext.Provider value={placeAtDesk(at)}>
      <Page>
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[17rem_minmax(0,1fr)]">
          <a
            href="#job"
            className="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:absolute focus:z-20"
          >
            Skip to the job
          </a>
          <AdminJobPane listed={listed} at={at} currentId={openId} nearId={nearId} />
          <div id="job" tabIndex={-1} className="flex min-w-0 flex-col gap-5 outline-none">
            <BackLink to={paths.desk(at, nearId)} className="lg:hidden">
              All jobs
            </BackLink>
            {opened}
          </div>
        </div>
      </Page>
    </JobPlaceContext.Provider>
  )
}

/** The row of a job or, where it has left the filter, the next older one: newest first, ids are sortable by time. */
function nearest({ page: { rows }, sort }: ListedJobs, id: string) {
  const next = sort === defaultSort ? rows.find((row) => row.id <= id) : rows.find((row) => row.id === id)
  return (next ?? rows.at(-1))?.id
}
