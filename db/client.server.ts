import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { Client, InArgs, ResultSet } from '@libsql/client'
import { claimFile, pathOf, releaseFile } from './claim-file.server'
import { type ConnectOptions, connectServer } from './connect-server.server'
import type { Checked, CheckOptions } from './database-child.server'
import {
  CannotStart,
  type DatabaseLost,
  DatabaseUnavailable,
  isBrokenForGood,
  isUnavailable,
  NewerVersion,
  readError,
} from './errors'
import { read } from './fresh.server'
import { LiveCopy } from './live-copy.server'
import { fileIdentity, rescue } from './lost-file.server'
import { type OpenFileOptions, openFile } from './open-file.server'
import { hasDiskRoom, probeRead, probeUnit } from './probe.server'
import { SchemaVersion } from './schema-version'
import { closeAll, type ServerClients } from './server-clients.server'
import { unlessAborted } from './unless-aborted'
import type { WriteUnit } from './write-queue.server'
import { Writer } from './writer.server'

/** `url`: `file:./data/docket.db`, or a libSQL server. */
export type DatabaseOptions = ConnectOptions & OpenFileOptions

/** What may be down while the other works: a database that takes no writes still answers reads. */
export type Access = 'reads' | 'writes'

/**
 * One process owns a file; several processes share a libSQL server. Reads go straight to the client; every write goes
 * through the queue as one `batch(..., 'write')`. On a server claims have a queue of their own, and renewals of leases go
 * past it: neither waits for other writes.
 */
export class Database {
  readonly #writer: Writer
  /** Whether the last word from the database was good; `probe` asks it again. */
  healthy = true
  /** Whether the last failure was of a kind that this process's connection does not recover from. */
  brokenForGood = false
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
  #downSignal: (access: Access) => AbortSignal | null = () => null

  constructor(
    /** Answers reads; on a file, everything. */
    readonly client: Client,
    /** The file's absolute path, or null on a server. */
    readonly path: string | null,
    private readonly server: ServerClients | null = null,
  ) {
    this.#identity = path && fileIdentity(path)
    this.version = new SchemaVersion(client)
    this.#writer = new Writer(client, server, {
      afterFailure: (error) => this.#afterFailure(error),
      lost: () => this.lost(),
      afterBatch: async () => this.#copy?.afterBatch(),
    })
  }

  /** For what takes long: migrations, copies of the whole database. */
  get longClient(): Client {
    return this.server?.long ?? this.client
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
    const down = this.#downSignal('reads')
    if (down?.aborted) return Promise.reject(new DatabaseUnavailable())
    this.#onStatements(1)
    const answer = read(this, { sql, args })
    answer.catch((error: unknown) => this.#noteFailure(error))
    const reading = down ? unlessAborted(answer, down) : answer
    shared?.set(key, reading)
    return reading
  }

  #noteFailure(error: unknown) {
    if (isUnavailable(error)) this.healthy = false
  }

  async first<Row>(sql: string, args: InArgs = []): Promise<Row | undefined> {
    return (await this.all<Row>(sql, args))[0]
  }

  write(unit: WriteUnit): Promise<ResultSet> {
    if (this.version.isClosed) return Promise.reject(new NewerVersion())
    this.#onStatements(unit.statements.length + (unit.outcome || unit.result ? 1 : 0))
    const written = this.#writer.write(unit, this.#downSignal('writes'))
    written.catch((error: unknown) => this.#noteFailure(error))
    const forget = () => this.#sharedReads()?.clear()
    written.then(forget, forget)
    return written
  }

  onCommit(listener: () => void): () => void {
    return this.#writer.onCommit(listener)
  }

  /**
   * Refuses at once what is asked for while the database is known to be down, and what waits for it then.
   *
   * @param downSignal called in the context of whoever asks: null where nothing is refused early, as outside of
   *   requests; else a signal that is aborted while reads or writes are down
   */
  refuseWhileDown(downSignal: (access: Access) => AbortSignal | null) {
    this.#downSignal = downSignal
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
      this.healthy = false
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

  /** What a check found wrong with the file, in a sentence: from then on the database is not ready. */
  get damage(): string | null {
    return this.#damage
  }

  reportDamage(problem: string) {
    this.#damage = problem
    this.#probe = null
  }

  /** How long the write that is on its way has been, in milliseconds; 0 without one. */
  get writingMs(): number {
    return this.#writer.sentMs
  }

  /** Really writes, so that "ready" means "takes a new job". At most one probe a second. */
  probe(): Promise<boolean> {
    if (this.#probe && performance.now() - this.#probedAt < 1000) return this.#probe
    this.#probedAt = performance.now()
    const probe = this.server
      ? Promise.all([this.probeAccess('reads'), this.probeAccess('writes')])
      : this.write(probeUnit(Date.now()))
    this.#probe = probe.then(
      async () => {
        this.healthy = true
        return this.#damage === null && (this.path === null || (await hasDiskRoom(this.path)))
      },
      () => {
        this.healthy = false
        return false
      },
    )
    return this.#probe
  }

  /** Asks a server whether it answers reads or takes writes now, past everything that waits. @throws why it doesn't */
  async probeAccess(access: Access): Promise<void> {
    try {
      if (access === 'reads') await (this.server?.urgent ?? this.client).execute(probeRead)
      else await this.write({ ...probeUnit(Date.now()), lane: 'renewals' })
    } catch (error) {
      this.healthy = false
      throw error
    }
  }

  async #afterFailure(error: unknown) {
    this.healthy = false
    this.brokenForGood = isBrokenForGood(error)
    if (this.path === null) {
      // Jitter, so that many processes don't ask at once when the server comes back. There is no connection to make anew:
      // each request is one of its own, and `reconnect` would abort every read that is on its way.
      await wait(50 + Math.random() * 200)
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
    await releaseFile(this.client)
  }

  close() {
    this.abortCopy()
    // first the note, then the lock: the next owner's note must stay
    if (this.path && !this.#lost) rmSync(`${this.path}.owner`, { force: true })
    if (this.server) closeAll(this.server)
    else this.client.close()
  }
}

/**
 * @throws {CannotStart} with a sentence, where the file is owned by another process or can't be opened, or the server does
 * not answer
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (!options.url.startsWith('file:')) {
    const clients = await connectServer(options)
    return new Database(clients.reads, null, clients)
  }
  const path = pathOf(options.url)
  return new Database(await openFile(path, options), path)
}

export { CannotStart, DatabaseUnavailable, isUnavailable, pathOf }
