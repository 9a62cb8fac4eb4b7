import { monotonicFactory } from 'ulid'
import type { Database } from '~db/client.server'
import type { LeaseClock } from './lease-clock'

/** What every use-case works on: a database and a clock (so that tests and demo data can set the time). */
export interface Desk {
  db: Database
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** SESSION_SECRET, which keys are derived from (`keys.server.ts`). Tools on a stopped server have none. */
  secret?: string
  /** What leases are measured by, where it is not the database's own: see `leaseClockOf`. */
  leaseClock?: LeaseClock
}

const ulid = monotonicFactory()

/** A public id: 26 characters, time-sortable (https://github.com/ulid/spec), so that inserts stay at the index's end. */
export const newId = (at: number): string => ulid(at).toLowerCase()
