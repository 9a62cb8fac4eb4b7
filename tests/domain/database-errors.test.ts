import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Client, createClient, LibsqlBatchError, LibsqlError } from '@libsql/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type DatabaseFailure,
  DatabaseUnavailable,
  isBrokenForGood,
  isStatementError,
  isUnavailable,
  isUniqueViolation,
  readError,
} from '~db/errors'
import { type HranaServer, startHranaServer } from '../support/hrana-server'

/** As the client has it after the server answered with a code and a message. */
const fromServer = (code: string, message: string) => new LibsqlError(message, code)

const unavailable: [what: string, error: Error, kind: string, code: string | null][] = [
  [
    'over the quota',
    fromServer('BLOCKED', 'Operation was blocked: over the plan’s quota'),
    'blocked',
    'BLOCKED',
  ],
  [
    'a lock taken away',
    fromServer('TRANSACTION_TIMEOUT', 'Transaction timed out'),
    'overloaded',
    'TRANSACTION_TIMEOUT',
  ],
  [
    'a batch rolled back',
    fromServer('TRANSACTION_CLOSED', 'Statement was not executed'),
    'overloaded',
    'TRANSACTION_CLOSED',
  ],
  [
    'too many writers',
    fromServer('TRANSACTION_BUSY', 'Server cannot handle more'),
    'busy',
    'TRANSACTION_BUSY',
  ],
  ['an idle stream', fromServer('STREAM_EXPIRED', 'The stream has expired'), 'overloaded', 'STREAM_EXPIRED'],
  [
    'a replica alone',
    fromServer('PROXY_ERROR', 'error executing a request on the primary: x'),
    'overloaded',
    'PROXY_ERROR',
  ],
  [
    'a server that stops',
    fromServer('SQLITE_INTERRUPT', 'SQLite error: interrupted'),
    'overloaded',
    'SQLITE_INTERRUPT',
  ],
  [
    'a lock on a server',
    fromServer('SQLITE_BUSY', 'SQLite error: database is locked'),
    'busy',
    'SQLITE_BUSY',
  ],
  ['not allowed', fromServer('SQLITE_AUTH', 'SQLite error: not authorized'), 'forbidden', 'SQLITE_AUTH'],
  [
    'a full server',
    fromServer('SQLITE_FULL', 'SQLite error: database or disk is full'),
    'full',
    'SQLITE_FULL',
  ],
  ['no protocol', fromServer('HRANA_PROTO_ERROR', 'Unknown'), 'unreachable', 'HRANA_PROTO_ERROR'],
  ['in a batch', new LibsqlBatchError('x', 1, 'BLOCKED'), 'blocked', 'BLOCKED'],
  [
    'an extended code',
    Object.assign(new Error('disk I/O error'), {
      code: 'SQLITE_IOERR',
      extendedCode: 'SQLITE_IOERR_SHORT_READ',
    }),
    'io',
    'SQLITE_IOERR_SHORT_READ',
  ],
  [
    'no file',
    Object.assign(new Error('x'), { code: 'SQLITE_CANTOPEN_ISDIR' }),
    'io',
    'SQLITE_CANTOPEN_ISDIR',
  ],
  [
    'damage',
    Object.assign(new Error('x'), { code: 'SQLITE_CORRUPT_VTAB' }),
    'corrupt',
    'SQLITE_CORRUPT_VTAB',
  ],
  [
    'a name that does not resolve',
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ENOTFOUND' }) }),
    'unknown-host',
    'ENOTFOUND',
  ],
  [
    'nothing that listens',
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }),
    'refused',
    'ECONNREFUSED',
  ],
  ['a cut connection', new TypeError('terminated'), 'unreachable', null],
  [
    'a deadline',
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    'unreachable',
    'TIMEOUT',
  ],
  [
    'a certificate',
    new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'CERT_HAS_EXPIRED' }) }),
    'unreachable',
    'CERT_HAS_EXPIRED',
  ],
]

test.each(unavailable)('%s is a database that is away', (_, error, kind, code) => {
  expect(readError(error)).toEqual({ kind, code, subject: null })
  for (const each of [error, new DatabaseUnavailable({ cause: error })]) {
    expect(readError(each).kind).toBe(kind)
    expect(isUnavailable(each)).toBe(true)
    expect(isStatementError(each)).toBe(false)
  }
})

const refused: [what: string, error: Error, kind: string, subject: string | null][] = [
  [
    'an argument',
    fromServer('ARGS_INVALID', 'Arguments do not match SQL parameters: string or blob too big'),
    'too-large',
    null,
  ],
  ['a row', fromServer('SQLITE_TOOBIG', 'SQLite error: string or blob too big'), 'too-large', null],
  ['an answer', fromServer('RESPONSE_TOO_LARGE', 'Response is too large'), 'answer-too-large', null],
  [
    'a missing argument',
    fromServer('ARGS_INVALID', 'Arguments do not match SQL parameters: value for parameter 1 not found'),
    'statement',
    null,
  ],
  [
    'the grammar',
    fromServer(
      'SQL_PARSE_ERROR',
      'SQL string could not be parsed: near ORDER, "None": syntax error at (1, 32)',
    ),
    'statement',
    null,
  ],
  [
    'a name',
    fromServer('SQL_INPUT_ERROR', 'SQL input error: no such column: nope (at offset 7)'),
    'statement',
    null,
  ],
  ['what it computes', fromServer('SQLITE_UNKNOWN', 'SQLite error: malformed JSON'), 'statement', null],
]

