import type { Desk } from '../desk'
import { leaseClockOf } from '../lease-clock'
import { statement } from '../sql'
import type { Lease } from './lease'

/** Renews leases, many in one statement. @returns the ids of the attempts that are still held; the rest is lost */
export async function renewLeases(desk: Desk, leases: Lease[], leaseMs: number): Promise<Set<string>> {
  if (leases.length === 0) return new Set()
  const clock = leaseClockOf(desk)
  const args = {
    ...clock.args(),
    leaseMs,
    leases: JSON.stringify(leases.map(({ attemptId, leaseToken }) => ({ attemptId, leaseToken }))),
  }
  const held = `SELECT t.id FROM attempts t JOIN json_each(:leases) l ON l.value ->> 'attemptId' = t.id
    WHERE l.value ->> 'leaseToken' = t.leaseToken AND t.endedAt IS NULL`
  const { rows } = await desk.db.write({
    repeatable: true,
    lane: 'renewals',
    statements: [
      statement(`UPDATE attempts SET leaseExpiresAt = ${clock.sql} + :leaseMs WHERE id IN (${held})`, args),
    ],
    result: statement(held, args),
  })
  return new Set(rows.map((row) => row.id as string))
}
