/** The database does not take or answer a statement just now. Nothing of the refused unit was kept. */
export class DatabaseUnavailable extends Error {
  constructor(options?: { cause: unknown }) {
    super('The database does not answer or takes no changes just now.', options)
  }
}

/** The answer to a write was lost, and it could not be found out whether it was saved. */
export class OutcomeUnknown extends DatabaseUnavailable {
  constructor(options: { cause: unknown }) {
    super(options)
    this.message = 'The answer of the database was lost: the change may have been saved.'
  }
}

/**
 * The database file was removed, replaced or moved while this process had it open. Nothing more is read or written, and
 * the process ends.
 */
export class DatabaseLost extends DatabaseUnavailable {
  /**
   * @param path where the file was opened
   * @param rescued the file that everything was saved to; null if that failed
   */
  constructor(
    readonly path: string,
    readonly rescued: string | null,
  ) {
    super()
    this.message = `The database file ${path} was removed, replaced or moved while Docket was running. ${
      rescued
        ? `Everything in it was saved to ${rescued}. To go on with that, run: npm run admin -- restore ${rescued}`
        : 'Its contents could not be saved.'
    }`
  }
}

/** A start that can't go on, with a sentence for whoever started it. */
export class CannotStart extends Error {}

/** The error's own code and those of its causes: `SQLITE_FULL`, `SQLITE_CONSTRAINT_UNIQUE`, `ECONNREFUSED` ... */
export function errorCodes(error: unknown): string[] {
  const codes: string[] = []
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 6; each = each.cause, depth++) {
    for (const key of ['extendedCode', 'code'] as const) {
      const code = (each as Error & Record<string, unknown>)[key]
      if (typeof code === 'string') codes.push(code)
    }
  }
  return codes
}

const broken = [
  'FULL',
  'READONLY',
  'IOERR',
  'CORRUPT',
  'NOTADB',
  'BUSY',
  'LOCKED',
  'CANTOPEN',
  'NOMEM',
  'PROTOCOL',
]
/** A server names faults of the statement's text SQL_INPUT_ERROR, SQL_PARSE_ERROR and the like. */
const isSqlite = (code: string) => code.startsWith('SQLITE_') || code.startsWith('SQL_')

/** Whether the statement itself was at fault (a constraint, a syntax error), rather than the database. */
export const isStatementError = (error: unknown) => {
  const codes = errorCodes(error)
  return codes.some(isSqlite) && !isUnavailable(error)
}

/** Whether the database is at fault: full, read-only, corrupt, busy, or out of reach. */
export function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true
  const codes = errorCodes(error)
  if (codes.some((code) => broken.some((word) => code.startsWith(`SQLITE_${word}`)))) return true
  return codes.some((code) =>
    /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_|UND_ERR|HRANA_|SERVER_ERROR|CLIENT_CLOSED)/.test(code),
  )
}

/** Whether a server is sure not to have run what failed so: it was never reached, or it refuses everything. */
export const isUnwritten = (error: unknown) =>
  errorCodes(error).some((code) =>
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|UND_ERR_CONNECT_TIMEOUT|BLOCKED)$/.test(code),
  )

/** Whether a unique index or primary key refused a row. A server has no extended code, only the message. */
export const isUniqueViolation = (error: unknown) =>
  errorCodes(error).some((code) => /^SQLITE_CONSTRAINT(_UNIQUE|_PRIMARYKEY)?$/.test(code)) &&
  /UNIQUE constraint failed/.test(messages(error))

function messages(error: unknown): string {
  return error instanceof Error ? `${error.message} ${messages(error.cause)}` : ''
}
