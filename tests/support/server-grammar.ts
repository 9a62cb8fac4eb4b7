import Database from 'libsql'
import { assertServerTakes } from './hrana-grammar'

/**
 * Loaded before each test file. A database file takes more SQL than a libSQL server, and most tests run on files: so every
 * statement that a test prepares has to be one that a server takes too. What is about files only (VACUUM, most pragmas) is
 * let through. Statements of the built server are checked by `startServer`.
 */
type Prepare = typeof Database.prototype.prepare
const original = Symbol.for('the prepare of libsql')
const prototype = Database.prototype as { prepare: Prepare & { [original]?: Prepare } }
const prepare: Prepare = prototype.prepare[original] ?? prototype.prepare

prototype.prepare = Object.assign(
  function checked(this: Database.Database, sql: string) {
    assertServerTakes(sql)
    return prepare.call(this, sql)
  } as Prepare,
  { [original]: prepare },
)
