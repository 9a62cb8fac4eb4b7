import { data } from '@remix-run/node'
import type { Desk } from '~/domain/desk'
import { readLogFilter } from '~/domain/jobs/log-filter'
import { findJobRecord, type JobRecord, type LogAsked } from '~/domain/jobs/queries.server'
import { undoable } from '~/domain/jobs/undo.server'
import type { JobView, LogView, PayloadBeginning } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { wellFormedJson } from '~/domain/well-formed'
import type { PageContext } from '~/http/page.server'
import { apiPaths } from '~/paths'
import { type Excerpt, excerpt, shown } from '~/ui/excerpt'
import type { ShownLog } from '~/ui/live-job'
import type { ShownResult } from '~/ui/shown-result'
import { drawnTimeline } from './drawn-timeline.server'
import { shownAttempts } from './shown-attempts.server'
import { closed, shownResult } from './shown-result.server'

type OfJob = Pick<PageContext<'user' | 'admin'>, 'desk' | 'actor' | 'params' | 'url'>

/** What is asked for about the job that an address names: the job's own page and a verb's beside it ask alike, and so read it once. */
export const askedOf = ({ desk, actor, params, url }: OfJob): [Desk, UserActor, string, LogAsked] => [
  ...([desk, actor, params.id as string] as const),
  {
    cursor: url.searchParams.get('log'),
    filter: filterOf(url).filter,
    attempts: url.searchParams.get('attempts'),
  },
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
export async function readJobPage(context: OfJob & Pick<PageContext<'user' | 'admin'>, 'session'>) {
  const { actor, desk, url, session } = context
  const { job, resultTail, log: tail, life, turns, newestError, ...read } = await readJob(context)
  const { filter, errors } = filterOf(url)
  // read from its end, shown as it happened
  const rows = tail.rows.reverse().map((row) => shownLog(job.id, row))
  const log: ShownLog = {
    ...{ rows, prevCursor: tail.nextCursor, nextCursor: tail.prevCursor, lookedTo: tail.lookedTo },
    ...{ filter, errors, newestError },
  }
  const page = {
    ...{ viewer: actor, job: shownJob(job, resultTail), log, ...read },
    attemptPage: shownAttempts(read.attemptPage),
    lastTurn: turns.at(-1),
    undo: undoable(actor, turns),
    timeline: drawnTimeline(
      { jobId: job.id, life, turns, attempts: read.attempts },
      { url, settings: session.settings, now: desk.now() },
    ),
  }
  return data(page, { status: Object.keys(errors).length > 0 ? 422 : 200 })
}

const shownJob = (job: JobView, tail: string | null): JobView<ShownResult> => ({
  ...job,
  result:
    job.result === null || job.resultBytes === null
      ? null
      : shownResult(job.id, {
          ...{ json: job.result, bytes: job.resultBytes },
          tail: Buffer.byteLength(job.result) < job.resultBytes ? tail : null,
        }),
})

/** @param row with its payloads, or their beginnings */
export function shownLog(jobId: string, row: LogView<string | PayloadBeginning>): LogView<Excerpt> {
  const part = (payload: string | PayloadBeginning | null, name: 'request' | 'response') =>
    payload === null ? null : payloadExcerpt(payload, apiPaths.payload(jobId, row.number, name))
  return {
    ...row,
    requestPayload: part(row.requestPayload, 'request'),
    responsePayload: part(row.responsePayload, 'response'),
  }
}

function payloadExcerpt(payload: string | PayloadBeginning, whole: string): Excerpt {
  if (typeof payload === 'string') return excerpt(wellFormedJson(payload), shown.payload, whole)
  const { json, characters, isRedacted } = payload
  if (characters <= json.length) return excerpt(wellFormedJson(json), shown.payload, whole)
  return { ...excerpt(wellFormedJson(closed(json)), shown.payload, whole), cut: true, characters, isRedacted }
}
