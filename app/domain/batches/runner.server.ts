import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { type Desk, newId } from '../desk'
import { sizeAfter } from '../slice-size'
import { batchesFor, letGo, type Worker, workOn } from './run.server'
import { onConfirmed } from './wake.server'

export interface RunnerOptions {
  desk: Desk
  /** Told about what goes wrong; it is tried again at the next look. */
  onError(error: unknown): void
}

/** On a cold disk each job costs several reads. */
const first = 10
/** Between looks for what other processes left behind or were asked to do. */
const lookMs = 2000

/**
 * Works through running batches, a slice of each in turn. One a process; any number of processes may share a database,
 * because every claim and every slice is decided by the database.
 */
export class BatchRunner {
  readonly #options: RunnerOptions
  readonly #worker: Worker
  readonly #stopped = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #stopListening: () => void = () => undefined
  #working: Promise<void> | undefined
  #again = false
  /** By batch: how many jobs its next slice takes; verbs cost differently. */
  readonly #sizes = new Map<string, number>()

  constructor(options: RunnerOptions) {
    this.#options = options
    this.#worker = {
      id: `${hostname()}:${process.pid}:${newId(Date.now()).slice(-6)}`,
      alone: options.desk.db.path !== null,
    }
  }

  /** What was running when the last process ended goes on. */
  start(): void {
    this.#stopListening = onConfirmed(this.#options.desk, () => this.wake())
    this.#timer = setInterval(() => this.wake(), lookMs)
    this.wake()
  }

  /** Finishes the slice that is under way, and lets go of what it held. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    this.#stopListening()
    clearInterval(this.#timer)
    const worked = this.#working !== undefined
    await this.#working
    if (worked) await letGo(this.#options.desk, this.#worker).catch(this.#options.onError)
  }

  wake(): void {
    if (this.#stopped.signal.aborted) return
    this.#again = true
    this.#working ??= this.#work()
      .catch((error: unknown) => {
        this.#again = false
        this.#options.onError(error)
      })
      .finally(() => {
        this.#working = undefined
        if (this.#again) this.wake()
      })
  }

  async #work(): Promise<void> {
    const { desk } = this.#options
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false
      for (const id of await batchesFor(desk, this.#worker)) {
        if (this.#stopped.signal.aborted) return
        if (await this.#slice(id)) this.#again = true
      }
    }
  }

  /** @returns whether there may be more of it to do */
  async #slice(id: string): Promise<boolean> {
    const size = this.#sizes.get(id) ?? first
    const began = performance.now()
    const taken = await this.#workOn(id, size)
    const took = performance.now() - began
    this.#sizes.delete(id)
    if (taken === 0) return false
    this.#sizes.set(id, taken < size ? size : sizeAfter(this.#options.desk, size, took))
    // as long as it held others up, it lets them go first
    await pause(Math.max(took, 1), undefined, { signal: this.#stopped.signal }).catch(() => undefined)
    return true
  }

  /** A batch that can't be worked on just now keeps no other one waiting. */
  async #workOn(id: string, size: number): Promise<number> {
    try {
      return await workOn(this.#options.desk, this.#worker, id, size)
    } catch (error) {
      this.#options.onError(error)
      return 0
    }
  }
}
