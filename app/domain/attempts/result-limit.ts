import type { Desk } from '../desk'

/** A libSQL server answers with 10 MB at most, in which a result may be escaped and come twice. */
const maxOnServer = 4_000_000

/** The most that an agent's result may have, in bytes of UTF-8. */
const resultLimit = ({ db, maxResultBytes = Number.POSITIVE_INFINITY }: Desk): number =>
  db.path === null ? Math.min(maxResultBytes, maxOnServer) : maxResultBytes

/** Why a result is refused; undefined where it is not too long. @param json the result as it would be stored */
export function tooLong(desk: Desk, json: string): string | undefined {
  const bytes = Buffer.byteLength(json)
  const limit = resultLimit(desk)
  if (bytes <= limit) return undefined
  return `The result has ${bytes.toLocaleString('en')} bytes; the limit is ${limit.toLocaleString('en')} bytes.`
}
