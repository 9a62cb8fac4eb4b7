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

/** A newer version of Docket has changed the database, or is about to: this process no longer works on it. */
export class NewerVersion extends Error {
  constructor() {
    super('A newer version of Docket has taken over.')
  }
}

/** A start that can't go on, with a sentence for whoever started it. */
export class CannotStart extends Error {}

/** What a database error means, whichever driver or server reported it. */
export type ErrorKind =
  /** The host's name does not resolve. */
  | 'unknown-host'
  /** Nothing listens at the address. */
  | 'refused'
  /** The connection broke, or no answer came in time. */
  | 'unreachable'
  /** The server can't serve this request now: load, a restart, a replica without its primary, a transaction it ended. */
  | 'overloaded'
  /** Its operator switched reads or writes off, or the plan's quota is used up. */
  | 'blocked'
  /** There is no token, or it is wrong or expired. */
  | 'unauthorized'
  /** The token may not do this: it only reads. */
  | 'forbidden'
  /** The server has no database of this name. */
  | 'no-database'
  /** Another connection holds the lock. */
  | 'busy'
  | 'full'
  | 'read-only'
  /** Reading or writing the disk failed. */
  | 'io'
  | 'corrupt'
  /** The file is not an SQLite database. */
  | 'not-a-database'
  /** A value, a row, or a request is larger than the database takes. */
  | 'too-large'
  /** The rows of an answer are more than a server sends at once. */
  | 'answer-too-large'
  | 'unique'
  | 'foreign-key'
  | 'not-null'
  /** A CHECK constraint, or a value of the wrong type. */
  | 'check'
  /** A trigger refused the change. */
  | 'trigger'
  /** The statement is wrong: its syntax, its names, its arguments, or what it computes. */
  | 'statement'
  | 'unknown'

export interface DatabaseFailure {
  kind: ErrorKind
  /** As the driver, the server or the system names it, such as `SQLITE_FULL`, `BLOCKED`, `HTTP 503`; null if it does not. */
  code: string | null
  /**
   * What a constraint is about: its columns (`users.email`, `attempts.jobId, attempts.number`), the name of an index on an
   * expression, a CHECK's name or expression, a trigger's message. Null for anything else.
   */
  subject: string | null
}

/**
 * SQLite's primary result codes. A file's driver also has extended ones, which begin with them. Any other says that the
 * statement is wrong: a file has SQLITE_ERROR for malformed JSON, a server SQLITE_UNKNOWN.
 */
