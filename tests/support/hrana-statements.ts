import type Database from 'libsql'
import { argsError, reporting, StatementError, tooBig } from './hrana-errors'
import { assertScript, parseStatement } from './hrana-grammar'

export type Connection = InstanceType<typeof Database>

/** A value as Hrana writes it in JSON: 64-bit integers as text, blobs in base64. */
export type HranaValue =
  | { type: 'null' }
  | { type: 'integer'; value: string }
  | { type: 'float'; value: number }
  | { type: 'text'; value: string }
  | { type: 'blob'; base64: string }

export type HranaStatement = {
  sql?: string
  sql_id?: number
  args?: HranaValue[]
  named_args?: { name: string; value: HranaValue }[]
  want_rows?: boolean
}

type SqlValue = null | bigint | number | string | Buffer

/** A libSQL server's defaults, in bytes: a value or a row, and the rows of an answer. */
export const maxRowBytes = 5_000_000
export const maxAnswerBytes = 10_000_000

/** What an answer may still hold; shared by the statements of a batch. */
export interface AnswerRoom {
  bytes: number
}

/** Runs one statement; throws StatementError with the words and codes a libSQL server uses. */
export function execute(
  connection: Connection,
  sql: string,
  statement: HranaStatement,
  room: AnswerRoom = { bytes: maxAnswerBytes },
) {
  const { isRead, parameters } = parseStatement(sql)
  const { args, bytes } = bindings(statement, parameters)
  return withRowLimit(connection, bytes, () =>
    reporting(() => {
      const prepared = connection.prepare(sql)
      prepared.safeIntegers(true)
      if (!prepared.reader) {
        const { changes, lastInsertRowid } = prepared.run(args)
        return { cols: [], rows: [], affected_row_count: changes, last_insert_rowid: String(lastInsertRowid) }
      }
      const cols = prepared.columns().map(({ name, type }) => ({ name, decltype: type }))
      const rows = prepared.raw(true).all(args) as SqlValue[][]
      for (const value of rows.flat()) takeRoom(room, value)
      const [changed, rowid] = isRead ? [0n, undefined] : effect(connection)
      return {
        cols,
        rows: statement.want_rows === false ? [] : rows.map((row) => row.map(toHrana)),
        affected_row_count: Number(changed),
        last_insert_rowid: rowid === undefined ? null : String(rowid),
      }
    }),
  )
}

/** Runs several statements parted by semicolons. */
export function executeSequence(connection: Connection, sql: string) {
  assertScript(sql)
  reporting(() => connection.exec(sql))
}

/** Says what a statement takes and gives without running it. */
export function describeStatement(connection: Connection, sql: string) {
  const { isRead, isExplain, parameters } = parseStatement(sql)
  return reporting(() => {
    const prepared = connection.prepare(sql)
    return {
      params: parameters.map((name) => ({ name: name === '?' ? null : name })),
      cols: prepared.reader ? prepared.columns().map(({ name, type }) => ({ name, decltype: type })) : [],
      is_explain: isExplain,
      is_readonly: isRead,
    }
  })
}

function takeRoom(room: AnswerRoom, value: SqlValue) {
  const bytes = sizeOf(value)
  if (bytes > maxRowBytes) throw new StatementError('SQLITE_TOOBIG', `SQLite error: ${tooBig}`)
  room.bytes -= bytes + 25
  if (room.bytes < 0) throw new StatementError('RESPONSE_TOO_LARGE', 'Response is too large')
}

const sizeOf = (value: SqlValue) =>
  typeof value === 'string' ? Buffer.byteLength(value) : Buffer.isBuffer(value) ? value.length : 8

/**
 * SQLite's limit on a row can't be set from here. Triggers stand in for it while a statement runs that brings much; a row
 * that grows large without large arguments is let through.
 */
function withRowLimit<T>(connection: Connection, bytes: number, work: () => T): T {
  if (bytes < 100_000) return work()
  const ask = (sql: string) => connection.prepare(sql).all() as { name: string }[]
  const triggers: string[] = []
  for (const { name: table } of ask(
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
  )) {
    const columns = ask(`SELECT name FROM pragma_table_info('${table}')`)
    const size = columns.map(({ name }) => `ifnull(octet_length(new."${name}"), 0)`).join(' + ')
    for (const verb of ['INSERT', 'UPDATE']) {
      const trigger = `"limit ${verb} ${table}"`
      triggers.push(trigger)
      connection.exec(`CREATE TEMP TRIGGER ${trigger} AFTER ${verb} ON main."${table}" WHEN ${size} > ${maxRowBytes}
        BEGIN SELECT raise(ABORT, '${tooBig}'); END`)
    }
  }
  try {
    return work()
  } finally {
    for (const trigger of triggers) connection.exec(`DROP TRIGGER IF EXISTS temp.${trigger}`)
  }
}

function effect(connection: Connection) {
  const [row] = connection
    .prepare('SELECT changes(), last_insert_rowid()')
    .safeIntegers(true)
    .raw(true)
    .all([]) as [bigint, bigint][]
  return row ?? [0n, 0n]
}

function bindings({ args = [], named_args: named = [] }: HranaStatement, parameters: string[]) {
  if (args.length > 0 && named.length > 0) {
    throw new StatementError(
      'ARGS_BOTH_POSITIONAL_AND_NAMED',
      'Specifying both positional and named arguments is not supported',
    )
  }
  const given = [...args, ...named.map(({ value }) => value)].map(fromHrana)
  if (given.length > parameters.length) {
    throw argsError(`too many parameters, expected ${parameters.length} found ${given.length}`)
  }
  const names = new Set(named.map(({ name }) => name.replace(/^[:@$]/, '')))
  for (const [at, name] of parameters.entries()) {
    const isThere = name.startsWith('?') ? at < args.length : names.has(name.slice(1))
    if (!isThere) throw argsError(`value for parameter ${name === '?' ? at + 1 : name} not found`)
  }
  const sizes = given.map(sizeOf)
  if (sizes.some((bytes) => bytes > maxRowBytes)) throw argsError(tooBig)
  const bytes = sizes.reduce((sum, each) => sum + each, 0)
  if (named.length === 0) return { args: given, bytes }
  return { args: Object.fromEntries([...names].map((name, at) => [name, given[at]])), bytes }
}

function fromHrana(value: HranaValue): SqlValue {
  switch (value.type) {
    case 'null':
      return null
    case 'integer':
      return BigInt(value.value)
    case 'float':
    case 'text':
      return value.value
    case 'blob':
      return Buffer.from(value.base64, 'base64')
  }
}

function toHrana(value: SqlValue): HranaValue {
  if (value === null) return { type: 'null' }
  if (typeof value === 'bigint') return { type: 'integer', value: String(value) }
  if (typeof value === 'number') return { type: 'float', value }
  if (typeof value === 'string') return { type: 'text', value }
  return { type: 'blob', base64: value.toString('base64') }
}
