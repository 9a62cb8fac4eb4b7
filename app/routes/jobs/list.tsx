import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData, useLocation } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { listPlace } from '~/paths'
import { FilteredJobs } from '~/ui/FilteredJobs'
import { JobList } from '~/ui/JobList'
import { useLiveList } from '~/ui/live-list'
import { pageTitle } from '~/ui/page-title'
import { readList } from './list-page.server'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, url, timeZone }) => {
  const { listed, status } = await readList(desk, actor, 'own', url.searchParams, timeZone)
  return data(listed, { status })
})

export const meta: MetaFunction<typeof loader> = ({ data: listed }) => [
  { title: pageTitle(listed && 'Jobs') },
]

export default function Jobs() {
  const at = listPlace(useLocation().search)
  const live = useLiveList('own', at, useLoaderData<typeof loader>())
  const { page, sort } = live.listed
  return (
    <FilteredJobs scope="own" title="Jobs" at={at} live={live}>
      <JobList jobs={page.rows} at={at} sort={sort} />
    </FilteredJobs>
  )
}
