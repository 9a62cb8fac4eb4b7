import { beginning } from '../beginning'
import { decodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { sizeOf, withLongColumns } from '../long-columns.server'
import type { UserActor } from '../policy'
import { portionsOf } from '../portions'
import { type Args, roughBeginning } from '../sql'
import type { LogOrder } from './log-filter'
import { maxInlineResult, shortResult } from './results.server'
import type { AttemptSummary, AttemptView, Page } from './view'
import { assertVisible } from './visible.server'

/** The attempts at a job, by keyset on their number. */

export interface AttemptQuery {
  cursor?: string | null
  /** 25 unless given. */
  limit?: number
  order?: LogOrder
}

type LongColumns = Pick<
  AttemptView,
  'number' | 'result' | 'error' | 'question' | 'answer' | 'feedback' | 'usage'
>

/**
 * A page of a job's attempts, each with its result where that is short.
 *
 * @param maxBytes of all results, also of those that are not short: at that the page ends early
 * @throws {NotFound}
 */
export async function jobAttempts(
  desk: Desk,
  actor: UserActor,
  id: string,
  query: AttemptQuery = {},
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Page<AttemptView>> {
  await assertVisible(desk, actor, id)
  const { sql, args, pageOf } = attemptPage(query)
  const read = await desk.db.all<Omit<AttemptView, keyof LongColumns> & { number: number; bytes: number }>(
    `SELECT t.id, t.number, t.agentId, a.name AS agentName, t.outcome, octet_length(t.result) AS resultBytes,
       t.startedAt, t.endedAt, ${sizeOf('t.error', 't.question', 't.answer', 't.feedback', 't.usage')}
         + iif(octet_length(t.result) <= ${maxInlineResult}, octet_length(t.result), 0) AS bytes
     FROM attempts t JOIN agents a ON a.id = t.agentId WHERE t.jobId = :id ${sql}`,
    { ...args, id },
  )
  const [fitting = []] = portionsOf(read, ({ resultBytes }) => resultBytes ?? 0, maxBytes)
  const page = pageOf(read, Math.min(fitting.length, query.limit ?? defaultLimit))
  const rows = await withLongColumns<LongColumns, (typeof read)[number], 'number'>(
    desk,
    page.rows,
    'number',
    `SELECT t.number, ${shortResult('t')} AS result, t.error, t.question, t.answer, t.feedback, t.usage
     FROM attempts t WHERE t.jobId = :id AND t.number IN (SELECT value FROM json_each(:keys))`,
    { id },
  )
  return { ...page, rows }
}

const defaultLimit = 25

/** The end of a statement over attempts `t` of one job, and what makes a page of its rows. */
export function attemptPage({ cursor: text, limit = defaultLimit, order = 'oldest' }: AttemptQuery) {
  const list = order === 'newest' ? 'attempts-newest' : 'attempts'
  const cursor = decodeCursor(list, text, ['number'])
  const ascending = (order === 'oldest') === (cursor?.direction !== 'prev')
  const args: Args = {
    attempts: limit + 1,
    ...(cursor && { attemptFrom: cursor.key[0] as number }),
  }
  return {
    sql: `${cursor ? `AND t.number ${ascending ? '>' : '<'} :attemptFrom` : ''}
      ORDER BY t.number ${ascending ? 'ASC' : 'DESC'} LIMIT :attempts`,
    args,
    /** @param shown how many of the rows: the next page begins after them */
    pageOf: <Row extends { number: number }>(read: Row[], shown = limit): Page<Row> =>
      pageOf(list, read, shown, cursor, ({ number }) => [number]),
  }
}

/** So many a page shows: the rest is a link away. */
export const mostAttempts = 20

/** The agents of so many of the newest attempts can be chosen where a log is narrowed. */
const mostAsked = 1000

export const attemptColumns = [
  ...([
    'id',
    'number',
    'agentId',
    'agentName',
    'outcome',
    'error',
    'question',
    'answer',
    'feedback',
  ] as const),
  ...(['usage', 'startedAt', 'endedAt', 'unsubmittedBytes'] as const),
] satisfies (keyof AttemptSummary)[]

/** The most of an earlier attempt's error that a page shows, in characters. */
const maxError = 500

/**
 * Attempts of a job `j` without the long texts: results may be megabytes, and a page reads this often.
 * @param which the end of it
 */
export const attemptsOf = (
  which: string,
) => `SELECT t.id, t.number, t.agentId, a.name AS agentName, t.outcome,
    iif(t.number = j.attemptCount, t.error, ${roughBeginning('t.error', maxError)}) AS error,
    iif(t.number = j.attemptCount, t.question, substr(t.question, 1, 300)) AS question,
    substr(t.answer, 1, 300) AS answer, substr(t.feedback, 1, 300) AS feedback,
    t.usage, t.startedAt, t.endedAt,
    iif(t.outcome <> 'SUBMITTED', octet_length(t.result), NULL) AS unsubmittedBytes
  FROM attempts t JOIN agents a ON a.id = t.agentId WHERE t.jobId = j.id ${which}`

/** @param text rows of `attemptsOf` @param newest the number of the job's newest attempt, whose error stays whole */
export const readAttempts = (text: string, newest: number): AttemptSummary[] =>
  (JSON.parse(text) as AttemptSummary[]).map((attempt) =>
    attempt.number === newest || attempt.error === null
      ? attempt
      : { ...attempt, error: beginning(attempt.error, maxError) },
  )

/** Who tried a job `j`: names by id as JSON text, each as often as it tried; reading it leaves one of each. */
export const triedBy = `(SELECT json_group_object(agentId, name) FROM (SELECT t.agentId, a.name FROM attempts t
  JOIN agents a ON a.id = t.agentId WHERE t.jobId = j.id ORDER BY t.number DESC LIMIT ${mostAsked}))`
