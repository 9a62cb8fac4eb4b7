import type { InArgs, ResultSet } from '@libsql/client'
import type { Database } from './client.server'
import { wellFormed } from './well-formed'
import { writesNothing } from './write-unit'

/**
 * Reads what is committed now, at the cost of a write: a read replica answers `db.all` from up to some hundred
 * milliseconds ago.
 *
 * @returns rows by column name
 */
export async function readFresh<Row>(db: Database, sql: string, args: InArgs = []): Promise<Row[]> {
  if (db.path !== null) return db.all<Row>(sql, args)
  const results = await db.client.batch([wellFormed({ sql, args }), writesNothing], 'write')
  const { rows, columns } = results[0] as ResultSet
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))) as Row[]
}
