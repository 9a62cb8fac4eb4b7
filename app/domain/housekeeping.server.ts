import { sweepDrafts } from './batches/drop.server'
import { sweepImports } from './batches/import-rows.server'
import type { Desk } from './desk'
import { idempotencyHours } from './idempotency.server'

/** Removes what has expired, a bounded number at a time, by index. */
export async function sweepExpired(desk: Desk): Promise<void> {
  const now = desk.now()
  await desk.db.write({
    repeatable: true,
    statements: [
      {
        sql: 'DELETE FROM idempotency_keys WHERE rowid IN (SELECT rowid FROM idempotency_keys WHERE createdAt < ? LIMIT 1000)',
        args: [now - idempotencyHours * 3_600_000],
      },
      {
        sql: 'DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expiresAt < ? LIMIT 1000)',
        args: [now],
      },
      {
        sql: 'DELETE FROM one_time_links WHERE id IN (SELECT id FROM one_time_links WHERE expiresAt < ? LIMIT 1000)',
        args: [now],
      },
    ],
  })
  await sweepDrafts(desk)
  await sweepImports(desk)
}
