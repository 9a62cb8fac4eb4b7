import { AsyncLocalStorage } from 'node:async_hooks'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client, ResultSet } from '@libsql/client'
import { DatabaseLost, isUnavailable, NewerVersion, OutcomeUnknown } from './errors'
import { wellFormed } from './well-formed'
import type { WriteUnit } from './write-unit'

/** The longest that an answer waits until reads show what was written, in milliseconds. */
const longestWaitMs = 2_000
const betweenLooksMs = 20

/**
 * The writes of one request. On a libSQL server reads may be answered by a replica that is some hundred milliseconds behind
 * them, so what the request reads after its first write comes from the primary.
 */
export class OwnWrites {
  /** The newest that a read can show. */
  #newest: { unit: WriteUnit; rows: ResultSet['rows'] } | null = null
  /** Whether something was changed. */
  isChanged = false
  /** Whether anything was sent: then another read than that of the newest rows may be from before it. */
  isSent = false

  note(unit: WriteUnit, written: Promise<ResultSet>) {
    written.then(
      ({ rows }) => {
        this.isSent = true
        if (!unit.repeatable && rows.length === 0) return
        this.isChanged = true
        if (unit.outcome ?? unit.result) this.#newest = { unit, rows }
      },
      () => {
        this.isSent = true
      },
    )
  }

  /** Whether an ordinary read shows the newest of the writes. */
  async isVisible(client: Client): Promise<boolean> {
    const { unit, rows } = this.#newest ?? {}
    const read = unit?.outcome ?? unit?.result
    if (!read) return true
    const seen = await client.execute(wellFormed(read))
    return unit?.outcome ? seen.rows.length > 0 : JSON.stringify(seen.rows) === JSON.stringify(rows)
  }
}

const current = new AsyncLocalStorage<OwnWrites>()

/** Of the request that asks; undefined outside of `readingOwnWrites`. */
export const ownWrites = (): OwnWrites | undefined => current.getStore()

/**
 * Does what changes something, and resolves when ordinary reads show it: the page or the request that follows must find
 * what was made.
 *
 * @param path the database file's, or null on a server
 * @throws {OutcomeUnknown} if the database went away after something was changed
 */
export async function readingOwnWrites<T>(
  { client, path }: { client: Client; path: string | null },
  work: () => Promise<T>,
): Promise<T> {
  const own = new OwnWrites()
  try {
    return await current.run(own, work)
  } catch (error) {
    const isAway = isUnavailable(error) && !(error instanceof DatabaseLost || error instanceof NewerVersion)
    throw isAway && own.isChanged ? new OutcomeUnknown({ cause: error }) : error
  } finally {
    if (path === null) await untilVisible(own, client)
  }
}

async function untilVisible(own: OwnWrites, client: Client) {
  const over = new AbortController()
  const look = async () => {
    while (!over.signal.aborted && !(await own.isVisible(client))) await wait(betweenLooksMs)
  }
  const longest = wait(longestWaitMs, undefined, over).catch(() => undefined)
  // it is written: a read that fails is no reason to say anything else
  await Promise.race([look().catch(() => undefined), longest])
  over.abort()
}
