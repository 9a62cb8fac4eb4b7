import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { LoaderFunctionArgs } from '@remix-run/node'
import type { Desk } from '~/domain/desk'
import { Invalid, Throttled } from '~/domain/errors'
import { type ExportedJob, exportJobs } from '~/domain/jobs/export.server'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { lookup } from '~/domain/lookup'
import type { UserActor } from '~/domain/policy'
import { localDay } from '~/domain/zones/clock'
import { listPlace } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { csvLines, csvLineWithLongCell, maxCell } from './csv.server'
import { wholeResult } from './job-answer.server'
import { type JsonPart, jsonParts, RawJson, storedJson } from './json-text'
import { contextFor, type Rule } from './page.server'
import { presentJob } from './present'
import { assertParameters } from './query-parameters'
import { refusalOf } from './respond.server'
import { streamCaching, streamed, whenAnswered } from './stream.server'

/** So many at the same time a person: each keeps the database at work. */
const mostAtOnce = 2

const running = new Map<string, number>()

type Result = ReturnType<typeof storedJson>

interface Asked {
  request: Request
  url: URL
  desk: Desk
  actor: UserActor
  timeZone: string
}

/**
 * A list of jobs as a file, streamed: `format=csv` (RFC 4180, UTF-8 with a byte order mark, formulas defused) or
 * `format=ndjson`, and the list's own filter. Newest first, whatever the list's order.
 *
 * @throws {Invalid} an unknown format, or a filter that is not understood
 * @throws {Throttled} where the person has two under way
 */
export async function exportAnswer({ request, url, desk, actor, timeZone }: Asked, scope: ListScope) {
  const { cursor: _, ...asked } = listPlace(url.search)
  const format = lookup(formats, url.searchParams.get('format'))
  const { filter, errors } = await readJobFilter(desk, actor, scope, asked, timeZone)
  const problems = format ? errors : { ...errors, format: ['The format is csv or ndjson.'] }
  if (!format || Object.keys(problems).length > 0) {
    throw new Invalid(problems, Object.values(problems).flat().join(' '))
  }
  const file = `docket-jobs-${localDay(desk.now(), timeZone)}.${format.extension}`
  const headers = {
    'Content-Type': format.type,
    'Content-Disposition': `attachment; filename="${file}"`,
    'Cache-Control': streamCaching,
  }
  if (request.method === 'HEAD') return new Response(null, { headers })
  takePlace(actor.id)
  return streamed(written({ desk, actor }, exportJobs(desk, actor, { scope, filter }), format), headers)
}

