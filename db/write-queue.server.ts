import { AsyncResource } from 'node:async_hooks'
import type { Client, ResultSet } from '@libsql/client'
import {
  type DatabaseLost,
  DatabaseUnavailable,
  errorCodes,
  isUnavailable,
  isUnwritten,
  OutcomeUnknown,
} from './errors'
import { ownWrites } from './own-writes'
import { wellFormed } from './well-formed'
import { resultOf, type Statement, statementsOf, type WriteUnit, writesNothing } from './write-unit'

export type { Statement, WriteUnit }

interface Waiting {
  unit: WriteUnit
  resolve(rows: ResultSet): void
  reject(error: unknown): void
}

/** So many units share a batch at the most: enough to win from one sync, few enough to keep a batch short. */
const groupSize = 50

/**
 * The one way to write. Units that wait at the same moment share one batch and so one sync to disk (group commit). A
 * refused batch is rolled back and its units are sent again one by one, so that one never takes its neighbors down. After
 * a lost answer, what was committed is looked up, and only the rest is sent again.
 */
export class WriteQueue {
  #client: Client
  #waiting: Waiting[] = []
  #running = false
  #sentAt: number | null = null
  #listeners = new Set<() => void>()
  /** Units that may have been committed, though nobody knows: they are looked up before they are sent again. */
  #unsure = new WeakSet<WriteUnit>()
  /** Made at the start, and so no request's context. */
  #noRequest = new AsyncResource('WriteQueue')

  /**
   * @param afterFailure called when the database (not a statement) was at fault
   * @param lost asked around each batch; unless it returns null, the batch is refused with the error that it resolves
   * to, even if it was committed: no one would find it after a restart
   * @param afterBatch the next batch waits for it
   */
  constructor(
    client: Client,
    private afterFailure: (error: unknown) => Promise<void> | void,
    private lost: () => Promise<DatabaseLost> | null = () => null,
    private afterBatch: () => Promise<void> = async () => undefined,
  ) {
    this.#client = client
  }

