import { mostOfPayload } from '../beginning'
import { decodeCursor, encodeCursor, pageOf } from '../cursor'
import { type Args, jsonRows, roughBeginning } from '../sql'
import { isFiltered, kindsOf, type LogFilter, type LogOrder } from './log-filter'
import { logWalk } from './log-walk.server'
import { saysWhatWentWrong } from './turns.server'
import type { LogPage, LogView, PayloadBeginning } from './view'

/** How a page of a job's log is read: by keyset on its number. */

export interface LogQuery {
  cursor?: string | null
  limit?: number
  /** `oldest` first, as it happened; `newest` first for the tail. */
  order?: LogOrder
  filter?: LogFilter
}

/** Of a filtered log a page looks at so many rows at the most; then it says how far it looked. */
export const mostLookedAt = 2000

export const logColumns = [
  ...(['seq', 'id', 'number', 'kind', 'status', 'message', 'requestPayload', 'responsePayload'] as const),
  ...(['actorKind', 'actorId', 'actorName', 'agentId', 'attempt', 'version', 'createdAt'] as const),
] satisfies (keyof LogView)[]

/** The statement for a page of the log of the job `:id`, and what makes a page of its rows. */
export function logPage(query: LogQuery) {
  const { limit = 50, filter = {} } = query
  const list = query.order === 'newest' ? 'log-newest' : 'log'
  const cursor = decodeCursor(list, query.cursor, ['number'])
  const ascending = (query.order !== 'newest') === (cursor?.direction !== 'prev')
  const way = ascending ? 'ASC' : 'DESC'
  const from = (alias: string) => (cursor ? `AND ${alias}.number ${ascending ? '>' : '<'} :number` : '')
  const narrowed = isFiltered(filter)
  const walked = (limit: string) => logWalk(filter, { ascending, isBegun: cursor !== null, limit })
  const kinds = kindsOf(filter)
  const asked = [
    kinds && 'l.kind IN (SELECT value FROM json_each(:kinds))',
    filter.kind === 'errors' && saysWhatWentWrong('l'),
    filter.agent !== undefined && 'l.agentId = :agent',
    filter.attempt !== undefined && 'l.attempt = :attempt',
  ].filter(Boolean)
  const rows = narrowed
    ? `FROM (${walked(':most')}) w CROSS JOIN job_logs l ON l.seq = w.seq`
    : 'FROM job_logs l'
  const where = narrowed ? `WHERE ${asked.join(' AND ')}` : `WHERE l.jobId = :id ${from('l')}`
  const sql = `SELECT l.seq, l.id, l.number, l.kind, l.status, l.message, l.requestPayload, l.responsePayload, l.actorKind,
      l.actorId, coalesce(u.name, a.name) AS actorName, l.agentId, l.attempt, l.version, l.createdAt
    ${rows}
    LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
    LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
    ${where} ${narrowed ? '' : `ORDER BY l.number ${way}`} LIMIT :limit`
  const args: Args = {
    limit: limit + 1,
    ...(cursor && { number: cursor.key[0] as number }),
    ...(narrowed && { most: mostLookedAt }),
    ...(kinds && { kinds: JSON.stringify(kinds) }),
    ...(filter.agent !== undefined && { agent: filter.agent }),
    ...(filter.attempt !== undefined && { attempt: filter.attempt }),
  }
  return {
    sql,
    args,
    /** The last row that was looked at where there may be more behind it, else null; a value in a larger statement. */
    lookedTo: narrowed ? `(SELECT w.number FROM (${walked('1 OFFSET :most - 1')}) w)` : 'NULL',
    pageOf<Row extends { number: number }>(read: Row[], lookedTo: number | null): LogPage<Row> {
      // what was narrowed comes in no order that SQL promises
      read.sort((a, b) => (ascending ? a.number - b.number : b.number - a.number))
      const page = pageOf(list, read, limit, cursor, (log) => [log.number])
      // nothing found is no end of the log: the way back begins where this page began
      if (cursor && read.length === 0) {
        const key = [(cursor.key[0] as number) + (ascending ? 1 : -1)]
        if (cursor.direction === 'next') page.prevCursor = encodeCursor(list, { key, direction: 'prev' })
        else page.nextCursor = encodeCursor(list, { key, direction: 'next' })
      }
      const isAtStart = !ascending && lookedTo === 1
      if (read.length > limit || lookedTo === null || isAtStart) return { ...page, lookedTo: null }
      // what is behind the bound is a page away, in the way it was read
      const further = (direction: 'next' | 'prev') => encodeCursor(list, { key: [lookedTo], direction })
      return cursor?.direction === 'prev'
        ? { ...page, prevCursor: further('prev'), lookedTo }
        : { ...page, nextCursor: further('next'), lookedTo }
    },
  }
}

const payloads = ['requestPayload', 'responsePayload'] as const
const isPayload = (column: string) => payloads.some((each) => each === column)

const begunColumns = [
  ...logColumns,
  ...payloads.flatMap((name) => [`${name}Length`, `${name}Redacted`] as const),
]

/** The rows of `logPage` with the beginnings of their payloads, as one JSON text: whole, they may be more than fits into one. */
export const logBeginnings = (sql: string) =>
  jsonRows(
    begunColumns,
    `SELECT ${logColumns.filter((name) => !isPayload(name)).join(', ')}, ${payloads.map(begun).join(', ')} FROM (${sql})`,
  )

const begun = (
  name: string,
) => `${roughBeginning(name, mostOfPayload)} AS ${name}, length(${name}) AS ${name}Length,
  instr(${name}, '[redacted]') AS ${name}Redacted`

type Payload = (typeof payloads)[number]
/** A row of `logBeginnings`. */
export type BegunRow = LogView & Record<`${Payload}Length` | `${Payload}Redacted`, number | null>

export function readBegun(row: BegunRow): LogView<PayloadBeginning> {
  const {
    requestPayloadLength,
    requestPayloadRedacted,
    responsePayloadLength,
    responsePayloadRedacted,
    ...rest
  } = row
  return {
    ...rest,
    requestPayload: payloadBeginning(row.requestPayload, requestPayloadLength, requestPayloadRedacted),
    responsePayload: payloadBeginning(row.responsePayload, responsePayloadLength, responsePayloadRedacted),
  }
}

const payloadBeginning = (json: string | null, length: number | null, redacted: number | null) =>
  json === null
    ? null
    : { json, characters: length ?? json.length, isRedacted: redacted !== null && redacted > 0 }
