import { errorCodes, isUnavailable, NewerVersion } from '~db/errors'
import { logger } from './log.server'

/** A database that is away or full fails everything that is tried meanwhile. */
const everyMs = 60_000
let saidAt = Number.NEGATIVE_INFINITY
let unsaid = 0

/**
 * Logs what went wrong in the background or in a request. A database that takes no changes is one line a minute, however
 * much fails; anything else is an error with its stack.
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
  if (now - saidAt < everyMs) {
    unsaid++
    return
  }
  saidAt = now
  logger().warn({ codes: errorCodes(error), where, unsaid }, 'database unavailable')
  unsaid = 0
}
