import { type MetaFunction, useLoaderData, useOutlet } from '@remix-run/react'
import { pageLoader } from '~/http/page.server'
import { AdminJobDetail } from '~/ui/AdminJobDetail'
import { jobMeta } from '~/ui/job-meta'
import { readJobPage } from '../../jobs/job-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('admin', readJobPage)

export const meta: MetaFunction<typeof loader> = ({ data }) => jobMeta(data?.job)

export default function AdminJob() {
  const data = useLoaderData<typeof loader>()
  // what was begun on one job is not for the next one
  return <AdminJobDetail key={data.job.id} {...data} panel={useOutlet()} />
}
