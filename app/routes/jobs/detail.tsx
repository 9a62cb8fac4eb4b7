import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useOutlet,
} from '@remix-run/react'
import { findJob, jobAttempts, jobLogs } from '~/domain/jobs/queries.server'
import { statusLabels } from '~/domain/jobs/status'
import { pageLoader } from '~/http/page.server'
import { JobDetail } from '~/ui/JobDetail'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, params, url }) => {
  const id = params.id as string
  const [job, attempts, tail] = await Promise.all([
    findJob(desk, actor, id),
    jobAttempts(desk, actor, id),
    jobLogs(desk, actor, id, { order: 'newest', cursor: url.searchParams.get('log') }),
  ])
  // read from its end, shown as it happened
  const log = { rows: tail.rows.reverse(), prevCursor: tail.nextCursor, nextCursor: tail.prevCursor }
  return { viewer: actor, job, attempts, log }
})

/** A verb that was refused says what changed; then the page must show it too. */
export const shouldRevalidate = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${data.job.name} · ${statusLabels[data.job.status]} · Docket` : 'Docket' },
]

export default function Job() {
  const { viewer, job, attempts, log } = useLoaderData<typeof loader>()
  return <JobDetail viewer={viewer} job={job} attempts={attempts} log={log} panel={useOutlet()} />
}