const sqliteKinds = new Map<string, ErrorKind>([
  ['SQLITE_BUSY', 'busy'],
  ['SQLITE_LOCKED', 'busy'],
  ['SQLITE_PROTOCOL', 'busy'],
  ['SQLITE_FULL', 'full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'not-a-database'],
  ['SQLITE_NOMEM', 'overloaded'],
  ['SQLITE_INTERRUPT', 'overloaded'],
  ['SQLITE_SCHEMA', 'overloaded'],
  ['SQLITE_AUTH', 'forbidden'],
  ['SQLITE_PERM', 'forbidden'],
  ['SQLITE_TOOBIG', 'too-large'],
  ['SQLITE_MISMATCH', 'check'],
])

/** What a libSQL server and its client say besides. Source: libsql-server/src/hrana/stmt.rs, @libsql/client. */
const serverKinds: [pattern: RegExp, kind: ErrorKind][] = [
  [/^BLOCKED$/, 'blocked'],
  [/^TRANSACTION_BUSY$/, 'busy'],
  // the client has TRANSACTION_CLOSED for a batch whose transaction the server ended
  [/^(TRANSACTION_(TIMEOUT|CLOSED)|STREAM_\w+|PROXY_ERROR|SERVER_ERROR)$/, 'overloaded'],
  [/^(HRANA_\w+|CLIENT_CLOSED)$/, 'unreachable'],
  [/^AUTH_/, 'unauthorized'],
  [/^RESPONSE_TOO_LARGE$/, 'answer-too-large'],
  [/^(ARGS_|SQL_)/, 'statement'],
]

const networkKinds: [pattern: RegExp, kind: ErrorKind][] = [
  [/^(ENOTFOUND|EAI_)/, 'unknown-host'],
  [/^ECONNREFUSED$/, 'refused'],
  [/^(ECONN|ETIMEDOUT|EPIPE|EHOST|ENET|UND_ERR)/, 'unreachable'],
  [/^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/, 'unreachable'],
]

const constraints: [pattern: RegExp, kind: ErrorKind][] = [
  [/UNIQUE constraint failed: (?:index '(.+)'|(.+))$/, 'unique'],
  [/FOREIGN KEY constraint failed$/, 'foreign-key'],
  [/NOT NULL constraint failed: (.+)$/, 'not-null'],
  [/CHECK constraint failed: (.+)$/, 'check'],
  [/cannot store \w+ value in \w+ column (.+)$/, 'check'],
]

const unavailable = new Set<ErrorKind>([
  'unknown-host',
  'refused',
  'unreachable',
  'overloaded',
  'blocked',
  'unauthorized',
  'forbidden',
  'no-database',
  'busy',
  'full',
  'read-only',
  'io',
  'corrupt',
  'not-a-database',
])

/** Reads an error of the database: its own code and those of its causes, the HTTP status, the message. */
export function readError(error: unknown): DatabaseFailure {
  const chain = chainOf(error)
  const status = chain.find(({ name }) => name === 'HttpServerError')?.status
  if (typeof status === 'number') return { kind: kindOfStatus(status), code: `HTTP ${status}`, subject: null }
  const message = chain.at(-1)?.message ?? ''
  for (const code of errorCodes(error)) {
    const read = readCode(code, message)
    if (read) return read
  }
  const kind = chain.some(isCut) ? 'unreachable' : 'unknown'
  const code = errorCodes(error)[0] ?? (chain.some(isTimeout) ? 'TIMEOUT' : null)
  return { kind, code, subject: null }
}

/** @param message SQLite's own, which names what a constraint is about */
function readCode(code: string, message: string): DatabaseFailure | undefined {
  const [primary = ''] = /^SQLITE_[A-Z]+/.exec(code) ?? []
  if (primary === 'SQLITE_CONSTRAINT') return { code, ...readConstraint(message) }
  if (code === 'ARGS_INVALID' && message.includes('too big'))
    return { kind: 'too-large', code, subject: null }
  const kind = primary
    ? (sqliteKinds.get(primary) ?? 'statement')
    : [...serverKinds, ...networkKinds].find(([pattern]) => pattern.test(code))?.[1]
  return kind && { kind, code, subject: null }
}

function readConstraint(message: string): Omit<DatabaseFailure, 'code'> {
  for (const [pattern, kind] of constraints) {
    const found = pattern.exec(message)
    if (found) return { kind, subject: found[1] ?? found[2] ?? null }
  }
  return { kind: 'trigger', subject: message.replace(/^(\w+: )*(SQLite error: )?/, '') }
}

function kindOfStatus(status: number): ErrorKind {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'no-database'
  if (status === 413) return 'too-large'
  return status === 400 ? 'statement' : 'overloaded'
}

/** `fetch` gives a broken connection no code of its own, and a deadline only its name. */
const isCut = ({ name, message }: ErrorLike) =>
  isTimeout({ name }) || (name === 'TypeError' && /^(fetch failed|terminated)$/.test(message))

const isTimeout = ({ name }: { name: string }) => name === 'TimeoutError'

type ErrorLike = Error & Partial<Record<'code' | 'extendedCode' | 'status', unknown>>

function chainOf(error: unknown): ErrorLike[] {
  const chain: ErrorLike[] = []
  for (let each = error; each instanceof Error && chain.length < 6; each = each.cause) chain.push(each)
  return chain
}

/** The error's own code and those of its causes: `SQLITE_FULL`, `SQLITE_CONSTRAINT_UNIQUE`, `ECONNREFUSED` ... */
export const errorCodes = (error: unknown): string[] =>
  chainOf(error)
    .flatMap(({ extendedCode, code }) => [extendedCode, code])
    .filter((code) => typeof code === 'string')

/** What a code alone means, as the child process that works on database files reports it. */
export const kindOfCode = (code: string): ErrorKind => readCode(code, '')?.kind ?? 'unknown'

/** Whether the database refused the statement itself (a constraint, a syntax error, its size); others may pass. */
export const isStatementError = (error: unknown) =>
  !isUnavailable(error) && readError(error).kind !== 'unknown'

/** Whether the database is at fault: full, read-only, corrupt, busy, blocked, or out of reach. */
export const isUnavailable = (error: unknown): boolean =>
  error instanceof DatabaseUnavailable || unavailable.has(readError(error).kind)

/** Whether a connection to a file that failed like this is of no use anymore: a new process has to open the file. */
export const isBrokenForGood = (error: unknown) =>
  ['io', 'corrupt', 'not-a-database'].includes(readError(error).kind)

/** Whether a server is sure not to have run what failed so: it was never reached, or it refuses everything. */
export function isUnwritten(error: unknown): boolean {
  const { kind, code } = readError(error)
  return (
    ['unknown-host', 'refused', 'blocked', 'unauthorized', 'forbidden', 'no-database'].includes(kind) ||
    code === 'UND_ERR_CONNECT_TIMEOUT'
  )
}

/**
 * Whether a unique index or primary key refused a row.
 *
 * @param subject as {@link DatabaseFailure} has it: the columns, such as `attempts.jobId, attempts.number`, or the name of
 *   an index on an expression
 */
export function isUniqueViolation(error: unknown, subject: string): boolean {
  const found = readError(error)
  return found.kind === 'unique' && found.subject === subject
}
