import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { InValue } from '@libsql/client'
import type { Desk } from './desk'
import { portionsOf } from './portions'

/** The most that one request reads of long texts, in bytes; a longer row comes alone. A server answers 10 MB at most. */
export const bytesAtOnce = 1_000_000

/** SQL for the size of columns in bytes. SQLite knows it without reading them. */
export const sizeOf = (...columns: string[]): string =>
  columns.map((column) => `coalesce(octet_length(${column}), 0)`).join(' + ')

/**
 * Reads the long columns of rows whose sizes are known, a limited number of bytes at a time.
 *
 * @param rows without the long columns, each with their size in bytes, as `sizeOf` gives it
 * @param key what tells the rows apart
 * @param sql selects the key and the long columns of the rows whose key is in `(SELECT value FROM json_each(:keys))`
 * @returns whole rows in their order; one that has gone meanwhile is left out
 */
export async function withLongColumns<
  Long extends object,
  Row extends { bytes: number },
  Key extends keyof Row & keyof Long,
>(
  desk: Desk,
  rows: Row[],
  key: Key,
  sql: string,
  args: Record<string, InValue> = {},
): Promise<(Omit<Row, 'bytes'> & Long)[]> {
  const whole: (Omit<Row, 'bytes'> & Long)[] = []
  for (const portion of portionsOf(rows, ({ bytes }) => bytes, bytesAtOnce)) {
    const keys = JSON.stringify(portion.map((row) => row[key]))
    const found = await desk.db.all<Long>(sql, { ...args, keys })
    const byKey = new Map<unknown, Long>(found.map((long) => [long[key], long]))
    for (const row of portion) {
      const long = byKey.get(row[key])
      const { bytes: _, ...light } = row
      if (long) whole.push({ ...light, ...long })
    }
    await yieldToEventLoop()
  }
  return whole
}