  /**
   * @param unit the same object for another try at the same change
   * @returns the rows of `outcome` or `result`
   * @throws {OutcomeUnknown} when the unit may have been written; {DatabaseUnavailable} when it was not; a statement's own
   * error as it is
   */
  write(unit: WriteUnit): Promise<ResultSet> {
    const written = new Promise<ResultSet>((resolve, reject) => {
      this.#waiting.push({ unit, resolve, reject })
      if (!this.#running) {
        this.#running = true
        // a turn of the event loop lets the units of other requests join
        setImmediate(() => void this.#drain())
      }
    })
    ownWrites()?.note(unit, written)
    return written
  }

  /** Refuses a unit that still waits to be sent. */
  withdraw(unit: WriteUnit) {
    const at = this.#waiting.findIndex((each) => each.unit === unit)
    if (at >= 0) this.#giveUp(this.#waiting.splice(at, 1), undefined)
  }

  /** How long the batch that is on its way has been, in milliseconds; 0 without one. */
  get sentMs(): number {
    return this.#sentAt === null ? 0 : performance.now() - this.#sentAt
  }

  /**
   * Calls `listener` after each commit, outside of the context of the request that wrote: what the listener then does is no
   * part of that request. It says only that something changed: readers look for themselves.
   */
  onCommit(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async #drain() {
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupSize)
      const unsure = group.filter(({ unit }) => this.#unsure.has(unit))
      if (unsure.length < group.length)
        await this.#commit(group.filter(({ unit }) => !this.#unsure.has(unit)))
      if (unsure.length > 0) await this.#lookAndResend(unsure)
      await this.afterBatch()
      if (this.#waiting.length > 0) await new Promise((next) => setImmediate(next))
    }
    this.#running = false
  }

  async #commit(group: Waiting[]) {
    if (await this.#refuseIfLost(group)) return
    try {
      await this.#send(group, true)
    } catch (error) {
      if (await this.#refuseIfLost(group)) return
      if (this.#isLost(error)) {
        this.#noteLost(group, error)
        await this.#afterLoss(group, error)
      }
      // the batch was rolled back: a refusal counts only for a unit that was sent alone
      else if (group.length > 1) await this.#sendEachAlone(group, (rest, why) => this.#afterLoss(rest, why))
      else group[0]?.reject(error)
    }
  }

  /** Sends one batch and answers its units. @throws where nothing is known to be written */
  async #send(group: Waiting[], isFirst: boolean) {
    const parts = group.map(({ unit }) => statementsOf(unit, isFirst))
    const results = await this.#batch(parts.flat())
    if (await this.#refuseIfLost(group)) return
    let from = 0
    for (const [n, { unit, resolve, reject }] of group.entries()) {
      const to = from + (parts[n] as Statement[]).length
      this.#unsure.delete(unit)
      try {
        resolve(resultOf(unit, isFirst, results.slice(from, to)))
      } catch (error) {
        reject(error)
      }
      from = to
    }
    this.#tell()
  }

  /**
   * Sends units one by one. A refusal is the unit's own.
   *
   * @param afterLoss gets the units that are left when an answer is lost; the first of them was sent
   */
  async #sendEachAlone(
    group: Waiting[],
    afterLoss: (rest: Waiting[], error: unknown) => Promise<void> | void,
  ) {
    for (const [n, each] of group.entries()) {
      const isFirst = !this.#unsure.has(each.unit)
      try {
        await this.#send([each], isFirst)
      } catch (error) {
        if (this.#isLost(error)) {
          this.#noteLost([each], error)
          return afterLoss(group.slice(n), error)
        }
        if (isFirst) each.reject(error)
        else await this.#refusedAgain(each, error)
      }
    }
  }

  /** An earlier try that came through after the look stands in the unit's own way: then it is done. */
  async #refusedAgain(each: Waiting, error: unknown) {
    try {
      if ((await this.#look([each])).length > 0) each.reject(error)
    } catch (failure) {
      this.#giveUp([each], failure)
    }
  }

  /** Whether it is unknown what was written. What a server's client can't read has no code, and may answer a commit. */
  #isLost(error: unknown): boolean {
    return isUnavailable(error) || (this.#client.protocol !== 'file' && errorCodes(error).length === 0)
  }

  #noteLost(group: Waiting[], error: unknown) {
    // a file answers itself: what failed was rolled back
    if (this.#client.protocol === 'file' || isUnwritten(error)) return
    for (const { unit } of group) this.#unsure.add(unit)
  }

  async #afterLoss(group: Waiting[], error: unknown) {
    await this.afterFailure(error)
    if (this.#client.protocol === 'file') this.#giveUp(group, error)
    else await this.#lookAndResend(group)
  }

  /** On a server the commit may have happened though its answer was lost. */
  async #lookAndResend(group: Waiting[]) {
    let missing: Waiting[]
    try {
      missing = await this.#look(group)
    } catch (error) {
      if (this.#isLost(error) || group.length === 1) return this.#giveUp(group, error)
      for (const each of group) await this.#lookAndResend([each])
      return
    }
    await this.#sendEachAlone(missing, (rest, error) => this.#giveUp(rest, error))
  }

  /**
   * Answers the units that were committed. One batch for all, with a statement that writes, so that it is no read replica
   * that answers.
   *
   * @returns the others
   */
  async #look(group: Waiting[]): Promise<Waiting[]> {
    const provable = group.filter(({ unit }) => unit.outcome && this.#unsure.has(unit))
    if (provable.length === 0) return group
    const outcomes = provable.map(({ unit }) => wellFormed(unit.outcome as Statement))
    const results = await this.#batch([...outcomes, writesNothing])
    const committed = new Set(provable.filter((_, n) => (results[n] as ResultSet).rows.length > 0))
    for (const [n, each] of provable.entries()) {
      if (!committed.has(each)) continue
      this.#unsure.delete(each.unit)
      each.resolve(results[n] as ResultSet)
    }
    if (committed.size > 0) this.#tell()
    return group.filter((each) => !committed.has(each))
  }

  #giveUp(group: Waiting[], cause: unknown) {
    for (const { unit, reject } of group) {
      reject(this.#unsure.has(unit) ? new OutcomeUnknown({ cause }) : new DatabaseUnavailable({ cause }))
    }
  }

  async #batch(statements: Statement[]): Promise<ResultSet[]> {
    this.#sentAt = performance.now()
    try {
      return await this.#client.batch(statements, 'write')
    } finally {
      this.#sentAt = null
    }
  }

  async #refuseIfLost(group: Waiting[]): Promise<boolean> {
    const lost = this.lost()
    if (!lost) return false
    const error = await lost
    for (const { reject } of group) reject(error)
    return true
  }

  /** What a listener does wrong is no fault of the write. */
  #tell() {
    for (const listener of this.#listeners) {
      try {
        this.#noRequest.runInAsyncScope(listener)
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : String(error))
      }
    }
  }
}
