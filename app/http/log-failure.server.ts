import { type DatabaseFailure, isUnavailable, NewerVersion, readError } from '~db/errors'
import { logger } from './log.server'

/** Between lines about outages, in milliseconds; the first of each is later where the database comes and goes. */
const everyMs = 60_000
/**
 * An outage is over when the database works and nothing has failed for so long: what fails now and then is one outage. A
 * request fails 12 seconds after it was sent at the latest.
 */
const quietMs = 15_000

interface Outage extends Pick<DatabaseFailure, 'kind' | 'code'> {
  since: number
  /** Whether there is a line about it. */
  isSaid: boolean
  failedAt: number
  /** What failed since the last line. */
  failures: number
}

let outage: Outage | null = null
/** When the last line about an outage was written. */
let saidAt = Number.NEGATIVE_INFINITY
let database = 'database'

/** @param name the host of a server or the path of a file, never a URL, which may hold a token */
export function nameDatabase(name: string) {
  database = name
}

/**
 * Logs what went wrong in the background or in a request. A database that is unavailable is one line when that begins, one a
 * minute while it lasts, and one when it is over (`logRecovery`), however much fails; anything else is an error with its stack.
 *
 * @param where the part of Docket, such as `dispatcher`
 */
export function logFailure(where: string, error: unknown): void {
  // it is said once, when it is found
  if (error instanceof NewerVersion) return
  if (!isUnavailable(error)) {
    logger().error({ error: error instanceof Error ? error.stack : error }, where)
    return
  }
  const now = performance.now()
  const { kind, code } = readError(error)
  outage ??= { kind, code, since: now, isSaid: false, failedAt: now, failures: 0 }
  // a request that is refused because the outage is known says nothing of its cause
  if (kind !== 'unknown') Object.assign(outage, { kind, code })
  outage.failedAt = now
  outage.failures++
  if (now - saidAt < everyMs) return
  const { since, isSaid, failures } = outage
  const line = { database, kind: outage.kind, code: outage.code, where }
  if (isSaid)
    logger().warn({ ...line, seconds: seconds(now - since), failures }, 'the database is still unavailable')
  else logger().warn(line, 'the database is unavailable')
  saidAt = now
  Object.assign(outage, { isSaid: true, failures: 0 })
}

/** Called now and then while the database works: says how long an outage took that is over. */
export function logRecovery(): void {
  if (outage === null || performance.now() - outage.failedAt < quietMs) return
  if (outage.isSaid) {
    logger().info(
      { database, seconds: seconds(outage.failedAt - outage.since) },
      'the database is available again',
    )
    saidAt = performance.now()
  }
  outage = null
}

const seconds = (ms: number) => Math.round(ms / 1000)
