import { hostname } from 'node:os'
import { type Desk, newId } from '../desk'
import { finishPurges } from '../jobs/purge.server'
import { forgetWords, letRetentionGo, type RetentionWorker, runRetention } from './run.server'
import type { RetentionCounts } from './view'

export interface RetentionOptions {
  desk: Desk
  /** Told about what goes wrong; it is tried again at the next look. */
  onError(error: unknown): void
  /** Told about each run that did something. */
  onRun(counts: RetentionCounts): void
}

/** The first look comes a little after the start, so that a process that restarts over and over does not begin. */
const firstMs = 60_000
const lookMs = 10 * 60_000

/** Looks every ten minutes whether jobs are due to be archived or purged. One a process; they take turns by the database. */
export class RetentionRunner {
  readonly #options: RetentionOptions
  readonly #worker: RetentionWorker
  readonly #stopped = new AbortController()
  #timers: NodeJS.Timeout[] = []
  #looking: Promise<void> | undefined

  constructor(options: RetentionOptions) {
    this.#options = options
    this.#worker = {
      id: `${hostname()}:${process.pid}:${newId(Date.now()).slice(-6)}`,
      alone: options.desk.db.path !== null,
    }
  }

  start(): void {
    this.#timers = [
      setTimeout(() => this.#look(), firstMs).unref(),
      setInterval(() => this.#look(), lookMs).unref(),
    ]
  }

  /** Finishes the slice that is under way, and lets go of the run: it is gone on with at the next look of any process. */
  async stop(): Promise<void> {
    this.#stopped.abort()
    for (const timer of this.#timers) clearTimeout(timer)
    if (!this.#looking) return
    await this.#looking
    await letRetentionGo(this.#options.desk, this.#worker).catch(this.#options.onError)
  }

  #look(): void {
    if (this.#stopped.signal.aborted) return
    this.#looking ??= this.#work()
      .catch(this.#options.onError)
      .finally(() => {
        this.#looking = undefined
      })
  }

  async #work(): Promise<void> {
    const { desk, onRun } = this.#options
    const goOn = () => !this.#stopped.signal.aborted
    await finishPurges(desk)
    const done = await runRetention(desk, this.#worker, goOn)
    if (done && done.archived + done.purged > 0) onRun(done)
    await forgetWords(desk, goOn)
  }
}
