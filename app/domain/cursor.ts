import { Buffer } from 'node:buffer'
import { Invalid } from './errors'

/** The lists there are: a cursor of one is none of another, whose keys mean something else. */
export type ListName =
  | 'own-jobs'
  | 'all-jobs'
  | 'log'
  | 'log-newest'
  | 'attempts'
  | 'attempts-newest'
  | 'users'
  | 'users-by-email'
  | 'audit'
  | 'own-batches'
  | 'all-batches'
  | 'batch-items'
  | 'schedules'
  | 'all-schedules'
  | 'failing-schedules'
  | 'all-failing-schedules'

/** A place in a keyset list: the last key seen, and which way to go on. Opaque to whoever holds it. */
export interface Cursor {
  key: (string | number)[]
  direction: 'next' | 'prev'
}

export function encodeCursor(list: ListName, { key, direction }: Cursor): string {
  return Buffer.from(JSON.stringify([list, direction === 'next' ? 'n' : 'p', ...key])).toString('base64url')
}

/** @throws {Invalid} on `cursor` where the text is not one that this list gave out */
export function decodeCursor(
  list: ListName,
  text: string | null | undefined,
  types: ('string' | 'number')[],
): Cursor | null {
  if (!text) return null
  try {
    const [name, direction, ...key] = JSON.parse(Buffer.from(text, 'base64url').toString()) as (
      | string
      | number
    )[]
    const fits =
      name === list &&
      key.length === types.length &&
      key.every(
        (each, at) => typeof each === types[at] && (typeof each === 'string' || Number.isSafeInteger(each)),
      )
    if (fits && (direction === 'n' || direction === 'p')) {
      return { key, direction: direction === 'n' ? 'next' : 'prev' }
    }
  } catch {
    // falls through to the refusal
  }
  throw new Invalid({ cursor: ['This is not a cursor that this list gave out.'] })
}

/**
 * Makes a page of rows read one past its limit, in the order they were read in.
 *
 * @param keyOf the keyset columns of a row
 */
export function pageOf<Row>(
  list: ListName,
  read: Row[],
  limit: number,
  cursor: Cursor | null,
  keyOf: (row: Row) => Cursor['key'],
) {
  const backwards = cursor?.direction === 'prev'
  const more = read.length > limit
  const rows = read.slice(0, limit)
  if (backwards) rows.reverse()
  const first = rows[0]
  const last = rows.at(-1)
  const hasNext = backwards ? last !== undefined : more
  const hasPrev = backwards ? more : cursor !== null
  return {
    rows,
    nextCursor: hasNext && last ? encodeCursor(list, { key: keyOf(last), direction: 'next' }) : null,
    prevCursor: hasPrev && first ? encodeCursor(list, { key: keyOf(first), direction: 'prev' }) : null,
  }
}
