import type { Desk } from '~/domain/desk'
import { NewerVersion } from '~db/errors'
import { house } from './desk.server'
import { logger } from './log.server'
import { endStreams } from './stream.server'

/** Between looks for a newer version, in milliseconds. A migration gives other processes twice as long to notice it. */
const lookMs = 1_000

/** @throws {NewerVersion} where a newer version works on the database: no request is answered any more */
export function assertCurrentVersion() {
  if (house().desk.db.version.isSuperseded) throw new NewerVersion()
}

/**
 * A newer version has changed the shared database, or is about to: jobs are given back, and every request is answered
 * that it has taken over. The process stays, for whoever supervises it to end.
 *
 * @param loops what works on the database in the background
 */
export function stopWhenSuperseded({ version }: Desk['db'], loops: { stop(): Promise<void> }[]) {
  version.onSuperseded(() => {
    clearInterval(watch)
    logger().warn(
      'A newer version of Docket has taken over this database. This process gives back what it runs and answers 503 from now on; stop it, or update it',
    )
    endStreams()
    void Promise.allSettled(loops.map((each) => each.stop())).then(() => version.close())
  })
  // what the database refuses meanwhile has a line of its own
  let isLooking = false
  const look = async () => {
    if (isLooking) return
    isLooking = true
    await version.look().catch(() => undefined)
    isLooking = false
  }
  const watch = setInterval(() => void look(), lookMs).unref()
}
