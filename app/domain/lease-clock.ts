import type { Database } from '~db/client.server'
import type { Desk, LeaseClock } from './desk'

/** One process owns a file, so its own monotonic clock will do: the wall time at the start plus what has passed since. */
export function monotonicClock(
  now = () => Math.round(performance.timeOrigin + performance.now()),
): LeaseClock {
  return { sql: ':leaseNow', args: () => ({ leaseNow: now() }), read: async () => now(), now }
}

/** Several processes share a server, so its clock decides for all of them. */
function serverClock(db: Database): LeaseClock {
  const sql = "CAST(round(unixepoch('now', 'subsec') * 1000) AS INTEGER)"
  /** Server time minus the monotonic time of this process; null before the first reading. */
  let ahead: number | null = null
  return {
    sql,
    args: () => ({}),
    async read() {
      const { at } = (await db.first<{ at: number }>(`SELECT ${sql} AS at`)) as { at: number }
      ahead = at - performance.now()
      return at
    },
    now: () => (ahead === null ? Date.now() : Math.round(performance.now() + ahead)),
  }
}

const clocks = new WeakMap<Database, LeaseClock>()

/** The lease clock of a desk: its own where a test or the demo gives it one, otherwise that of its database. */
export function leaseClockOf({ db, leaseClock }: Desk): LeaseClock {
  if (leaseClock) return leaseClock
  const clock = clocks.get(db) ?? (db.path === null ? serverClock(db) : monotonicClock())
  clocks.set(db, clock)
  return clock
}

/**
 * The wall time at which a lease ends, for people to read. Whole seconds between the two clocks count as a jump, less as
 * imprecision, so that a page read twice shows the same time.
 */
export function wallTimeOf(desk: Desk, leaseTime: number): number {
  const jumpedMs = Math.round((desk.now() - leaseClockOf(desk).now()) / 1000) * 1000
  return leaseTime + jumpedMs
}

/**
 * SQL that says whether a lease has lapsed at a time.
 *
 * @param ends SQL for the end of the lease
 * @param at SQL for the time
 * @param lengthMs how long leases are given for. One that ends more than twice as late was given before the server's
 *   clock was set back, to a process that no longer renews it.
 */
export const lapsedAt = (ends: string, at: string, lengthMs: number): string =>
  `(${ends} <= ${at} OR ${ends} > ${at} + ${2 * lengthMs})`
