import type { InStatement, InValue } from '@libsql/client'

type Statement = Exclude<InStatement, string>

/**
 * The statement with well-formed texts as its arguments. Half of a surrogate pair has no UTF-8: the driver for files
 * would store U+FFFD, and a libSQL server would refuse the request.
 */
export function wellFormed({ sql, args = [] }: Statement): Statement {
  if (Array.isArray(args)) return { sql, args: args.map(wellFormedValue) }
  return {
    sql,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, wellFormedValue(value)])),
  }
}

const wellFormedValue = (value: InValue): InValue =>
  typeof value === 'string' ? value.toWellFormed() : value
