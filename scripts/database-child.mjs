/**
 * Does to database files what would block the server's event loop, or would cost the server its lock: the lock on a file
 * goes when its process closes any handle of that file, but no other process's.
 *
 *   node scripts/database-child.mjs inspect FILE quick|full [NEWEST]
 *   node scripts/database-child.mjs copy FILE COPY full|quick [NEWEST]
 *
 * Started with an IPC channel, which its result comes by: `{ problem }`, `{ refused }` with SQLite's code where it can't
 * read the file, or `{ error }` with a code.
 * `inspect` says whether FILE, which nobody has open, is a whole Docket database. NEWEST is the last migration that
 * this version of Docket knows.
 * `copy` copies a file whose owner goes on writing to its log. At the message `{ log: n }` it copies the log as it is,
 * and answers `{ log: n }`: the owner may then empty it into the file, even into parts that were copied already. It
 * says `{ copied: true }` when it is done with the file. At `{ finish: true }` it applies the logs in their order, which
 * makes the copy consistent, and inspects it.
 */
import { existsSync } from 'node:fs'
import { copyFile, open, rename, rm } from 'node:fs/promises'
import { setPriority } from 'node:os'
import Database from 'libsql'

const [command = '', file = '', ...more] = process.argv.slice(2)
const tell = (/** @type {object} */ message) => process.send?.(message)
/** Bytes written between two syncs: more would make the owner's own syncs wait. */
const syncEvery = 16 * 2 ** 20

setPriority(10)
// the owner has gone, and nobody would take the result
const orphaned = () => process.exit(1)
process.once('disconnect', orphaned)
try {
  if (command === 'inspect') {
    const [depth, newest] = more
    tell(inspect(file, depth === 'full', newest))
  } else {
    const [copy = '', depth, newest] = more
    await copyWhileWritten(file, copy)
    tell(inspect(copy, depth === 'full', newest))
    await sync(copy)
  }
} catch (error) {
  tell({ error: codeOf(error) })
}
process.off('disconnect', orphaned)
process.disconnect?.()

/**
 * @param {string} path
 * @param {boolean} full whether indexes are compared with their tables as well
 * @param {string} [newest]
 * @returns {{ problem: string | null } | { refused: string }} what is wrong with it, in a sentence
 */
function inspect(path, full, newest) {
  if (!existsSync(path)) return { problem: 'This file is gone.' }
  const db = new Database(path, { timeout: 100 })
  try {
    const ask = (/** @type {string} */ sql) =>
      /** @type {unknown[][]} */ (db.prepare(sql).raw().all())[0]?.[0]
    const tables = ask("SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'")
    const last = tables === 1 && ask('SELECT max(idx) FROM migrations')
    if (typeof last !== 'number') return { problem: 'This is not a database of Docket.' }
    if (newest && last > Number(newest))
      return { problem: 'This database is from a newer version of Docket.' }
    const found = ask(`PRAGMA ${full ? 'integrity_check' : 'quick_check'}(1)`)
    if (found !== 'ok') return { problem: `This file is damaged: ${found}` }
    return { problem: null }
  } catch (error) {
    return { refused: codeOf(error) }
  } finally {
    db.close()
  }
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copyWhileWritten(from, to) {
  let logs = Promise.resolve(0)
  const finished = new Promise((resolve) => {
    process.on('message', (/** @type {{ log?: number, finish?: true }} */ { log, finish }) => {
      if (finish) resolve(logs)
      if (!log) return
      logs = logs.then(async () => {
        await copyFile(`${from}-wal`, `${to}.log-${log}`)
        tell({ log })
        return log
      })
      logs.catch((error) => {
        tell({ error: codeOf(error) })
        process.exit(1)
      })
    })
  })
  await copyInPieces(from, to)
  tell({ copied: true })
  const count = await finished
  for (let log = 1; log <= count; log++) {
    await rename(`${to}.log-${log}`, `${to}-wal`)
    withDatabase(to, 'PRAGMA wal_checkpoint(TRUNCATE)')
  }
  // one file, that needs no log beside it
  withDatabase(to, 'PRAGMA journal_mode = DELETE')
  await rm(`${to}-wal`, { force: true })
}

/**
 * @param {string} from
 * @param {string} to
 */
async function copyInPieces(from, to) {
  const source = await open(from, 'r')
  const target = await open(to, 'wx', 0o600)
  try {
    const buffer = Buffer.allocUnsafe(2 ** 20)
    for (let unsynced = 0; ; ) {
      const { bytesRead } = await source.read(buffer, 0, buffer.length)
      if (bytesRead === 0) break
      await target.writeFile(buffer.subarray(0, bytesRead))
      unsynced += bytesRead
      if (unsynced < syncEvery) continue
      await target.datasync()
      unsynced = 0
    }
  } finally {
    await source.close()
    await target.close()
  }
}

/**
 * @param {string} path
 * @param {string} sql
 */
function withDatabase(path, sql) {
  const db = new Database(path, { timeout: 1000 })
  try {
    // a prepared statement would keep its lock on the file until it is collected as garbage
    db.exec(sql)
  } finally {
    db.close()
  }
}

/** @param {string} path */
async function sync(path) {
  const handle = await open(path, 'r+')
  await handle.sync().finally(() => handle.close())
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
