import { setTimeout as wait } from 'node:timers/promises'
import type { InArgs, ResultSet } from '@libsql/client'
import type { Database } from '~db/client.server'
import { DatabaseLost, isUnavailable } from '~db/errors'
import { readFresh } from '~db/fresh.server'
import type { WriteUnit } from '~db/write-queue.server'
import type { Desk } from '../desk'

const everyMs = 500

/**
 * Tries a write until the database takes it, for as long as the process lives. Each try sends the same unit, with the same
 * ids and times, so that it takes effect once even if an earlier try was committed and only its answer was lost.
 *
 * @throws what the database refuses the unit with
 */
export const untilAvailable = (db: Database, unit: WriteUnit): Promise<ResultSet> =>
  untilAnswered(() => db.write(unit))

/** The same for a read of what is committed now (see `readFresh`). */
export const readUntilAvailable = <Row>(db: Database, sql: string, args: InArgs = []): Promise<Row[]> =>
  untilAnswered(() => readFresh<Row>(db, sql, args))

async function untilAnswered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (!isUnavailable(error) || error instanceof DatabaseLost) throw error
      await wait(everyMs)
    }
  }
}

/**
 * The desk for what an agent reports: its work must not get lost while the database is away. Whether the attempt still
 * holds the job is decided when it is written.
 */
export const patientDesk = (desk: Desk): Desk => ({
  ...desk,
  write: (unit) => untilAvailable(desk.db, unit),
})
