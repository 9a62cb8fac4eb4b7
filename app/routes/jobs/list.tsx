import { data } from '@remix-run/node'
import { type MetaFunction, useLoaderData, useLocation } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { listPlace } from '~/paths'
import { FilteredJobs } from '~/ui/FilteredJobs'
import { JobList } from '~/ui/JobList'
import { pageTitle } from '~/ui/page-title'
import { readList } from './list-page.server'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const { listed, status } = await readList(desk, actor, 'own', url.searchParams)
  return data(listed, { status })
})

export const meta: MetaFunction<typeof loader> = ({ data: listed }) => [
  { title: pageTitle(listed && 'Jobs') },
]

export default function Jobs() {
  const listed = useLoaderData<typeof loader>()
  const at = listPlace(useLocation().search)
  return (
    <FilteredJobs scope="own" title="Jobs" at={at} listed={listed}>
      <JobList jobs={listed.page.rows} at={at} sort={listed.sort} />
    </FilteredJobs>
  )
}
