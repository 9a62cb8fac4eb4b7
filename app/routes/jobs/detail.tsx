import {
  type MetaFunction,
  type ShouldRevalidateFunctionArgs,
  useLoaderData,
  useOutlet,
} from '@remix-run/react'
import { attemptSummaries, cursorBefore, findJob, jobLogs } from '~/domain/jobs/queries.server'
import { statusLabels } from '~/domain/jobs/status'
import type { JobView, LogView } from '~/domain/jobs/view'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { type Excerpt, excerpt, type ResultExcerpt, resultExcerpt, shown } from '~/ui/excerpt'
import { JobDetail } from '~/ui/JobDetail'
import { plainName } from '~/ui/name'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, params, url }) => {
  const id = params.id as string
  const [job, attempts, tail] = await Promise.all([
    findJob(desk, actor, id),
    attemptSummaries(desk, actor, id),
    jobLogs(desk, actor, id, { order: 'newest', cursor: url.searchParams.get('log') }),
  ])
  // read from its end, shown as it happened
  const rows = tail.rows.reverse().map((row) => shownLog(id, row))
  const log = { rows, prevCursor: tail.nextCursor, nextCursor: tail.prevCursor }
  return { viewer: actor, job: shownJob(job), attempts, log }
})

/** A result may be megabytes, and an open job's page is read every two seconds. */
const shownJob = (job: JobView): JobView<ResultExcerpt> => ({
  ...job,
  result: job.result === null ? null : resultExcerpt(job.result, paths.api.job(job.id)),
})

function shownLog(jobId: string, row: LogView): LogView<Excerpt> {
  const whole = paths.api.jobLog(jobId, cursorBefore(row))
  const part = (payload: string | null) => (payload === null ? null : excerpt(payload, shown.payload, whole))
  return { ...row, requestPayload: part(row.requestPayload), responsePayload: part(row.responsePayload) }
}

/** A verb that was refused says what changed; then the page must show it too. */
export const shouldRevalidate = ({ actionStatus, defaultShouldRevalidate }: ShouldRevalidateFunctionArgs) =>
  actionStatus === 409 || defaultShouldRevalidate

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? `${plainName(data.job.name)} · ${statusLabels[data.job.status]} · Docket` : 'Docket' },
]

export default function Job() {
  const { viewer, job, attempts, log } = useLoaderData<typeof loader>()
  return <JobDetail viewer={viewer} job={job} attempts={attempts} log={log} panel={useOutlet()} />
}
