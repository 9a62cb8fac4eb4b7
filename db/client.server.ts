import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { type Client, createClient, type InArgs, type ResultSet } from '@libsql/client'
import { claimFile, inUse, notDocket, ownedBy, pathOf } from './claim-file.server'
import { connectServer } from './connect-server.server'
import type { Checked, CheckOptions } from './database-child.server'
import {
  CannotStart,
  type DatabaseLost,
  DatabaseUnavailable,
  errorCodes,
  isBrokenForGood,
  isUnavailable,
  NewerVersion,
  readError,
} from './errors'
import { read } from './fresh.server'
import { LiveCopy } from './live-copy.server'
import { assertNotLost, fileIdentity, rescue } from './lost-file.server'
import { hasDiskRoom, probeUnit } from './probe.server'
import { SchemaVersion } from './schema-version'
import { WriteQueue, type WriteUnit } from './write-queue.server'

export interface DatabaseOptions {
  /** `file:./data/docket.db`, or a libSQL server: `libsql://`, `https://`, `http://`. */
  url: string
  authToken?: string
  /** How long to wait for another owner of the file to leave, in milliseconds. */
  ownerWaitMs?: number
  /** Make a new file even if the folder holds traces of a lost one. */
  makeNew?: boolean
  /** Told once, with a sentence, when it begins to wait. */
  onWait?(sentence: string): void
}

/**
 * One process owns a file; several processes share a libSQL server. Reads go straight to the client; every write goes through the queue as one `batch(..., 'write')`.
 */
export class Database {
  #queue: WriteQueue
  #healthy = true
  #brokenForGood = false
  #probe: Promise<boolean> | null = null
  #probedAt = 0
  #lost: Promise<DatabaseLost> | null = null
  #copy: LiveCopy | null = null
  #damage: string | null = null
  #lostError: DatabaseLost | null = null
  #onLost: (lost: DatabaseLost) => void = () => undefined
  /** The file that was opened, whatever is at its path later; null on a server. */
  readonly #identity: string | null
  readonly version: SchemaVersion
  #onStatements: (count: number) => void = () => undefined
  #sharedReads: () => Map<string, Promise<ResultSet>> | null = () => null

