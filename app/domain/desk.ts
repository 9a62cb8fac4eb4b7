import type { ResultSet } from '@libsql/client'
import { monotonicFactory } from 'ulid'
import type { Database } from '~db/client.server'
import type { WriteUnit } from '~db/write-queue.server'
import type { Args } from './sql'

/** What every use-case works on: a database and a clock (so that tests and demo data can set the time). */
export interface Desk {
  db: Database
  /** Milliseconds since 1970 UTC. */
  now(): number
  /** Writes what agents report, if not as `db.write` does: see `patientDesk`. */
  write?(unit: WriteUnit): Promise<ResultSet>
  /** SESSION_SECRET, which keys are derived from (`keys.server.ts`). Tools on a stopped server have none. */
  secret?: string
  /** What leases are measured by, where it is not the database's own: see `leaseClockOf`. */
  leaseClock?: LeaseClock
  /** MAX_RESULT_BYTES: the longest result that is taken from an agent. */
  maxResultBytes?: number
}

/**
 * The clock that leases are measured by. Unlike the wall clock it does not jump when a laptop sleeps, a virtual machine
 * resumes or NTP corrects the time. Times are milliseconds since 1970 UTC.
 */
export interface LeaseClock {
  /** SQL for the current time. `args` gives its named arguments. */
  sql: string
  args(): Args
  /** Reads the current time from the clock itself. */
  read(): Promise<number>
  /** The current time without a query: on a server an estimate from the latest `read`. */
  now(): number
}

/** Writes a unit as the desk says. @returns the rows of its outcome or result */
export const writeTo = (desk: Desk, unit: WriteUnit): Promise<ResultSet> =>
  desk.write ? desk.write(unit) : desk.db.write(unit)

const ulid = monotonicFactory()

/** A public id: 26 characters, time-sortable (https://github.com/ulid/spec), so that inserts stay at the index's end. */
export const newId = (at: number): string => ulid(at).toLowerCase()
