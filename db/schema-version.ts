import type { Client } from '@libsql/client'

/**
 * Which migrations the code of this process knows, and whether the database has a newer one. Where several processes
 * share a database, one of them may be updated while the others still run.
 */
export class SchemaVersion {
  /** The newest migration that this code knows. Until `migrate` has set it, none counts as newer. */
  known = Number.MAX_SAFE_INTEGER
  #isSuperseded = false
  #isClosed = false
  #onSuperseded: () => void = () => undefined

  constructor(private client: Client) {}

  /** Whether a newer migration was found. It stays so until this process ends. */
  get isSuperseded(): boolean {
    return this.#isSuperseded
  }

  /** Whether nothing may be read or written any more. */
  get isClosed(): boolean {
    return this.#isClosed
  }

  /**
   * Looks for a newer migration, also one that has only begun.
   *
   * @param read for an answer that no read replica may give: it can be from before the migration began
   * @returns whether there is one
   */
  async look(read?: (sql: string) => Promise<{ newest: number | null }[]>): Promise<boolean> {
    if (this.#isSuperseded) return true
    const sql = 'SELECT max(idx) AS newest FROM migrations'
    const rows = read ? await read(sql) : (await this.client.execute(sql)).rows
    const newest = (rows[0]?.newest ?? null) as number | null
    if (newest !== null && newest > this.known && !this.#isSuperseded) {
      this.#isSuperseded = true
      this.#onSuperseded()
    }
    return this.#isSuperseded
  }

  /** Calls `listener`, the only one, once: when the first look finds a newer migration. */
  onSuperseded(listener: () => void) {
    this.#onSuperseded = listener
  }

  /** From now on all reads and writes are refused with `NewerVersion`. */
  close() {
    this.#isClosed = true
  }
}
