import type { ChildProcess } from 'node:child_process'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Client } from '@libsql/client'
import { type Checked, type CheckOptions, ChildFailed, databaseChild } from './database-child.server'

/** The size at which the log is handed to the copy and emptied, in bytes: emptying one of this size is short. */
const maxLogBytes = 4 * 2 ** 20
/** SQLite's own default: pages in the log when a commit empties it into the file. */
const autoCheckpoint = 1000
const logTimeoutMs = 10_000

/**
 * A copy of the database file that is made while the database is in use. A child process copies the main file; changes
 * go to the log meanwhile. Whenever the log is long, the child copies it before it is emptied into the main file, so
 * that the event loop never has to empty a long one. The logs applied to the copy, in their order, make it consistent:
 * they hold every page that changed while it was made.
 */
export class LiveCopy {
  #client: Client
  #path: string
  #to: string
  #child: ChildProcess | undefined
  #logs = 0
  #isCopyingFile = false
  #onLog: (isCopied: boolean) => void = () => undefined
  #fail: (error: ChildFailed) => void = () => undefined

  constructor(client: Client, path: string, to: string) {
    this.#client = client
    this.#path = path
    this.#to = to
  }

  /**
   * @returns what a check of the copy found; the copy is on disk
   * @throws {ChildFailed} with nothing left behind
   */
  async run(options: CheckOptions): Promise<Checked> {
    let done = false
    try {
      // the log is empty when the copy begins, and emptied only by `afterBatch` until the file is copied
      await this.#client.execute('PRAGMA wal_autocheckpoint = 0')
      await this.#client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
      const checked = await this.#copyAndCheck(options)
      done = true
      return checked
    } finally {
      this.#child?.kill('SIGKILL')
      if (!done) removeCopy(this.#to)
    }
  }

  async #copyAndCheck(options: CheckOptions): Promise<Checked> {
    let onCopied = () => {}
    const copied = new Promise<void>((resolve) => {
      onCopied = resolve
    })
    const { child, result } = databaseChild(['copy', this.#path, this.#to], options, (message) => {
      if (message.copied) onCopied()
      if (message.log === this.#logs) this.#onLog(true)
    })
    this.#child = child
    child.once('exit', () => this.#onLog(false))
    const failed = new Promise<never>((_, reject) => {
      this.#fail = reject
    })
    this.#isCopyingFile = true
    try {
      await Promise.race([copied, result, failed])
    } finally {
      this.#isCopyingFile = false
      await this.#client.execute(`PRAGMA wal_autocheckpoint = ${autoCheckpoint}`)
    }
    this.#send({ finish: true })
    return Promise.race([result, failed])
  }

  /** To be awaited after each batch of writes: the next one has to wait if the log is handed over. */
  async afterBatch(): Promise<void> {
    if (!this.#isCopyingFile || statSync(`${this.#path}-wal`).size < maxLogBytes) return
    const log = ++this.#logs
    const isCopied = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(resolve, logTimeoutMs, false)
      this.#onLog = (copied) => {
        clearTimeout(timer)
        resolve(copied)
      }
      this.#send({ log })
    })
    if (!isCopied) return this.abort('timeout')
    await this.#client.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  }

  /** A child that is gone is noticed by its exit. */
  #send(message: { log: number } | { finish: true }) {
    this.#child?.send(message, () => undefined)
  }

  /** Ends it early: `run` rejects. */
  abort(code: string) {
    this.#fail(new ChildFailed(code))
    this.#child?.kill('SIGKILL')
  }
}

/** Removes a copy and everything that is left beside an unfinished one. */
export function removeCopy(to: string) {
  const names = readdirSync(dirname(to)).filter((name) => name.startsWith(basename(to)))
  for (const name of names) rmSync(join(dirname(to), name), { force: true })
}
