import type { Desk } from '~/domain/desk'
import { cursorBefore, findJobRecord, type JobRecord } from '~/domain/jobs/queries.server'
import type { JobView, LogView } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import type { PageContext } from '~/http/page.server'
import { paths } from '~/paths'
import { type Excerpt, excerpt, type ResultExcerpt, resultExcerpt, shown } from '~/ui/excerpt'

type OfJob = Pick<PageContext<'user' | 'admin'>, 'desk' | 'actor' | 'params' | 'url'>

/** What is asked for about the job that an address names: the job's own page and a verb's beside it ask alike, and so read it once. */
export const askedOf = ({ desk, actor, params, url }: OfJob): [Desk, UserActor, string, string | null] => [
  ...([desk, actor, params.id as string, url.searchParams.get('log')] as const),
]

/** @throws {NotFound} */
export const readJob = (context: OfJob): Promise<JobRecord> => findJobRecord(...askedOf(context))

/** All that a page about one job shows. @throws {NotFound} */
export async function readJobPage(context: OfJob) {
  const { actor } = context
  const { job, origin, attempts, log: tail } = await readJob(context)
  // read from its end, shown as it happened
  const rows = tail.rows.reverse().map((row) => shownLog(job.id, row))
  const log = { rows, prevCursor: tail.nextCursor, nextCursor: tail.prevCursor }
  return { viewer: actor, job: shownJob(job), origin, attempts, log }
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
