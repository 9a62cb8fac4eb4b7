import Database from 'libsql'

/** What a libSQL server tells of a statement that failed. */
export type HranaError = { message: string; code: string }

/** Answered in a pipeline, with its message and code. */
export class StatementError extends Error {
  readonly code: string
  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** For an error of any kind, what goes over the wire. */
export function toHranaError(error: unknown): HranaError {
  if (error instanceof StatementError) return { message: error.message, code: error.code }
  return { message: String(error), code: 'INTERNAL_ERROR' }
}

export const parseError = (why: string) =>
  new StatementError('SQL_PARSE_ERROR', `SQL string could not be parsed: ${why}`)

export const argsError = (why: string) =>
  new StatementError('ARGS_INVALID', `Arguments do not match SQL parameters: ${why}`)

export const tooBig = 'string or blob too big'

/** The short codes: a server sends no extended ones. */
const names: Record<number, string> = {
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
  26: 'NOTADB',
}

/** Errors of which SQLite knows the place in the statement; only those are "input errors" to a server. */
const placed =
  /^(no such (column|function)|wrong number of arguments|ambiguous column|misuse of|table .+ already)/

/** Runs it and turns SQLite's errors into the server's. */
export function reporting<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    const { message } = error
    const primary = (error.rawCode ?? 0) & 0xff
    if (message === tooBig) throw new StatementError('SQLITE_TOOBIG', `SQLite error: ${message}`)
    if (primary === 1 && /syntax error|incomplete input|unrecognized token/.test(message))
      throw parseError(message)
    if (primary === 1 && placed.test(message)) {
      throw new StatementError('SQL_INPUT_ERROR', `SQL input error: ${message} (at offset 0)`)
    }
    throw new StatementError(`SQLITE_${names[primary] ?? 'UNKNOWN'}`, `SQLite error: ${message}`)
  }
}
