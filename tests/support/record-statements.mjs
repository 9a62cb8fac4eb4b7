/**
 * Loaded into the built server before it (`node --import`): writes each statement that it prepares to the file
 * RECORD_STATEMENTS, a JSON string a line, before it is run.
 */
import { appendFileSync } from 'node:fs'
import Database from 'libsql'

const file = process.env.RECORD_STATEMENTS
const { prepare } = Database.prototype
if (file) {
  Database.prototype.prepare = function recorded(/** @type {string} */ sql) {
    appendFileSync(file, `${JSON.stringify(sql)}\n`)
    return prepare.call(this, sql)
  }
}
