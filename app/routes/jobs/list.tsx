import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { Invalid } from '~/domain/errors'
import { jobCounts, listJobs } from '~/domain/jobs/queries.server'
import { statusLabels } from '~/domain/jobs/status'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { JobList } from '~/ui/JobList'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { StatusTabs } from '~/ui/StatusTabs'
import { type JobStatus, jobStatuses } from '~db/vocabulary'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const status = statusOf(url)
  const cursor = url.searchParams.get('cursor')
  const [page, counts] = await Promise.all([
    listJobs(desk, actor, { scope: 'own', status: status ?? undefined, cursor }),
    jobCounts(desk, actor, 'own'),
  ])
  return { page, counts, status }
})

/** @throws {Invalid} */
function statusOf(url: URL): JobStatus | null {
  const given = url.searchParams.get('status')
  if (!given) return null
  const status = jobStatuses.find((each) => each === given.toUpperCase())
  if (!status) throw new Invalid({}, 'There is no such status. Start again from all jobs.')
  return status
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && (data.status ? `${statusLabels[data.status]} jobs` : 'Jobs')) },
]

export default function Jobs() {
  const { page, counts, status } = useLoaderData<typeof loader>()
  const hasAny = jobStatuses.some((each) => counts[each] > 0)
  return (
    <Page>
      <PageHeader title="Jobs" />
      {hasAny && <StatusTabs counts={counts} current={status} to={(status) => paths.jobs({ status })} />}
      <Card>
        <JobList jobs={page.rows} status={status} hasAny={hasAny} />
      </Card>
      <Pager
        label="Pages of jobs"
        prev={page.prevCursor && paths.jobs({ status, cursor: page.prevCursor })}
        next={page.nextCursor && paths.jobs({ status, cursor: page.nextCursor })}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}
