import type { Args } from '../sql'
import type { NumberRange, TimeRange, Without } from './list-filter'

interface Exclusion {
  sql: string
  args: Args
}

/**
 * The conditions that keep excluded jobs out of a list. Tags and metadata are not among them: the text index has those.
 *
 * @param row what has a job's columns: the walk or the table. Its owner and its batches are always asked of the table, `j`.
 */
export function exclusions(row: 'w' | 'j', without: Without = {}): Exclusion[] {
  const { agents = [], owners = [], batches = [], priority, attempts, created, updated } = without
  const each = (name: string, values: (string | null)[], sql: (arg: string) => string) =>
    values.map((value, n): Exclusion => ({ sql: sql(`:${name}${n}`), args: { [`${name}${n}`]: value } }))
  const outside = (column: string, ranges: { low: number; high: number }[] = []) =>
    ranges.map(
      ({ low, high }, n): Exclusion => ({
        sql: `${row}.${column} NOT BETWEEN :${column}From${n} AND :${column}To${n}`,
        args: { [`${column}From${n}`]: low, [`${column}To${n}`]: high },
      }),
    )
  return [
    // a job without an agent has none of them: IS NOT holds for NULL as well, and `none` is NULL
    ...each(
      'notAgent',
      agents.map((id) => (id === 'none' ? null : id)),
      (arg) => `${row}.assignedAgentId IS NOT ${arg}`,
    ),
    ...each('notOwner', owners, (arg) => `j.userId <> ${arg}`),
    ...each(
      'notBatch',
      batches,
      (arg) => `NOT EXISTS (SELECT 1 FROM batch_items i WHERE i.batchId = ${arg} AND i.jobId = j.id)`,
    ),
    ...outside('priority', priority?.map(numbers)),
    ...outside('attemptCount', attempts?.map(numbers)),
    ...outside('createdAt', created?.map(times)),
    ...outside('updatedAt', updated?.map(times)),
  ]
}

const numbers = ({ min, max }: Required<NumberRange>) => ({ low: min, high: max })
/** Whole milliseconds, and BETWEEN holds for its end as well. */
const times = ({ from, to }: Required<TimeRange>) => ({ low: from, high: to - 1 })
