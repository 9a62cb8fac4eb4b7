import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { maxShaped } from './result-shape'
import { assertVisible } from './visible.server'

/** Results may be megabytes: they are read whole only where that is asked for, and then in slices. */

/** The longest result that comes along with its job or attempt, in bytes of UTF-8. */
export const maxInlineResult = 65_536

/** The result where it is short, else null. */
export const shortResult = (alias: string) =>
  `iif(octet_length(${alias}.result) <= ${maxInlineResult}, ${alias}.result, NULL)`

/** `result` where it is short, and `resultBytes`: columns of a job. */
export const inlineResult = (alias: string) =>
  `${shortResult(alias)} AS result, octet_length(${alias}.result) AS resultBytes`

/** The beginning of a job's result, the end of a long one, and `resultBytes`: what its page shows. */
export const shownResult = `substr(j.result, 1, ${maxShaped + 1}) AS result, octet_length(j.result) AS resultBytes,
    iif(octet_length(j.result) > ${maxShaped}, CAST(substr(CAST(j.result AS BLOB), -1000) AS TEXT), NULL) AS resultTail`

/** A slice takes a few milliseconds to read. */
const sliceBytes = 1_000_000

/**
 * The result of a job, or of one of its attempts, as stored.
 * @returns UTF-8 in slices
 * @throws {NotFound} also where there is no result
 */
export async function readResult(
  desk: Desk,
  actor: UserActor,
  id: string,
  attempt?: number,
): Promise<Uint8Array[]> {
  await assertVisible(desk, actor, id)
  const slices =
    attempt === undefined
      ? await readSlices(desk, 'version AS stamp FROM jobs WHERE id = :id', { id })
      : await readSlices(desk, '0 AS stamp FROM attempts WHERE jobId = :id AND number = :attempt', {
          id,
          attempt,
        })
  if (!slices) throw new NotFound('This result')
  return slices
}

interface Slice {
  slice: ArrayBuffer | null
  bytes: number
  /** Changes whenever the result may have changed. */
  stamp: number
}

/** @param of the rest of the statement that selects one row with `stamp` */
async function readSlices(
  desk: Desk,
  of: string,
  args: Record<string, string | number>,
): Promise<Uint8Array[] | null> {
  const sql = `SELECT substr(CAST(result AS BLOB), :from, ${sliceBytes}) AS slice, octet_length(result) AS bytes, ${of}`
  const slices: Uint8Array[] = []
  let first: Slice | undefined
  do {
    const row = await desk.db.first<Slice>(sql, { ...args, from: slices.length * sliceBytes + 1 })
    if (!row?.slice) return null
    first ??= row
    // it changed meanwhile
    if (row.stamp !== first.stamp) return readSlices(desk, of, args)
    slices.push(new Uint8Array(row.slice))
    await yieldToEventLoop()
  } while (slices.length * sliceBytes < first.bytes)
  return slices
}

/** Whether the text of a stored result, as read by `readResult`, is JSON. It may be from before that was checked. */
export async function isJsonResult(desk: Desk, id: string, attempt?: number): Promise<boolean> {
  const from =
    attempt === undefined ? 'jobs WHERE id = :id' : 'attempts WHERE jobId = :id AND number = :attempt'
  const row = await desk.db.first<{ isValid: number }>(`SELECT json_valid(result) AS isValid FROM ${from}`, {
    id,
    ...(attempt !== undefined && { attempt }),
  })
  return row?.isValid === 1
}
