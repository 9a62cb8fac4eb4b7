import type { Desk } from '~/domain/desk'
import { attemptSummaries, cursorBefore, findJob, jobLogs } from '~/domain/jobs/queries.server'
import type { JobView, LogView } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { paths } from '~/paths'
import { type Excerpt, excerpt, type ResultExcerpt, resultExcerpt, shown } from '~/ui/excerpt'

/**
 * All that a page about one job shows.
 * @param logCursor where its log is read from; the newest rows otherwise
 * @throws {NotFound}
 */
export async function readJobPage(desk: Desk, actor: UserActor, id: string, logCursor: string | null) {
  const [job, attempts, tail] = await Promise.all([
    findJob(desk, actor, id),
    attemptSummaries(desk, actor, id),
    jobLogs(desk, actor, id, { order: 'newest', cursor: logCursor }),
  ])
  // read from its end, shown as it happened
  const rows = tail.rows.reverse().map((row) => shownLog(id, row))
  const log = { rows, prevCursor: tail.nextCursor, nextCursor: tail.prevCursor }
  return { viewer: actor, job: shownJob(job), attempts, log }
}

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
