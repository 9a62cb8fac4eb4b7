import type { Desk } from '~/domain/desk'
import { Invalid, Throttled } from '~/domain/errors'
import type { FeedEntry, Followed } from '~/domain/jobs/feed.server'
import { assertJobsVisible, visibleJobs } from '~/domain/jobs/visible.server'
import type { UserActor } from '~/domain/policy'
import type { ListScope } from '~db/vocabulary'
import { stillWelcome } from './auth.server'
import { house } from './desk.server'
import { toJson } from './json-text'
import { presentLog } from './present'
import { streamCaching, streamed, whenAnswered } from './stream.server'

/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): log rows as they happen. */

/** So many at the same time a person. */
export const mostStreams = 20
/** A proxy in between takes a silent connection for a dead one. */
const heartbeatMs = 15_000
/** Who may no longer come in is sent away within 5 s. */
const checkMs = 3_000
/** A stream ends some time, and its client goes on with the next one. */
const lifeMs = 3_600_000
/** Milliseconds until a browser tries again. */
const retryMs = 1_000
/** A comment. What holds back the first 2 KB of an answer, and knows no `X-Accel-Buffering`, has them at once. */
const padding = `:${' '.repeat(2048)}\n`
/** So many jobs' lines a page can follow at once. */
const mostWatched = 20

const headers = { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': streamCaching }

interface Asked {
  request: Request
  url: URL
  desk: Desk
  actor: UserActor
}

/** The shape of an event for scripts: the row of `/api/jobs/:id/logs`, and the job that it is about. */
export const presentEntry = (row: FeedEntry) => ({
  ...presentLog(row),
  jobId: row.jobId,
  jobName: row.jobName,
  userId: row.ownerId,
})

/**
 * Every row of the jobs of a scope, or of one job.
 *
 * @throws {Invalid} a `Last-Event-ID` that is none
 * @throws {NotFound} a job that is not there, or not for the actor
 * @throws {Throttled} where the person has `mostStreams` open
 */
export async function everyRow(asked: Asked, scope: ListScope, jobId?: string): Promise<Response> {
  if (jobId !== undefined) await assertJobsVisible(asked.desk, asked.actor, [jobId])
  const followed: Followed =
    jobId !== undefined ? { jobId } : scope === 'own' ? { ownerId: asked.actor.id } : {}
  return events(asked, followed, { present: (row) => toJson(presentEntry(row)), begins: '' })
}

/**
 * What pages follow: what changes the jobs of a scope, and every row of the jobs that `?job=` names.
 *
 * @param present a row as JSON text
 * @throws {Invalid | Throttled} as above
 */
export async function turnsAndLines(
  asked: Asked,
  scope: ListScope,
  present: (row: FeedEntry) => string,
): Promise<Response> {
  const named = new Set(asked.url.searchParams.getAll('job'))
  if (named.size > mostWatched) {
    throw new Invalid({ job: [`At most ${mostWatched} jobs can be followed at once.`] })
  }
  // one stream serves several tabs: a job that has gone meanwhile takes nothing from the others
  const jobs = await visibleJobs(asked.desk, asked.actor, [...named])
  const ownerId = scope === 'own' ? asked.actor.id : undefined
  const isBeyond = jobs.some(({ userId }) => userId !== ownerId)
  const linesOf = new Set(jobs.map(({ id }) => id))
  // what a page hears first: where it begins, so that it knows what it has not heard
  return events(asked, { ownerId, linesOf, isBeyond }, { present, begins: 'event: head\n' })
}

interface Format {
  /** A row as JSON text. */
  present(row: FeedEntry): string
  /** The field before the first id, where its place is an event of its own. */
  begins: '' | 'event: head\n'
}

function events({ request, url, actor }: Asked, followed: Followed, format: Format): Response {
  const after = lastKnown(request, url)
  if (request.method === 'HEAD') return new Response(null, { headers })
  takePlace(actor.id)
  const over = new AbortController()
  const end = () => over.abort()
  const timers = [setTimeout(end, lifeMs), setInterval(sendAway, checkMs, stillWelcome(request, actor), end)]
  whenAnswered(() => {
    end()
    for (const timer of timers) clearTimeout(timer)
  })
  return streamed(written(followed, after, format, over.signal), headers, { atStop: end })
}

async function* written(
  followed: Followed,
  after: number | null,
  { present, begins }: Format,
  signal: AbortSignal,
) {
  let begun = false
  for await (const { rows, seq } of house().feed.follow(followed, { after, quietMs: heartbeatMs, signal })) {
    // an id without data is no event, but where a client that is cut off goes on from
    if (!begun) yield `${padding}retry: ${retryMs}\n${begins}id: ${seq}\n${begins && `data: ${seq}\n`}\n`
    else if (rows.length === 0) yield `: still here\nid: ${seq}\n\n`
    else yield rows.map((row) => `id: ${row.seq}\ndata: ${present(row)}\n\n`).join('')
    begun = true
  }
}

/** A database that can't be asked just now tells of nobody: the client comes back and is asked who it is. */
const sendAway = (isWelcome: () => Promise<boolean>, end: () => void) =>
  void isWelcome().then(
    (welcome) => welcome || end(),
    () => end(),
  )

/** The header that browsers send by themselves when they come back, or the same in the address of a first request. */
function lastKnown(request: Request, url: URL): number | null {
  const given = request.headers.get('last-event-id') || url.searchParams.get('after') || null
  if (given === null) return null
  if (/^\d{1,15}$/.test(given)) return Number(given)
  throw new Invalid({ lastEventId: ['Last-Event-ID is the id of an event: a whole number.'] })
}

const open = new Map<string, number>()

function takePlace(actorId: string) {
  const others = open.get(actorId) ?? 0
  if (others >= mostStreams) {
    throw new Throttled(`You have ${mostStreams} event streams open. Close one first.`, 10)
  }
  open.set(actorId, others + 1)
  whenAnswered(() => {
    const left = (open.get(actorId) ?? 1) - 1
    if (left > 0) open.set(actorId, left)
    else open.delete(actorId)
  })
}
