/**
 * Loaded into the built server before it (`node --import`): writes statements that it prepares, before they are run, as a
 * JSON string a line: each time to the file RECORD_STATEMENTS, and once each to the file RECORD_NEW_STATEMENTS.
 */
import { appendFileSync } from 'node:fs'
import Database from 'libsql'

const { RECORD_STATEMENTS: every, RECORD_NEW_STATEMENTS: once } = process.env
/** @type {Set<string>} */
const known = new Set()
const { prepare } = Database.prototype
Database.prototype.prepare = function recorded(/** @type {string} */ sql) {
  const line = `${JSON.stringify(sql)}\n`
  if (every) appendFileSync(every, line)
  if (once && !known.has(sql)) {
    known.add(sql)
    appendFileSync(once, line)
  }
  return prepare.call(this, sql)
}
