import { beginning } from '../beginning'
import { type Desk, writeTo } from '../desk'
import { statement } from '../sql'
import { wellFormedJson } from '../well-formed'
import type { Lease } from './lease'

/** SQL for an attempt's usage after the report `:usage` (JSON text, or null for none): a later figure replaces an earlier one. */
export const usageSoFar =
  "CASE WHEN :usage IS NULL THEN usage ELSE json_patch(coalesce(usage, '{}'), :usage) END"

/** The longest text in a usage report, such as a model's name, in characters. */
const maxText = 200

/** What an agent reports to have used, as JSON text; long texts are cut. */
export const usageJson = (usage: object): string =>
  JSON.stringify(usage, (_, value: unknown) =>
    typeof value === 'string' ? beginning(value, maxText) : value,
  )

/**
 * Adds what an attempt used after it has ended, for example when a person canceled it: it was paid for all the same.
 * Nothing else of the attempt changes, and nothing happens under a wrong token.
 *
 * @param usage JSON text in OpenTelemetry GenAI terms
 */
export async function addUsage(desk: Desk, { attemptId, leaseToken }: Lease, usage: string): Promise<void> {
  const sql = `UPDATE attempts SET usage = ${usageSoFar} WHERE id = :attemptId AND leaseToken = :leaseToken`
  await writeTo(desk, {
    repeatable: true,
    statements: [statement(sql, { usage: wellFormedJson(usage), attemptId, leaseToken })],
  })
}