/** The same to a link on a page: what is refused is said in plain text. */
export const fileLoader =
  (rule: Exclude<Rule, 'anyone'>, scope: ListScope) => async (args: LoaderFunctionArgs) => {
    try {
      const context = await contextFor(rule, args)
      assertParameters(context.url)
      return await exportAnswer(context, scope)
    } catch (error) {
      if (error instanceof Response) throw error
      const { status, message, headers, reference } = refusalOf(error)
      return new Response(`${message}${reference ? ` Reference: ${reference}.` : ''}\n`, {
        status,
        headers: { ...headers, 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' },
      })
    }
  }

function takePlace(actorId: string) {
  const others = running.get(actorId) ?? 0
  if (others >= mostAtOnce) {
    throw new Throttled(`You have ${mostAtOnce} exports under way. Wait until one is through.`, 10)
  }
  running.set(actorId, others + 1)
  whenAnswered(() => {
    const left = (running.get(actorId) ?? 1) - 1
    if (left > 0) running.set(actorId, left)
    else running.delete(actorId)
  })
}

/** A job with its results as JSON text, however long. */
type Whole = ExportedJob & { stored: Result; unsubmitted: Result }

interface Format {
  extension: string
  type: string
  head: string
  lines(jobs: Whole[]): Iterable<JsonPart>
}

async function* written(
  { desk, actor }: Pick<Asked, 'desk' | 'actor'>,
  jobs: AsyncIterable<ExportedJob[]>,
  { head, lines }: Format,
) {
  if (head) yield head
  for await (const few of jobs) {
    const whole: Whole[] = []
    for (const job of few) whole.push(await withResults(desk, actor, job))
    for (const part of lines(whole)) {
      yield part
      await yieldToEventLoop()
    }
  }
}

async function withResults(desk: Desk, actor: UserActor, job: ExportedJob): Promise<Whole> {
  const { id, result, resultBytes, unsubmittedResult, unsubmittedAttempt } = job
  const isLong = resultBytes !== null && result === null
  const isLongUnsubmitted = unsubmittedAttempt !== null && unsubmittedResult === null
  return {
    ...job,
    stored: isLong ? await wholeResult(desk, actor, id) : storedJson(result),
    unsubmitted: isLongUnsubmitted
      ? await wholeResult(desk, actor, id, unsubmittedAttempt)
      : storedJson(unsubmittedResult),
  }
}

/** The same job as GET answers with, but for why it waits. */
function ndjsonLine({ stored, unsubmitted, ...job }: Whole): JsonPart[] {
  const { waitingFor: _, ...presented } = presentJob({ ...job, waitingFor: null }, stored)
  return [...jsonParts({ ...presented, unsubmittedResult: unsubmitted }), '\n']
}

const iso = (at: number | null) => (at === null ? '' : new Date(at).toISOString())

const columns: Record<string, (job: Whole) => string> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  status: ({ status }) => status,
  priority: ({ priority }) => String(priority),
  owner: ({ ownerEmail }) => ownerEmail,
  agent: ({ agentName }) => agentName ?? '',
  attempts: ({ attemptCount }) => String(attemptCount),
  tags: ({ tags }) => tags.join(' '),
  metadata: ({ metadata }) => (Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : ''),
  createdAt: ({ createdAt }) => iso(createdAt),
  updatedAt: ({ updatedAt }) => iso(updatedAt),
  closedAt: ({ closedAt }) => iso(closedAt),
  description: ({ description }) => description,
  acceptanceCriteria: ({ acceptanceCriteria }) => acceptanceCriteria,
}

/** A text as it is, anything else as the JSON that it is, with every digit. */
function resultWords(stored: Result): string {
  if (!(stored instanceof RawJson)) return stored ?? ''
  const json = stored.parts.every((part) => typeof part === 'string')
    ? stored.parts.join('')
    : Buffer.concat(stored.parts.map((part) => Buffer.from(part))).toString()
  return json.startsWith('"') ? (JSON.parse(json) as string) : json
}

/** Lines of CSV. A job has one of the two results at most. */
function* csvJobs(jobs: Whole[]): Generator<string, void> {
  let lines = ''
  for (const job of jobs) {
    const cells = Object.values(columns).map((column) => column(job))
    const [result, unsubmitted] = [resultWords(job.stored), resultWords(job.unsubmitted)]
    if (result.length + unsubmitted.length <= maxCell) {
      lines += csvLines([[...cells, result, unsubmitted]])
      continue
    }
    if (lines) yield lines
    lines = ''
    if (result) yield* csvLineWithLongCell(cells, result, [unsubmitted])
    else yield* csvLineWithLongCell([...cells, result], unsubmitted)
  }
  if (lines) yield lines
}

const formats: Record<string, Format> = {
  csv: {
    extension: 'csv',
    type: 'text/csv; charset=utf-8; header=present',
    // without its mark spreadsheets take UTF-8 for something else
    head: `\ufeff${csvLines([[...Object.keys(columns), 'result', 'unsubmittedResult']])}`,
    lines: csvJobs,
  },
  ndjson: {
    extension: 'ndjson',
    type: 'application/x-ndjson; charset=utf-8',
    head: '',
    lines: (jobs) => jsonParts(new RawJson(jobs.flatMap(ndjsonLine))),
  },
}
