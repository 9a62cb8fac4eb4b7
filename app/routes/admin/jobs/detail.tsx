import { type MetaFunction, useLoaderData, useOutlet } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import { pageLoader } from '~/http/page.server'
import { AdminJobDetail } from '~/ui/AdminJobDetail'
import { plainName } from '~/ui/name'
import { readJobPage } from '../../jobs/job-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('admin', readJobPage)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${plainName(data.job.name)} · ${statusLabels[data.job.status]} · Docket` : 'Docket' },
]

export default function AdminJob() {
  const data = useLoaderData<typeof loader>()
  // what was begun on one job is not for the next one
  return <AdminJobDetail key={data.job.id} {...data} panel={useOutlet()} />
}
