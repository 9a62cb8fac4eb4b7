import { setMaxListeners } from 'node:events'
import type { Desk } from '~/domain/desk'
import { connections } from './client-address.server'

type Access = Parameters<Desk['db']['probeAccess']>[0]

export interface HealthOptions {
  db: Desk['db']
  /** Told why a probe failed, as often as one does while the database is down. */
  onFailure(error: unknown): void
  /** Told at each look that found the database well. */
  onWell(): void
}

/** A single probe may be lost. */
const failuresUntilDown = 2
/** A write that takes so long, in milliseconds, makes suspicious: in a good second it takes some milliseconds. */
const suspiciousMs = 2_000

/**
 * Whether the database answers: for the requests of people and scripts, which get their 503 at once while it doesn't. The
 * background tries on by itself. On a server reads and writes are asked about one by one, since a database that takes
 * no writes still shows its pages. A file is never known to be down: it answers for itself, at once.
 */
export class Health {
  readonly #options: HealthOptions
  readonly #reads = new Watched()
  readonly #writes = new Watched()
  #looking: Promise<boolean> | null = null

  constructor(options: HealthOptions) {
    this.#options = options
    const { db } = options
    if (db.path !== null) return
    db.refuseWhileDown((access) => (connections.getStore() ? this.downSignal(access) : null))
  }

  /** A signal that is aborted while reads or writes are down; each time of being down has a new one. */
  downSignal(access: Access): AbortSignal {
    return this.#watched(access).signal
  }

  /** Looks once, to be called every second. @returns whether all is well */
  look(): Promise<boolean> {
    this.#looking ??= this.#ask().finally(() => {
      this.#looking = null
    })
    return this.#looking
  }

  async #ask(): Promise<boolean> {
    const { db, onWell } = this.#options
    const isWell = db.path === null ? await this.#askServer() : db.healthy || (await db.probe())
    if (isWell) onWell()
    return isWell
  }

  async #askServer(): Promise<boolean> {
    const { db } = this.#options
    // it is written only on suspicion
    const isSuspicious = !db.healthy || db.writingMs > suspiciousMs || this.#writes.isDown
    const answers = [this.#try('reads'), ...(isSuspicious ? [this.#try('writes')] : [])]
    const isWell = (await Promise.all(answers)).every(Boolean)
    if (isWell && isSuspicious) db.healthy = true
    return isWell
  }

  async #try(access: Access): Promise<boolean> {
    const { db, onFailure } = this.#options
    const watched = this.#watched(access)
    try {
      await db.probeAccess(access)
      watched.succeeded()
      return true
    } catch (error) {
      watched.failed()
      if (watched.isDown) onFailure(error)
      return false
    }
  }

  #watched(access: Access): Watched {
    return access === 'reads' ? this.#reads : this.#writes
  }
}

class Watched {
  #failures = 0
  #down = controller()

  get isDown(): boolean {
    return this.#down.signal.aborted
  }

  get signal(): AbortSignal {
    return this.#down.signal
  }

  failed() {
    this.#failures++
    if (this.#failures >= failuresUntilDown) this.#down.abort()
  }

  succeeded() {
    this.#failures = 0
    if (this.isDown) this.#down = controller()
  }
}

/** Every read and write of a request listens to its signal. */
function controller(): AbortController {
  const made = new AbortController()
  setMaxListeners(0, made.signal)
  return made
}
