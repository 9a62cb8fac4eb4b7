import { asksForTurns, type LogFilter } from './log-filter'
import { turnsOnly } from './turns.server'

interface Way {
  ascending: boolean
  /** Whether it goes on from the row `:number`. */
  isBegun: boolean
  /** How many rows: `:most`, or a part of them. */
  limit: string
}

/**
 * Which rows of the job `:id` a page of its narrowed log looks at: `seq` and `number`, in the order of the way.
 *
 * What changed the job has an index of its own. Of what was said each row has to be looked at, but never those of an
 * attempt that is not asked for.
 */
export function logWalk(filter: LogFilter, way: Way): string {
  const isTurns = asksForTurns(filter)
  if (!isTurns && (filter.agent !== undefined || filter.attempt !== undefined)) return leaps(filter, way)
  const { ascending, isBegun, limit } = way
  const asked = [
    ...(isTurns ? [turnsOnly('b'), ...fits(filter, 'b')] : []),
    ...(isBegun ? [`b.number ${ascending ? '>' : '<'} :number`] : []),
  ]
  return `SELECT b.seq, b.number FROM job_logs b
    WHERE ${['b.jobId = :id', ...asked].join(' AND ')} ORDER BY b.number ${ascending ? 'ASC' : 'DESC'} LIMIT ${limit}`
}

/** A number that no row has. */
const never = Number.MAX_SAFE_INTEGER

const fits = ({ agent, attempt }: LogFilter, alias: string): string[] => [
  ...(agent === undefined ? [] : [`${alias}.agentId = :agent`]),
  ...(attempt === undefined ? [] : [`${alias}.attempt = :attempt`]),
]

/**
 * From row to row within an attempt that is asked for, and from its claim over all others to the next row that is marked
 * with it: whatever an agent said is between the claim and the end of its attempt, which both are. Only what came late is
 * anywhere.
 */
function leaps(filter: LogFilter, { ascending, isBegun, limit }: Way): string {
  const newest = '(SELECT max(x.number) FROM job_logs x WHERE x.jobId = :id)'
  const step = (from: string) => {
    const marked = (only: string) => `(SELECT m.number FROM job_logs m
      WHERE ${['m.jobId = :id', only, ...fits(filter, 'm')].join(' AND ')} AND m.number ${ascending ? '>' : '<'} ${from}
      ORDER BY m.number ${ascending ? 'ASC' : 'DESC'} LIMIT 1)`
    const turn = marked(turnsOnly('m'))
    const late = marked("m.kind IN ('progress', 'late') AND m.kind = 'late'")
    // whose attempt the row after, or before, is of
    const isWithin = `(SELECT ${fits(filter, 'c').join(' AND ')} FROM job_logs c
      WHERE c.jobId = :id AND ${turnsOnly('c')} AND c.kind = 'claim' AND c.number ${ascending ? '<=' : '<'} ${from}
      ORDER BY c.number DESC LIMIT 1)`
    return ascending
      ? `CASE WHEN ${isWithin} THEN iif(${from} < ${newest}, ${from} + 1, NULL)
          ELSE nullif(min(ifnull(${turn}, ${never}), ifnull(${late}, ${never})), ${never}) END`
      : `CASE WHEN ${isWithin} THEN ${from} - 1 ELSE nullif(max(ifnull(${turn}, 0), ifnull(${late}, 0)), 0) END`
  }
  const start = isBegun ? ':number' : ascending ? '0' : `(${newest} + 1)`
  return `WITH RECURSIVE path (number) AS (
      SELECT ${step(start)} UNION ALL SELECT ${step('path.number')} FROM path WHERE path.number IS NOT NULL LIMIT ${limit}
    )
    SELECT b.seq, b.number FROM path CROSS JOIN job_logs b ON b.jobId = :id AND b.number = path.number`
}
