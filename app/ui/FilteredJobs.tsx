import type { ReactNode } from 'react'
import type { StatusCounts } from '~/domain/jobs/view'
import { type ListPlace, listQuery, paths } from '~/paths'
import { type JobStatus, jobStatuses, type ListScope } from '~db/vocabulary'
import { Selection } from './BatchSelection'
import { LinkButton } from './button'
import { ExportMenu } from './ExportMenu'
import { FailingSchedules } from './FailingSchedules'
import { FilterChips } from './FilterChips'
import { FreshRows } from './FreshRows'
import { JobFilters } from './JobFilters'
import { JobsEmpty } from './JobsEmpty'
import { pagerLabels } from './list-words'
import type { LiveList } from './live-list'
import { Pager } from './Pager'
import { Card, Page, PageHeader } from './page'
import { SavedViews } from './SavedViews'
import { SearchedTo } from './SearchedTo'
import { StatusTabs } from './StatusTabs'

interface FilteredJobsProps {
  scope: ListScope
  title: string
  at: ListPlace
  live: LiveList
  /** The table. */
  children: ReactNode
}

/** A list of jobs with all that narrows it down, orders it and turns its pages. */
export function FilteredJobs({ scope, title, at, live, children }: FilteredJobsProps) {
  const { listed, area } = live
  const { page, sort, counts, agents, chips, ownerEmail, views, failingSchedules, errors } = listed
  const misread = Object.keys(errors).length > 0
  const isEmpty = page.rows.length === 0
  const neverUsed = isEmpty && counts !== null && jobStatuses.every((status) => counts[status] === 0)
  const to = (cursor: string | null) => cursor && paths.list(scope, { ...at, cursor })
  const further = page.searchedTo !== null && page.nextCursor ? to(page.nextCursor) : null
  const statuses = jobStatuses.filter((each) => at.status?.some((one) => one.toUpperCase() === each))
  const filter = listQuery({ ...at, sort: undefined })
  return (
    <Page>
      <PageHeader
        title={title}
        actions={
          <>
            {!isEmpty && <ExportMenu scope={scope} at={at} />}
            <LinkButton to={paths.batches()} variant="quiet" size="small">
              Batches
            </LinkButton>
            {scope === 'own' && (
              <LinkButton to={paths.templates} variant="quiet" size="small">
                From a template
              </LinkButton>
            )}
          </>
        }
      />
      <FailingSchedules count={failingSchedules} />
      {!(neverUsed && scope === 'own') && (
        <div className="flex flex-col gap-3">
          <SavedViews views={views} scope={scope} at={at} />
          <StatusTabs
            counts={counts}
            current={statuses}
            to={(status: JobStatus | null) =>
              paths.list(scope, { ...at, status: status ? [status] : [], cursor: null })
            }
          />
          <JobFilters {...{ scope, at, sort, agents, errors, ownerEmail }} />
          <FilterChips chips={chips} cleared={paths.list(scope, { sort: at.sort })} />
        </div>
      )}
      <FreshRows {...live} />
      <div ref={area} className="empty:hidden">
        {!(isEmpty && further) && (
          <Card>
            {isEmpty ? (
              <JobsEmpty scope={scope} at={at} misread={misread} />
            ) : (
              <Selection
                key={filter}
                scope={scope}
                at={at}
                shown={page.rows.map(({ id }) => id)}
                total={counts === null ? null : totalOf(counts, statuses)}
                nextCursor={page.nextCursor}
                prevCursor={page.prevCursor}
              >
                {children}
              </Selection>
            )}
          </Card>
        )}
      </div>
      {further && page.searchedTo !== null && (
        <SearchedTo at={page.searchedTo} hasRows={!isEmpty} to={further} />
      )}
      <Pager
        label="Pages of jobs"
        prev={to(page.prevCursor)}
        next={further ? null : to(page.nextCursor)}
        {...pagerLabels(sort)}
      />
    </Page>
  )
}

/** How many jobs are in the statuses that are asked for, or in any. */
function totalOf(counts: StatusCounts, statuses: JobStatus[]): number {
  const asked: readonly JobStatus[] = statuses.length > 0 ? statuses : jobStatuses
  return asked.map((status) => counts[status]).reduce((sum, count) => sum + count, 0)
}
