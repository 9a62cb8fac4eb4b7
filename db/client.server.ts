import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Client, createClient, type InArgs, type ResultSet } from '@libsql/client'
import { CannotStart, type DatabaseLost, DatabaseUnavailable, errorCodes, isUnavailable } from './errors'
import { fileIdentity, rescue } from './lost-file.server'
import { wellFormed } from './well-formed'
import { WriteQueue, type WriteUnit } from './write-queue.server'

export interface DatabaseOptions {
  /** `file:./data/docket.db`, or a libSQL server: `libsql://`, `https://`, `http://`. */
  url: string
  authToken?: string
  /** How long to wait for another owner of the file to leave, in milliseconds. */
  ownerWaitMs?: number
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
  #lostError: DatabaseLost | null = null
  #onLost: (lost: DatabaseLost) => void = () => undefined
  /** The file that was opened, whatever is at its path later; null on a server. */
  readonly #identity: string | null
  #onStatements: (count: number) => void = () => undefined
  #sharedReads: () => Map<string, Promise<ResultSet>> | null = () => null

  constructor(
    readonly client: Client,
    /** The file's absolute path, or null on a server. */
    readonly path: string | null,
  ) {
    this.#identity = path && fileIdentity(path)
    this.#queue = new WriteQueue(
      client,
      (error) => this.#afterFailure(error),
      () => this.lost(),
    )
  }

  /** Reads by SQL. @returns rows by column name, as the database has them */
  async all<Row>(sql: string, args: InArgs = []): Promise<Row[]> {
    const { rows, columns } = await this.#read(sql, args)
    return rows.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at]]))) as Row[]
  }

  #read(sql: string, args: InArgs): Promise<ResultSet> {
    if (this.#lostError) return Promise.reject(this.#lostError)
    const shared = this.#sharedReads()
    const key = shared ? `${sql}\n${JSON.stringify(args)}` : ''
    const known = shared?.get(key)
    if (known) return known
    this.#onStatements(1)
    const reading = this.client.execute(wellFormed({ sql, args }))
    shared?.set(key, reading)
    return reading
  }

  async first<Row>(sql: string, args: InArgs = []): Promise<Row | undefined> {
    return (await this.all<Row>(sql, args))[0]
  }

  write(unit: WriteUnit): Promise<ResultSet> {
    this.#onStatements(unit.statements.length + (unit.outcome ? 1 : 0))
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

  /** Whether the last failure was of a kind that this process's connection does not recover from. */
  get brokenForGood(): boolean {
    return this.#brokenForGood
  }

  /** Really writes, so that "ready" means "takes changes". At most one probe a second. */
  probe(): Promise<boolean> {
    if (this.#probe && Date.now() - this.#probedAt < 1000) return this.#probe
    this.#probedAt = Date.now()
    this.#probe = this.write({
      statements: [
        {
          sql: 'INSERT INTO probes (id, at) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET at = excluded.at',
          args: [Date.now()],
        },
        // changing a row in its place proves no room for more: a full database would look ready
        { sql: 'INSERT INTO probes (id, at) VALUES (2, zeroblob(16384))', args: [] },
        { sql: 'DELETE FROM probes WHERE id = 2', args: [] },
      ],
    }).then(
      () => {
        this.#healthy = true
        return true
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
    this.#brokenForGood = errorCodes(error).some((code) =>
      /^SQLITE_(IOERR|CORRUPT|NOTADB|CANTOPEN)/.test(code),
    )
    if (this.path === null) {
      // jitter, so that many processes don't knock at once when the server comes back
      await wait(50 + Math.random() * 200)
      this.client.reconnect()
    } else if (!errorCodes(error).some((code) => code.startsWith('SQLITE_FULL'))) {
      // the client may have dropped its connection: whichever it uses next must carry the pragmas
      await claimFile(this.client).catch(() => undefined)
    }
  }

  /** A copy of the whole database, taken inside it. Requests wait meanwhile. File databases only. */
  async backup(file: string): Promise<void> {
    mkdirSync(dirname(resolve(file)), { recursive: true })
    await this.client.execute({ sql: 'VACUUM INTO ?', args: [resolve(file)] })
  }

  /**
   * Brings all of a file's database into the one file and lets other processes at it. Closing alone does neither: the
   * write-ahead log stays, and the lock goes only when the last statement is collected as garbage.
   */
  async release(): Promise<void> {
    if (this.path === null) return
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
    // first the note, then the lock: the next owner's note must stay
    if (this.path && !this.#lost) rmSync(`${this.path}.owner`, { force: true })
    this.client.close()
  }
}

/** @throws {CannotStart} with a sentence, where the file is owned by another process or can't be opened */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  if (!options.url.startsWith('file:')) {
    return openServer(options)
  }
  const path = pathOf(options.url)
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
  const deadline = Date.now() + ownerWaitMs
  let told = false
  for (;;) {
    let client: Client | undefined
    try {
      client = createClient({ url: `file:${path}`, concurrency: 1, timeout: 100, intMode: 'number' })
      await claimFile(client)
      await client.execute('PRAGMA busy_timeout = 5000')
      writeFileSync(`${path}.owner`, JSON.stringify({ pid: process.pid, since: new Date().toISOString() }))
      return new Database(client, path)
    } catch (error) {
      client?.close()
      const codes = errorCodes(error)
      if (!codes.some((code) => /^SQLITE_(BUSY|LOCKED)/.test(code))) {
        throw new CannotStart(`The database ${path} can't be opened (${codes[0] ?? 'unknown error'}).`)
      }
      if (Date.now() > deadline) throw new CannotStart(ownedBy(path))
      if (!told) options.onWait?.(`${inUse(path)} Waiting up to ${ownerWaitMs / 1000} s for it to stop.`)
      told = true
      await wait(100)
    }
  }
}

