import Database from 'libsql'

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

/** What a libSQL server tells of a statement that failed. */
export type HranaError = { message: string; code: string }

type SqlValue = null | bigint | number | string | Buffer

/** Thrown by this file; the server answers with its message and code. */
export class StatementError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Runs one statement; throws StatementError with the words and codes a libSQL server uses. */
export function execute(connection: Connection, sql: string, statement: HranaStatement) {
  refuseUnsupported(sql)
  return reporting(() => {
    const prepared = connection.prepare(sql)
    prepared.safeIntegers(true)
    const args = bindings(statement)
    if (!prepared.reader) {
      const { changes, lastInsertRowid } = prepared.run(args)
      return {
        cols: [],
        rows: [],
        affected_row_count: changes,
        last_insert_rowid: String(lastInsertRowid),
      }
    }
    const cols = prepared.columns().map(({ name, type }) => ({ name, decltype: type }))
    const rows = prepared.raw(true).all(args) as SqlValue[][]
    const [changed, rowid] = isRead(sql) ? [0n, undefined] : effect(connection)
    return {
      cols,
      rows: statement.want_rows === false ? [] : rows.map((row) => row.map(toHrana)),
      affected_row_count: Number(changed),
      last_insert_rowid: rowid === undefined ? null : String(rowid),
    }
  })
}

/** Runs several statements parted by semicolons. */
export function executeSequence(connection: Connection, sql: string) {
  for (const piece of bare(sql).split(';')) refuseUnsupported(piece, sql)
  reporting(() => connection.exec(sql))
}

/** Says what a statement takes and gives without running it. */
export function describeStatement(connection: Connection, sql: string) {
  return reporting(() => {
    const prepared = connection.prepare(sql)
    const names = bare(sql).match(/\?\d*|[:@$]\w+/g) ?? []
    return {
      params: [...new Set(names.map((name, index) => (name === '?' ? index : name)))].map((name) => ({
        name: typeof name === 'number' ? null : name,
      })),
      cols: prepared.reader ? prepared.columns().map(({ name, type }) => ({ name, decltype: type })) : [],
      is_explain: /^\s*explain\b/i.test(bare(sql)),
      is_readonly: isRead(sql),
    }
  })
}

/** True where it leaves the file as it is and so need not wait for another stream's transaction. */
export function isRead(sql: string) {
  const text = bare(sql)
  if (/^\s*(select|values|explain|begin\s+transaction\s+readonly)\b/i.test(text)) return true
  return /^\s*with\b/i.test(text) && !/\b(insert|update|delete|replace)\b/i.test(text)
}

/** For an error of any kind, what goes over the wire. */
export function toHranaError(error: unknown): HranaError {
  if (error instanceof StatementError) return { message: error.message, code: error.code }
  return { message: String(error), code: 'INTERNAL_ERROR' }
}

const NAMES: Record<number, string> = {
  2: 'INTERNAL',
  3: 'PERM',
  4: 'ABORT',
  5: 'BUSY',
  6: 'LOCKED',
  7: 'NOMEM',
  8: 'READONLY',
  9: 'INTERRUPT',
  10: 'IOERR',
  11: 'CORRUPT',
  12: 'NOTFOUND',
  13: 'FULL',
  14: 'CANTOPEN',
  15: 'PROTOCOL',
  17: 'SCHEMA',
  18: 'TOOBIG',
  19: 'CONSTRAINT',
  20: 'MISMATCH',
  21: 'MISUSE',
  22: 'NOLFS',
  23: 'AUTH',
  25: 'RANGE',
  26: 'NOTADB',
}

/** Pragmas that a libSQL server lets through only as a question; those in neither list not at all. */
const PRAGMAS_TO_READ =
  /^(application_id|auto_vacuum|busy_timeout|cache_size|journal_mode|locking_mode|page_size|schema_version|synchronous|temp_store|wal_autocheckpoint)$/i
const PRAGMAS =
  /^(table_list|index_list|table_info|table_xinfo|index_info|index_xinfo|pragma_list|compile_options|database_list|function_list|module_list|encoding|defer_foreign_keys|foreign_keys|foreign_key_list|foreign_key_check|collation_list|data_version|freelist_count|integrity_check|page_count|quick_check|user_version)$/i

/**
 * A libSQL server parses what it is sent and refuses what would reach past the one database (ATTACH, VACUUM INTO, most
 * pragmas, temporary tables): code that runs against a file only must fail here too.
 */
function refuseUnsupported(statement: string, original = statement) {
  const text = bare(statement)
  const [, name = '', setting] = /^\s*pragma\s+(?:\w+\.)?(\w+)\s*([=(])?/i.exec(text) ?? []
  const unsupported =
    /^\s*(attach|detach|vacuum|analyze|reindex|create\s+temp(orary)?)\b/i.test(text) ||
    (name && !PRAGMAS.test(name) && (setting || !PRAGMAS_TO_READ.test(name)))
  if (unsupported) {
    throw new StatementError(
      'SQL_PARSE_ERROR',
      `SQL string could not be parsed: unsupported statement: ${original.trim()}`,
    )
  }
  if (statement !== original) return
  if (!text.trim()) {
    throw new StatementError('SQL_NO_STATEMENT', 'SQL string does not contain any statement')
  }
  if (/;\s*\S/.test(text) && !/^\s*create\s+trigger\b/i.test(text)) {
    throw new StatementError('SQL_MANY_STATEMENTS', 'SQL string contains more than one statement')
  }
}

/** The statement without its comments, and with its literals and quoted names emptied. */
function bare(sql: string) {
  return sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\//g, (part) =>
    part.startsWith('--') || part.startsWith('/*') ? ' ' : `${part[0]}${part[0]}`,
  )
}

/** Runs it and turns SQLite's errors into the server's. */
function reporting<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    const base = (error.rawCode ?? 0) & 0xff
    // SQLITE_ERROR comes from the statement's own text: a syntax error, an unknown table
    if (base === 1) throw new StatementError('SQL_INPUT_ERROR', `SQL input error: ${error.message}`)
    throw new StatementError(`SQLITE_${NAMES[base] ?? 'UNKNOWN'}`, `SQLite error: ${error.message}`)
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

function bindings({ args = [], named_args: named = [] }: HranaStatement) {
  if (args.length > 0 && named.length > 0) {
    throw new StatementError(
      'ARGS_BOTH_POSITIONAL_AND_NAMED',
      'Specifying both positional and named arguments is not supported',
    )
  }
  if (named.length === 0) return args.map(fromHrana)
  return Object.fromEntries(named.map(({ name, value }) => [name.replace(/^[:@$]/, ''), fromHrana(value)]))
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
