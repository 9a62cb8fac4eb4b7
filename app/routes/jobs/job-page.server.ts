import { data } from '@remix-run/node'
import type { Desk } from '~/domain/desk'
import { readLogFilter } from '~/domain/jobs/log-filter'
import { cursorBefore, findJobRecord, type JobRecord, type LogAsked } from '~/domain/jobs/queries.server'
import { timelineOf } from '~/domain/jobs/timeline'
import type { JobView, LogView } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import type { PageContext } from '~/http/page.server'
import { paths } from '~/paths'
import { type Excerpt, excerpt, type ResultExcerpt, resultExcerpt, shown } from '~/ui/excerpt'
import type { ShownLog } from '~/ui/live-job'

type OfJob = Pick<PageContext<'user' | 'admin'>, 'desk' | 'actor' | 'params' | 'url'>

/** What is asked for about the job that an address names: the job's own page and a verb's beside it ask alike, and so read it once. */
export const askedOf = ({ desk, actor, params, url }: OfJob): [Desk, UserActor, string, LogAsked] => [
  ...([desk, actor, params.id as string] as const),
  { cursor: url.searchParams.get('log'), filter: filterOf(url).filter },
]

const filterOf = ({ searchParams }: URL) =>
  readLogFilter({
    kind: searchParams.get('logKind'),
    agent: searchParams.get('logAgent'),
    attempt: searchParams.get('logAttempt'),
  })

/** @throws {NotFound} */
export const readJob = (context: OfJob): Promise<JobRecord> => findJobRecord(...askedOf(context))

/** All that a page about one job shows; 422 where its address asks for a log that there can't be. @throws {NotFound} */
export async function readJobPage(context: OfJob) {
  const { actor, desk, url } = context
  const { job, origin, attempts, log: tail, turns, newestError } = await readJob(context)
  const { filter, errors } = filterOf(url)
  // read from its end, shown as it happened
  const rows = tail.rows.reverse().map((row) => shownLog(job.id, row))
  const log: ShownLog = {
    ...{ rows, prevCursor: tail.nextCursor, nextCursor: tail.prevCursor, lookedTo: tail.lookedTo },
    ...{ filter, errors, newestError },
  }
  const page = {
    ...{ viewer: actor, job: shownJob(job), origin, attempts, log, turns },
    timeline: timelineOf(turns, attempts, desk.now()),
  }
  return data(page, { status: Object.keys(errors).length > 0 ? 422 : 200 })
}

/** A result may be megabytes, and an open job's page is read every two seconds. */
const shownJob = (job: JobView): JobView<ResultExcerpt> => ({
  ...job,
  result: job.result === null ? null : resultExcerpt(job.result, paths.api.job(job.id)),
})

export function shownLog(jobId: string, row: LogView): LogView<Excerpt> {
  const whole = paths.api.jobLog(jobId, cursorBefore(row))
  const part = (payload: string | null) => (payload === null ? null : excerpt(payload, shown.payload, whole))
  return { ...row, requestPayload: part(row.requestPayload), responsePayload: part(row.responsePayload) }
}