/** @throws {CannotStart} where it does not answer, so that a start says so in a sentence */
async function openServer({ url, authToken }: DatabaseOptions): Promise<Database> {
  let client: Client | undefined
  try {
    // found when it is called: remix-serve puts other globals in place after the start, and one's fetch takes no Request
    // of the other's
    const fetch: typeof globalThis.fetch = (...asked) => globalThis.fetch(...asked)
    client = createClient({ url, authToken, intMode: 'number', fetch })
    await client.execute('SELECT 1')
    return new Database(client, null)
  } catch (error) {
    client?.close()
    const [why = 'unknown error'] = errorCodes(error)
    const where = URL.canParse(url) ? new URL(url).host : 'DATABASE_URL'
    throw new CannotStart(`The libSQL server at ${where} does not answer, or not to this token (${why}).`)
  }
}

export function pathOf(url: string): string {
  return url.startsWith('file://')
    ? fileURLToPath(url)
    : resolve(url.slice('file:'.length).split('?')[0] ?? '')
}

/** EXCLUSIVE before WAL: then no other process can even read the file, and the lock goes with this process. */
async function claimFile(client: Client) {
  await client.execute('PRAGMA locking_mode = EXCLUSIVE')
  await client.execute('PRAGMA journal_mode = WAL')
  await client.execute('PRAGMA synchronous = FULL')
  await client.execute('PRAGMA foreign_keys = ON')
  // the lock is taken by the first write
  await client.batch(
    [
      'CREATE TABLE IF NOT EXISTS migrations (idx INTEGER PRIMARY KEY, tag TEXT NOT NULL, appliedAt INTEGER NOT NULL)',
    ],
    'write',
  )
}

const ownedBy = (path: string) => `${inUse(path)} Stop it first, or set DATABASE_URL to another file.`

function inUse(path: string): string {
  try {
    const owner = JSON.parse(readFileSync(`${path}.owner`, 'utf8')) as { pid: number; since: string }
    return `The database ${path} is in use by process ${owner.pid} (since ${owner.since}).`
  } catch {
    return `The database ${path} is in use by another process.`
  }
}

export { CannotStart, DatabaseUnavailable, isUnavailable }
