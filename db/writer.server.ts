import type { Client, ResultSet } from '@libsql/client'
import { type DatabaseLost, DatabaseUnavailable, isUnavailable } from './errors'
import type { ServerClients } from './server-clients.server'
import { WriteQueue, type WriteUnit } from './write-queue.server'
import { resultOf, statementsOf } from './write-unit'

interface Hooks {
  /** Called when the database, not a statement, was at fault. */
  afterFailure(error: unknown): Promise<void> | void
  lost(): Promise<DatabaseLost> | null
  afterBatch(): Promise<void>
}

/**
 * Takes each unit the way it has to go: through the queue; on a server, claims through one of their own, and renewals of
 * leases past both. Neither then waits for other writes.
 */
export class Writer {
  readonly #queue: WriteQueue
  /** On a file the same one. */
  readonly #claims: WriteQueue
  readonly #urgent: Client | null

  constructor(client: Client, server: ServerClients | null, { afterFailure, lost, afterBatch }: Hooks) {
    const queue = (of: Client) => new WriteQueue(of, afterFailure, lost, afterBatch)
    this.#queue = queue(server?.writes ?? client)
    this.#claims = server ? queue(server.claims) : this.#queue
    this.#urgent = server?.urgent ?? null
  }

  /** @param down refuses the unit while it is aborted, or if it is aborted before the unit is sent */
  write(unit: WriteUnit, down: AbortSignal | null): Promise<ResultSet> {
    if (unit.lane === 'renewals' && this.#urgent) return this.#sendOnce(this.#urgent, unit)
    if (down?.aborted) return Promise.reject(new DatabaseUnavailable())
    const queue = unit.lane === 'claims' ? this.#claims : this.#queue
    const written = queue.write(unit)
    if (!down) return written
    const withdraw = () => queue.withdraw(unit)
    down.addEventListener('abort', withdraw)
    return written.finally(() => down.removeEventListener('abort', withdraw))
  }

  /** Not looked up and not sent again: whoever asks for it does so again by itself. */
  async #sendOnce(client: Client, unit: WriteUnit): Promise<ResultSet> {
    try {
      return resultOf(unit, true, await client.batch(statementsOf(unit, true), 'write'))
    } catch (error) {
      throw isUnavailable(error) ? new DatabaseUnavailable({ cause: error }) : error
    }
  }

  onCommit(listener: () => void): () => void {
    const ends = [...new Set([this.#queue, this.#claims])].map((queue) => queue.onCommit(listener))
    return () => {
      for (const end of ends) end()
    }
  }

  /** How long the write that is on its way has been, in milliseconds; 0 without one. */
  get sentMs(): number {
    return Math.max(this.#queue.sentMs, this.#claims.sentMs)
  }
}
