import { type MetaFunction, useLoaderData, useOutlet } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import { pageLoader } from '~/http/page.server'
import { JobDetail } from '~/ui/JobDetail'
import { plainName } from '~/ui/name'
import { readJobPage } from './job-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', readJobPage)

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${plainName(data.job.name)} · ${statusLabels[data.job.status]} · Docket` : 'Docket' },
]

export default function Job() {
  return <JobDetail {...useLoaderData<typeof loader>()} panel={useOutlet()} />
}
