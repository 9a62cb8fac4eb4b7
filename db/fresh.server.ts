import type { Client, InArgs, ResultSet } from '@libsql/client'
import { ownWrites } from './own-writes'
import { wellFormed } from './well-formed'
import { type Statement, writesNothing } from './write-unit'

interface Source {
  client: Client
  /** The database file's, or null on a server. */
  path: string | null
}

interface Readable extends Source {
  all<Row>(sql: string, args: InArgs): Promise<Row[]>
}

/** Reads for whoever asks: in a request that has written (see `readingOwnWrites`), what is committed now. */
export const read = ({ client, path }: Source, statement: Statement): Promise<ResultSet> =>
  path === null && ownWrites()?.isSent ? newest(client, statement) : client.execute(wellFormed(statement))

const newest = async (client: Client, statement: Statement): Promise<ResultSet> =>
  (await client.batch([wellFormed(statement), writesNothing], 'write'))[0] as ResultSet

/**
 * Reads what is committed now, at the cost of a write: a read replica answers `db.all` from up to some hundred
 * milliseconds ago.
 *
 * @returns rows by column name
 */
export async function readFresh<Row>(db: Readable, sql: string, args: InArgs = []): Promise<Row[]> {
  if (db.path !== null) return db.all<Row>(sql, args)
  const { rows, columns } = await newest(db.client, { sql, args })
  return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))) as Row[]
}
