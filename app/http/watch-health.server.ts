import type { Desk } from '~/domain/desk'
import { Health } from './health.server'
import { logger } from './log.server'
import { logFailure, logRecovery } from './log-failure.server'

const everyMs = 1_000
/** A file database that stays broken so long (not merely full) is given up: a supervisor may start afresh. */
const giveUpAfterMs = 60_000

/** The database is asked every second (a file after a failure), so that readiness turns green by itself. */
export function watchHealth(db: Desk['db']) {
  const health = new Health({
    db,
    onFailure: (error) => logFailure('health', error),
    onWell: logRecovery,
  })
  let brokenSince: number | null = null
  setInterval(() => {
    if (db.lost() || db.version.isSuperseded) return
    void health.look().then((isWell) => {
      if (isWell) brokenSince = null
      else brokenSince ??= performance.now()
      if (db.path === null || brokenSince === null) return
      if (!db.brokenForGood || performance.now() - brokenSince < giveUpAfterMs) return
      logger().fatal('the database stays broken; ending so that a supervisor can start afresh')
      process.exit(1)
    })
  }, everyMs).unref()
}
