import { data } from '@remix-run/node'
import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useLocation,
  useOutlet,
  useParams,
} from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { listPlace, paths } from '~/paths'
import { readList } from '~/routes/jobs/list-page.server'
import { AdminJobs } from '~/ui/AdminJobs'
import { useLiveList } from '~/ui/live-list'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', async ({ actor, desk, params, url, timeZone }) => {
  const { listed, status } = await readList(desk, actor, 'all', url.searchParams, timeZone)
  // beside an open job it only says so: the job itself is there
  return data(listed, { status: params.id ? 200 : status })
})

/** Opening another job leaves the list as it is; coming back to it alone reads it anew. */
export const shouldRevalidate = ({
  currentUrl,
  nextUrl,
  formMethod,
  actionStatus,
  defaultShouldRevalidate,
}: ShouldRevalidateFunctionArgs) => {
  const opens = currentUrl.pathname !== nextUrl.pathname && nextUrl.pathname !== paths.desk()
  const sameList =
    paths.desk(listPlace(currentUrl.searchParams)) === paths.desk(listPlace(nextUrl.searchParams))
  if (opens && sameList && formMethod === undefined) return false
  return actionStatus === 409 || defaultShouldRevalidate
}

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'All jobs') },
]

export default function Desk() {
  const at = listPlace(useLocation().search)
  const { id } = useParams()
  const live = useLiveList('all', at, useLoaderData<typeof loader>(), id)
  return <AdminJobs live={live} at={at} openId={id} opened={useOutlet()} />
}