  constructor(
    readonly client: Client,
    /** The file's absolute path, or null on a server. */
    readonly path: string | null,
  ) {
    this.#identity = path && fileIdentity(path)
    this.version = new SchemaVersion(client)
    this.#queue = new WriteQueue(
      client,
      (error) => this.#afterFailure(error),
      () => this.lost(),
      async () => this.#copy?.afterBatch(),
    )
  }

  /** Reads by SQL. @returns rows by column name, as the database has them */
  async all<Row>(sql: string, args: InArgs = []): Promise<Row[]> {
    const { rows, columns } = await this.#read(sql, args)
    return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))) as Row[]
  }

  #read(sql: string, args: InArgs): Promise<ResultSet> {
    if (this.#lostError) return Promise.reject(this.#lostError)
    if (this.version.isClosed) return Promise.reject(new NewerVersion())
    const shared = this.#sharedReads()
    const key = shared ? `${sql}\n${JSON.stringify(args)}` : ''
    const known = shared?.get(key)
    if (known) return known
    this.#onStatements(1)
    const reading = read(this, { sql, args })
    shared?.set(key, reading)
    return reading
  }

  async first<Row>(sql: string, args: InArgs = []): Promise<Row | undefined> {
    return (await this.all<Row>(sql, args))[0]
  }

  write(unit: WriteUnit): Promise<ResultSet> {
    if (this.version.isClosed) return Promise.reject(new NewerVersion())
    this.#onStatements(unit.statements.length + (unit.outcome || unit.result ? 1 : 0))
    const written = this.#queue.write(unit)
    const forget = () => this.#sharedReads()?.clear()
    written.then(forget, forget)
    return written
  }

  onCommit(listener: () => void): () => void {
    return this.#queue.onCommit(listener)
  }

  /** Calls `listener`, the one there is, with how many statements are asked for, in the context of who asks. */
  onStatements(listener: (count: number) => void) {
    this.#onStatements = listener
  }

  /**
   * Answers the same read once for all who ask in one context, until something is written in it.
   * @param sharedReads what was read so far where reads are shared, as in a page's loaders; null elsewhere
   */
  shareReads(sharedReads: () => Map<string, Promise<ResultSet>> | null) {
    this.#sharedReads = sharedReads
  }

  /**
   * Whether the file at the path is no longer the one that was opened. The first call that finds so saves everything
   * that the open connection still holds to a new file. It takes 3 microseconds.
   *
   * @returns null as long as all is well
   */
  lost(): Promise<DatabaseLost> | null {
    if (this.path && !this.#lost && fileIdentity(this.path) !== this.#identity) {
      this.#healthy = false
      this.#probe = null
      this.#copy?.abort('lost')
      this.#lost = rescue(this.client, this.path).then((lost) => {
        this.#lostError = lost
        this.#onLost(lost)
        return lost
      })
    }
    return this.#lost
  }

  /** Calls `listener`, the only one, after the file was lost and its contents were saved. */
  onLost(listener: (lost: DatabaseLost) => void) {
    this.#onLost = listener
  }

  /** Whether the last word from the database was good; `probe` asks it again. */
  get healthy(): boolean {
    return this.#healthy
  }

  /** What a check found wrong with the file, in a sentence: from then on the database is not ready. */
  get damage(): string | null {
    return this.#damage
  }

  reportDamage(problem: string) {
    this.#damage = problem
    this.#probe = null
  }

  /** Whether the last failure was of a kind that this process's connection does not recover from. */
  get brokenForGood(): boolean {
    return this.#brokenForGood
  }

  /** Really writes, so that "ready" means "takes a new job". At most one probe a second. */
  probe(): Promise<boolean> {
    if (this.#probe && performance.now() - this.#probedAt < 1000) return this.#probe
    this.#probedAt = performance.now()
    this.#probe = this.write(probeUnit(Date.now())).then(
      async () => {
        this.#healthy = true
        return this.#damage === null && (this.path === null || (await hasDiskRoom(this.path)))
      },
      () => {
        this.#healthy = false
        return false
      },
    )
    return this.#probe
  }

  async #afterFailure(error: unknown) {
    this.#healthy = false
    this.#brokenForGood = isBrokenForGood(error)
    if (this.path === null) {
      // jitter, so that many processes don't knock at once when the server comes back
      await wait(50 + Math.random() * 200)
      this.client.reconnect()
    } else if (readError(error).kind !== 'full') {
      // a new connection would empty the log while the file is copied
      this.#copy?.abort('the database failed')
      // the client may have dropped its connection: whichever it uses next must carry the pragmas
      await claimFile(this.client, this.path).catch(() => undefined)
    }
  }

  /** Whether a copy is being made just now. */
  get isCopying(): boolean {
    return this.#copy !== null
  }

  /**
   * Copies the whole database to a new file and checks the copy, all in a child process. Requests go on meanwhile.
   * File databases only; one copy at a time.
   *
   * @returns what the check found
   * @throws {ChildFailed} with nothing left behind
   */
  async copy(file: string, options: CheckOptions): Promise<Checked> {
    if (!this.path || this.#copy) throw new Error('Only one copy at a time, and only of a file.')
    if (existsSync(file)) throw new Error(`${file} exists already.`)
    const copy = new LiveCopy(this.client, this.path, resolve(file))
    this.#copy = copy
    try {
      mkdirSync(dirname(resolve(file)), { recursive: true, mode: 0o700 })
      return await copy.run(options)
    } finally {
      this.#copy = null
    }
  }

  /** Ends a copy that is being made; nothing of it is left behind. */
  abortCopy() {
    this.#copy?.abort('stopped')
  }

  /**
   * Brings all of a file's database into the one file and lets other processes at it. Closing alone does neither: the
   * write-ahead log stays, and the lock goes only when the last statement is collected as garbage.
   */
  async release(): Promise<void> {
    if (this.path === null) return
    this.abortCopy()
    // Without the file, its log has to stay as it is.
    const lost = this.lost()
    if (lost) return void (await lost)
    // in this order: SQLite does not leave EXCLUSIVE while in WAL, and drops the lock with the next read
    for (const sql of [
      'PRAGMA journal_mode = DELETE',
      'PRAGMA locking_mode = NORMAL',
      'SELECT count(*) FROM migrations',
    ]) {
      await this.client.execute(sql)
    }
  }

  close() {
    this.abortCopy()
    // first the note, then the lock: the next owner's note must stay
    if (this.path && !this.#lost) rmSync(`${this.path}.owner`, { force: true })
    this.client.close()
  }
}

/** @throws {CannotStart} with a sentence, where the file is owned by another process or can't be opened */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (!options.url.startsWith('file:')) {
    return new Database(await connectServer(options.url, options.authToken), null)
  }
  const path = pathOf(options.url)
  if (!options.makeNew) assertNotLost(path)
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    // it holds what agents were given: nobody else on the machine need read it (SQLite's other files take its mode)
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 })
  } catch (error) {
    throw new CannotStart(
      `The database ${path} can't be opened (${errorCodes(error)[0] ?? 'unknown error'}).`,
    )
  }
  const { ownerWaitMs = 10_000 } = options
  const deadline = performance.now() + ownerWaitMs
  let told = false
  for (;;) {
    let client: Client | undefined
    try {
      client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 100, intMode: 'number' })
      await claimFile(client, path)
      await client.execute('PRAGMA busy_timeout = 5000')
      writeFileSync(`${path}.owner`, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
      return new Database(client, path)
    } catch (error) {
      client?.close()
      if (error instanceof CannotStart) throw error
      const { kind, code } = readError(error)
      if (kind === 'not-a-database') throw new CannotStart(notDocket(path))
      if (kind !== 'busy') {
        throw new CannotStart(`The database ${path} can't be opened (${code ?? 'unknown error'}).`)
      }
      if (performance.now() > deadline) throw new CannotStart(ownedBy(path))
      if (!told) options.onWait?.(`${inUse(path)} Waiting up to ${ownerWaitMs / 1000} s for it to stop.`)
      told = true
      await wait(100)
    }
  }
}

export { CannotStart, DatabaseUnavailable, isUnavailable, pathOf }
