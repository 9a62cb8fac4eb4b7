import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { FieldErrors } from '~/domain/errors'
import { statusLabels } from '~/domain/jobs/status'
import type { JobSummary, Page as Rows, StatusCounts } from '~/domain/jobs/view'
import { type DeskPlace, paths } from '~/paths'
import type { AgentState, JobStatus } from '~db/vocabulary'
import { AdminJobList } from './AdminJobList'
import { AdminJobPane } from './AdminJobPane'
import { DeskEmpty } from './DeskEmpty'
import { DeskFilters } from './DeskFilters'
import { ArrowLeft } from './icons'
import { JobPlaceContext, placeAtDesk } from './job-place'
import { Pager } from './Pager'
import { Card, Page, PageHeader } from './page'
import { StatusTabs } from './StatusTabs'

interface AdminJobsProps {
  page: Rows<JobSummary>
  /** Null where nobody counts: by agent. */
  counts: StatusCounts | null
  /** The address's filter, as it was understood. */
  filter: { status?: JobStatus; agentName: string | null; ownerEmail: string | null }
  agents: { id: string; name: string; state: AgentState }[]
  errors: FieldErrors
  at: DeskPlace
  openId: string | undefined
  /** The job that is open beside the list. */
  opened: ReactNode
}

/** The admins' desk: everyone's jobs and, beside them, the one that was opened; on a phone that one takes the page. */
export function AdminJobs(props: AdminJobsProps) {
  const { page, at, openId, opened, filter, errors } = props
  if (!opened || !openId) return <WholeList {...props} />
  const nearId = nearest(page.rows, openId)
  const filters = [
    filter.status && statusLabels[filter.status],
    at.agent === 'none' ? 'No agent' : filter.agentName,
    filter.ownerEmail,
  ].filter((each): each is string => Boolean(each))
  return (
    <JobPlaceContext.Provider value={placeAtDesk(at)}>
      <Page>
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[17rem_minmax(0,1fr)]">
          <AdminJobPane
            page={page}
            at={at}
            currentId={openId}
            nearId={nearId}
            filters={filters}
            misread={Object.values(errors).flat()}
          />
          <div className="flex min-w-0 flex-col gap-5">
            <Link
              to={paths.desk(at, nearId)}
              className="inline-flex w-fit items-center gap-1 text-xs text-ink-2 hover:text-ink lg:hidden"
            >
              <ArrowLeft aria-hidden className="size-3.5" />
              All jobs
            </Link>
            {opened}
          </div>
        </div>
      </Page>
    </JobPlaceContext.Provider>
  )
}

function WholeList({ page, counts, filter, agents, errors, at }: AdminJobsProps) {
  const misread = Object.keys(errors).length > 0
  return (
    <Page>
      <PageHeader title="All jobs" />
      <div className="flex flex-col gap-3">
        <StatusTabs
          counts={counts}
          current={filter.status ?? null}
          to={(status) => paths.desk({ ...at, status, cursor: null })}
        />
        <DeskFilters at={at} agents={agents} ownerEmail={filter.ownerEmail} errors={errors} />
      </div>
      <Card>
        {page.rows.length === 0 ? (
          <DeskEmpty at={at} misread={misread} />
        ) : (
          <AdminJobList jobs={page.rows} at={at} />
        )}
      </Card>
      <Pager
        label="Pages of jobs"
        prev={page.prevCursor && paths.desk({ ...at, cursor: page.prevCursor })}
        next={page.nextCursor && paths.desk({ ...at, cursor: page.nextCursor })}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}

/** The row of a job, or the next older one where the job has left the filter: ids are sortable by time. */
const nearest = (rows: JobSummary[], id: string) => (rows.find((row) => row.id <= id) ?? rows.at(-1))?.id
