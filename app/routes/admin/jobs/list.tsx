import { data } from '@remix-run/node'
import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useLocation,
  useOutlet,
  useParams,
} from '@remix-run/react'
import { deskAgents, deskCounts, readDeskFilter } from '~/domain/jobs/desk-filter.server'
import { listJobs } from '~/domain/jobs/queries.server'
import { pageLoader } from '~/http/page.server'
import { deskPlace, paths } from '~/paths'
import { AdminJobs } from '~/ui/AdminJobs'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('admin', async ({ actor, desk, params, url }) => {
  const at = deskPlace(url.searchParams)
  const { filter, errors } = await readDeskFilter(desk, actor, at)
  const misread = Object.keys(errors).length > 0
  const [page, counts, agents] = await Promise.all([
    misread
      ? { rows: [], nextCursor: null, prevCursor: null }
      : listJobs(desk, actor, { scope: 'all', ...filter, cursor: at.cursor }),
    misread ? null : deskCounts(desk, filter),
    deskAgents(desk),
  ])
  // beside an open job it only says so: the job itself is there
  return data({ page, counts, filter, agents, errors }, { status: misread && !params.id ? 422 : 200 })
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
    paths.desk(deskPlace(currentUrl.searchParams)) === paths.desk(deskPlace(nextUrl.searchParams))
  if (opens && sameList && formMethod === undefined) return false
  return actionStatus === 409 || defaultShouldRevalidate
}

export const meta: MetaFunction<typeof loader> = ({ data: loaded }) => [
  { title: pageTitle(loaded && 'All jobs') },
]

export default function Desk() {
  return (
    <AdminJobs
      {...useLoaderData<typeof loader>()}
      at={deskPlace(useLocation().search)}
      openId={useParams().id}
      opened={useOutlet()}
    />
  )
}
