import { setTimeout as wait } from 'node:timers/promises'
import { StatementError } from './hrana-errors'
import type { Effect } from './hrana-grammar'
import type { Connection } from './hrana-statements'

/** What happens to real servers, for tests to switch on and off. */
export interface Faults {
  /**
   * Answers `BLOCKED` as one that is over its plan's quota or in maintenance: to everything, or to writes only.
   *
   * @param reason as its operator set it; null has none
   */
  block(reason: string | null, what?: 'all' | 'writes'): void
  unblock(): void
  /**
   * Takes requests and answers none, as a process that is stopped. `resume` executes them, also those whose client has
   * gone meanwhile.
   */
  hang(): void
  resume(): void
  /** How many requests wait for `resume`. */
  held(): number
  /** So many milliseconds pass before each request is executed; 0 for none. */
  delay(ms: number): void
  /**
   * Reads see the database as it was between half as many and so many milliseconds ago, as on a read replica; 0 for now.
   * Batches without any write are such reads, even in the mode `write`: a real replica answers them by itself too. One
   * statement that writes, whether or not it finds a row, has the whole batch answered by the primary.
   */
  behind(ms: number): void
}

/** The faults of one server. @param open a new connection to its file */
export class FaultBox implements Faults {
  #blocked: { reason: string | null; what: 'all' | 'writes' } | null = null
  #hung: { released: Promise<void>; release(): void } | null = null
  #held = 0
  #delayMs = 0
  #replica: Replica | null = null

  constructor(private open: () => Connection) {}

  block(reason: string | null, what: 'all' | 'writes' = 'all') {
    this.#blocked = { reason, what }
  }

  unblock() {
    this.#blocked = null
  }

  hang() {
    if (this.#hung) return
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    this.#hung = { released, release }
  }

  resume() {
    this.#hung?.release()
    this.#hung = null
  }

  held() {
    return this.#held
  }

  delay(ms: number) {
    this.#delayMs = ms
  }

  behind(ms: number) {
    this.#replica?.close()
    this.#replica = ms > 0 ? new Replica(this.open, ms) : null
  }

  /** To be awaited by each request. */
  async arrive() {
    if (this.#delayMs > 0) await wait(this.#delayMs)
    if (!this.#hung) return
    this.#held++
    while (this.#hung) await this.#hung.released
    this.#held--
  }

  /** @throws {StatementError} for a statement that is blocked */
  assertNotBlocked({ isRead, isTransaction }: Effect) {
    if (!this.#blocked) return
    const { reason, what } = this.#blocked
    if (what === 'writes' && (isRead || isTransaction)) return
    throw new StatementError('BLOCKED', `Operation was blocked${reason === null ? '' : `: ${reason}`}`)
  }

  /** What answers reads instead of the database itself; undefined for none. */
  replica(): Connection | undefined {
    return this.#replica?.connection
  }

  close() {
    this.behind(0)
    this.resume()
  }
}

/** Two snapshots of the database, of which the older one is read and renewed. */
class Replica {
  #snapshots: Connection[]
  #timer: NodeJS.Timeout

  constructor(open: () => Connection, ms: number) {
    this.#snapshots = [open(), open()]
    for (const each of this.#snapshots) begin(each)
    this.#timer = setInterval(() => {
      const [older, newer] = this.#snapshots as [Connection, Connection]
      older.exec('COMMIT')
      begin(older)
      this.#snapshots = [newer, older]
    }, ms / 2).unref()
  }

  get connection() {
    return this.#snapshots[0] as Connection
  }

  close() {
    clearInterval(this.#timer)
    for (const each of this.#snapshots) each.close()
  }
}

/** A transaction sees the database as it is at its first read. */
function begin(connection: Connection) {
  connection.exec('BEGIN')
  connection.prepare('SELECT count(*) FROM sqlite_schema').get()
}
