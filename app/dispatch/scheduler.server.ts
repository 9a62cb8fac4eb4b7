import type { Desk } from '~/domain/desk'
import { nextDueAt, runDueSchedules } from '~/domain/schedules/due.server'

export interface SchedulerOptions {
  desk: Desk
  /** Told about what goes wrong in the loop; the loop goes on. */
  onError(error: unknown): void
}

/** Other processes' commits are not heard of: at the latest after this time it looks by itself. In milliseconds. */
const longestSleepMs = 30_000
/** However many commits there are, no more than one look in this time. */
const wakeDelayMs = 1000
/** A schedule that could not be seen to stays due. */
const afterErrorMs = 5000

/**
 * Hands in what is due: sleeps until the next due time, and looks again where a commit may have changed it. One a
 * process; any number of processes may share a database.
 */
export class Scheduler {
  readonly #options: SchedulerOptions
  #timer: NodeJS.Timeout | undefined
  #wakesAt = Number.POSITIVE_INFINITY
  #stopListening: () => void = () => undefined
  #look: Promise<void> = Promise.resolve()
  #isLooking = false
  #hasChanged = false
  #isStopped = false

  constructor(options: SchedulerOptions) {
    this.#options = options
  }

  start(): void {
    this.#stopListening = this.#options.desk.db.onCommit(() => this.#wakeSoon())
    this.#sleep(0)
  }

  /** Resolves when what is under way is written. */
  async stop(): Promise<void> {
    this.#isStopped = true
    this.#stopListening()
    clearTimeout(this.#timer)
    await this.#look
  }

  /** What is committed during a look may have come too late for it. */
  #wakeSoon(): void {
    if (this.#isLooking) this.#hasChanged = true
    else this.#sleep(wakeDelayMs)
  }

  /** Wakes after so long, unless it does earlier. */
  #sleep(ms: number): void {
    const at = performance.now() + ms
    if (this.#isStopped || at >= this.#wakesAt) return
    clearTimeout(this.#timer)
    this.#wakesAt = at
    this.#timer = setTimeout(() => {
      this.#wakesAt = Number.POSITIVE_INFINITY
      this.#isLooking = true
      this.#hasChanged = false
      this.#look = this.#seeTo().then((next) => {
        this.#isLooking = false
        this.#sleep(this.#hasChanged ? Math.min(next, wakeDelayMs) : next)
      })
    }, ms)
    this.#timer.unref()
  }

  /** Runs what is due. @returns how long to sleep after it, in milliseconds */
  async #seeTo(): Promise<number> {
    const { desk, onError } = this.#options
    try {
      const { runs, due, failed } = await runDueSchedules(desk, onError)
      if (failed > 0) return afterErrorMs
      // where another process was faster, a read replica may go on showing them as due for a moment
      if (due > 0) return runs.length > 0 ? 0 : wakeDelayMs
      const next = await nextDueAt(desk)
      return next === null ? longestSleepMs : Math.min(Math.max(next - desk.now(), 0), longestSleepMs)
    } catch (error) {
      onError(error)
      return afterErrorMs
    }
  }
}
