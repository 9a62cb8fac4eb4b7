import { AsyncResource } from 'node:async_hooks'
import type { Client, InStatement, ResultSet } from '@libsql/client'
import { type DatabaseLost, DatabaseUnavailable, isStatementError, isUnavailable } from './errors'
import { wellFormed } from './well-formed'

export type Statement = Exclude<InStatement, string>

/**
 * What is written whole or not at all. Guards are in the statements' SQL: a unit that lost a race changes no row.
 */
export interface WriteUnit {
  statements: Statement[]
  /**
   * Reads what the unit did, by an id of its own. It runs last in the batch, and alone after an answer was
   * lost on the way: then its rows tell whether the commit had happened.
   */
  outcome?: Statement
}

interface Waiting {
  unit: WriteUnit
  resolve(outcome: ResultSet): void
  reject(error: unknown): void
}

/** So many units share a batch at the most: enough to win from one sync, few enough to keep a batch short. */
const groupSize = 50

/**
 * The one way to write. Units that wait at the same moment share one batch and so one sync to disk
 * (group commit). A statement's error rolls the batch back and the units are retried alone, so that one
 * never takes its neighbours down.
 */
export class WriteQueue {
  #client: Client
  #waiting: Waiting[] = []
  #running = false
  #listeners = new Set<() => void>()
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
   * @returns the rows of `outcome` (empty without one)
   * @throws {DatabaseUnavailable} when nothing was written; a statement's own error as it is
   */
  write(unit: WriteUnit): Promise<ResultSet> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ unit, resolve, reject })
      if (!this.#running) {
        this.#running = true
        // a turn of the event loop lets the units of other requests join
        setImmediate(() => void this.#drain())
      }
    })
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
      await this.#commit(this.#waiting.splice(0, groupSize))
      await this.afterBatch()
      if (this.#waiting.length > 0) await new Promise((next) => setImmediate(next))
    }
    this.#running = false
  }

  async #commit(group: Waiting[]) {
    if (await this.#refuseIfLost(group)) return
    try {
      const results = await this.#client.batch(
        group.flatMap(({ unit }) => statementsOf(unit)),
        'write',
      )
      if (await this.#refuseIfLost(group)) return
      let at = 0
      for (const { unit, resolve } of group) {
        at += unit.statements.length + 1
        resolve(results[at - 1] as ResultSet)
      }
      this.#tell()
    } catch (error) {
      if (isStatementError(error)) {
        if (group.length > 1) for (const each of group) await this.#commit([each])
        else group[0]?.reject(error)
        return
      }
      // fetch says no more than TypeError of a connection that was cut
      const cut = error instanceof TypeError && this.#client.protocol !== 'file'
      if (!isUnavailable(error) && !cut) {
        for (const { reject } of group) reject(error)
        return
      }
      if (await this.#refuseIfLost(group)) return
      await this.afterFailure(error)
      for (const each of group) await this.#settleAfterLoss(each, error)
    }
  }

  async #refuseIfLost(group: Waiting[]): Promise<boolean> {
    const lost = this.lost()
    if (!lost) return false
    const error = await lost
    for (const { reject } of group) reject(error)
    return true
  }

  /** On a server the commit may have happened though its answer was lost: look before sending again. */
  async #settleAfterLoss({ unit, resolve, reject }: Waiting, error: unknown) {
    if (this.#client.protocol === 'file' || !unit.outcome) {
      reject(new DatabaseUnavailable({ cause: error }))
      return
    }
    try {
      const found = await this.#client.execute(wellFormed(unit.outcome))
      if (found.rows.length > 0) resolve(found)
      else resolve((await this.#client.batch(statementsOf(unit), 'write')).at(-1) as ResultSet)
      this.#tell()
    } catch (again) {
      if (!isStatementError(again)) return reject(new DatabaseUnavailable({ cause: again }))
      // the first try may have come through after the look: then it stands in its own way
      const late = await this.#client.execute(wellFormed(unit.outcome)).catch(() => undefined)
      if (late && late.rows.length > 0) resolve(late)
      else reject(again)
    }
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

const nothing: Statement = { sql: 'SELECT 1 WHERE 0', args: [] }
const statementsOf = (unit: WriteUnit): Statement[] =>
  [...unit.statements, unit.outcome ?? nothing].map(wellFormed)
