import { isUnavailable, NewerVersion, readError } from '~db/errors'
import { logger } from './log.server'

/** Between lines about one outage, in milliseconds. */
const everyMs = 60_000
/** An outage is over when the database works and nothing has failed for so long: what fails now and then is one outage. */
const quietMs = 2_000

interface Outage {
  since: number
  /** When a line was last written. */
  saidAt: number
  failedAt: number
  /** What failed since that line. */
  failures: number
}

let outage: Outage | null = null
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
  const line = { database, kind, code, where }
  if (outage === null) {
    outage = { since: now, saidAt: now, failedAt: now, failures: 0 }
    logger().warn(line, 'the database is unavailable')
    return
  }
  outage.failedAt = now
  outage.failures++
  if (now - outage.saidAt < everyMs) return
  const { since, failures } = outage
  logger().warn({ ...line, seconds: seconds(now - since), failures }, 'the database is still unavailable')
  outage.saidAt = now
  outage.failures = 0
}

/** Called now and then while the database works: says how long an outage took that is over. */
export function logRecovery(): void {
  if (outage === null || performance.now() - outage.failedAt < quietMs) return
  logger().info(
    { database, seconds: seconds(outage.failedAt - outage.since) },
    'the database is available again',
  )
  outage = null
}

const seconds = (ms: number) => Math.round(ms / 1000)