test.each(refused)('%s is refused, and others may pass', (_, error, kind, subject) => {
  expect(readError(error)).toMatchObject({ kind, subject })
  expect(isUnavailable(error)).toBe(false)
  expect(isStatementError(error)).toBe(true)
})

test.each([
  new Error('x'),
  new TypeError('x is not a function'),
  new RangeError('Received integer which cannot be safely represented'),
  Object.assign(new Error('no such file'), { code: 'ENOENT' }),
  'thrown text',
  null,
])('%s is no word of the database', (error) => {
  expect(readError(error).kind).toBe('unknown')
  expect(isUnavailable(error) || isStatementError(error)).toBe(false)
})

describe('constraints', () => {
  let folder: string
  let server: HranaServer
  const clients: Record<string, Client> = {}

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docket-errors-'))
    server = await startHranaServer({ file: join(folder, 'served') })
    clients.file = createClient({ url: `file:${join(folder, 'file')}` })
    clients.server = createClient({ url: server.url })
    for (const client of Object.values(clients)) {
      await client.migrate([
        `CREATE TABLE notes (id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT UNIQUE CHECK (length(kind) < 5),
          parent INTEGER REFERENCES notes (id), at INTEGER, UNIQUE (name, at)) STRICT`,
        'CREATE UNIQUE INDEX notes_lower ON notes (lower(name)) WHERE at IS NULL',
        "CREATE TRIGGER notes_stay BEFORE DELETE ON notes BEGIN SELECT raise(ABORT, 'notes stay'); END",
        "INSERT INTO notes VALUES (1, 'a', 'b', NULL, 1), (2, 'q', NULL, NULL, NULL)",
      ])
      await client.execute('PRAGMA foreign_keys = ON')
    }
  })
  afterAll(async () => {
    for (const client of Object.values(clients)) client.close()
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const cases: [sql: string, kind: DatabaseFailure['kind'], subject: string | null][] = [
    ["INSERT INTO notes (name, kind) VALUES ('x', 'b')", 'unique', 'notes.kind'],
    ["INSERT INTO notes (name, at) VALUES ('a', 1)", 'unique', 'notes.name, notes.at'],
    ["INSERT INTO notes (name) VALUES ('Q')", 'unique', 'notes_lower'],
    ["INSERT INTO notes (id, name) VALUES (1, 'x')", 'unique', 'notes.id'],
    ["INSERT INTO notes (name, parent) VALUES ('x', 99)", 'foreign-key', null],
    ['INSERT INTO notes (name) VALUES (NULL)', 'not-null', 'notes.name'],
    ["INSERT INTO notes (name, kind) VALUES ('x', 'too long')", 'check', 'length(kind) < 5'],
    ["INSERT INTO notes (name, at) VALUES ('x', 'noon')", 'check', 'notes.at'],
    ['DELETE FROM notes WHERE id = 1', 'trigger', 'notes stay'],
    ['SELECT nothing FROM notes', 'statement', null],
    ["SELECT json('{')", 'statement', null],
  ]

  describe.each(['file', 'server'])('on a %s', (where) => {
    test.each(cases)('%s', async (sql, kind, subject) => {
      const client = clients[where] as Client
      for (const run of [() => client.execute(sql), () => client.batch(['SELECT 1', sql], 'write')]) {
        const error = await run().catch((caught) => caught)
        expect(readError(error)).toMatchObject({ kind, subject })
        expect(isStatementError(error)).toBe(true)
        expect(isUniqueViolation(error, subject ?? '')).toBe(kind === 'unique')
        expect(isUniqueViolation(error, 'other.column')).toBe(false)
      }
    })
  })
})

test('an HTTP status says why a server answers no statement', async () => {
  let status = 200
  const http = createServer((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"Unauthorized: `x`"}')
  }).listen(0, '127.0.0.1')
  const url = await new Promise<string>((resolve) =>
    http.once('listening', () => resolve(`http://127.0.0.1:${(http.address() as AddressInfo).port}`)),
  )
  const kinds: Record<number, string> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'no-database',
    413: 'too-large',
    429: 'overloaded',
    500: 'overloaded',
    503: 'overloaded',
  }
  const found: Record<string, unknown> = {}
  for (status of Object.keys(kinds).map(Number)) {
    const client = createClient({ url })
    const error = await client.execute('SELECT 1').catch((caught) => caught)
    found[status] = readError(error).kind
    expect(readError(error).code).toBe(`HTTP ${status}`)
    client.close()
  }
  expect(found).toEqual(kinds)
  http.closeAllConnections()
  http.close()
})

test('a file that fails for good is told from one that only takes no changes', () => {
  const failed = (code: string) => isBrokenForGood(Object.assign(new Error('x'), { code }))
  expect(['SQLITE_IOERR', 'SQLITE_CORRUPT', 'SQLITE_NOTADB', 'SQLITE_CANTOPEN'].map(failed)).not.toContain(
    false,
  )
  expect(['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_READONLY'].map(failed)).not.toContain(true)
})
