import type { InValue } from '@libsql/client'
import type { Statement } from '~db/write-queue.server'

export type Args = Record<string, InValue>

/** A statement with those of the named arguments that it uses: one set of arguments serves a whole unit. */
export function statement(sql: string, args: Args): Statement {
  const used: Args = {}
  for (const [, name] of sql.matchAll(/:([a-zA-Z]\w*)/g)) {
    if (name === undefined) continue
    const value = args[name]
    if (value === undefined) throw new Error(`No argument :${name}`)
    used[name] = value
  }
  return { sql, args: used }
}

/**
 * A value for json_each. Half of a surrogate pair, which JSON can spell, would become bytes that are no UTF-8, and the
 * database's driver ends the process when it reads such a text: it becomes U+FFFD here.
 */
export const jsonArg = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? each.toWellFormed() : each))

/**
 * SQL for the beginning of a column's text: some characters more than `max`, so that `beginning(text, max)` can end it
 * between two of them. SQLite counts code points, and an emoji may be several.
 */
export const roughBeginning = (column: string, max: number): string => `substr(${column}, 1, ${max + 50})`

/** A query's rows as one JSON text, a value in a larger statement: what belongs together is read at once. */
export const jsonRows = (columns: readonly string[], query: string): string =>
  `(SELECT json_group_array(json_object(${columns.map((name) => `'${name}', ${name}`).join(', ')})) FROM (${query}))`
