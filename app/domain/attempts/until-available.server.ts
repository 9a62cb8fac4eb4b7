import { setTimeout as wait } from 'node:timers/promises'
import { DatabaseLost, isUnavailable } from '~db/errors'

const everyMs = 500
const patienceMs = 60_000

/**
 * An agent's work is not thrown away because the disk is full for a moment: what it hands in is tried again while the
 * database refuses everything, up to a minute. Whether the attempt still holds the job is decided when it is written.
 */
export async function untilAvailable<T>(write: () => Promise<T>): Promise<T> {
  for (let waited = 0; ; waited += everyMs) {
    try {
      return await write()
    } catch (error) {
      if (!isUnavailable(error) || error instanceof DatabaseLost || waited >= patienceMs) throw error
      await wait(everyMs)
    }
  }
}
