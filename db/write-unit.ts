import type { InStatement, ResultSet } from '@libsql/client'
import { wellFormed } from './well-formed'

export type Statement = Exclude<InStatement, string>

/**
 * Statements that are written whole or not at all. Guards are in their SQL: a unit that lost a race changes no row.
 *
 * The answer of a libSQL server can be lost after the commit, so each unit says how to find out what became of it.
 */
export type WriteUnit = { statements: Statement[]; lane?: Lane } & (Provable | Repeatable)

/** What a libSQL server gets past the queue, with a deadline of its own. A file has one queue for all. */
export type Lane = 'claims' | 'renewals'

interface Provable {
  /**
   * Reads what the unit did, by an id of its own: it gives no row before the unit ran. It runs last in the batch, and
   * alone after a lost answer: its rows prove the commit.
   */
  outcome: Statement
  repeatable?: undefined
  result?: undefined
}

interface Repeatable {
  /** The unit leaves the same behind whether it runs once or twice, so it is sent again after a lost answer. */
  repeatable: true
  /** Runs last in the batch and reads what is there after it. */
  result?: Statement
  outcome?: undefined
}

/** In tests the outcome also runs before the unit: an outcome that gives rows there proves nothing. */
const checksOutcomes = process.env.NODE_ENV === 'test'

/** A unit's part of a batch. @param isFirst whether it was never sent before */
export function statementsOf(unit: WriteUnit, isFirst: boolean): Statement[] {
  const check = isChecked(unit, isFirst) ? [unit.outcome as Statement] : []
  return [...check, ...unit.statements, unit.outcome ?? unit.result ?? nothing].map(wellFormed)
}

/** @returns the rows that answer the unit @throws in tests, if the outcome proves nothing */
export function resultOf(unit: WriteUnit, isFirst: boolean, results: ResultSet[]): ResultSet {
  if (isChecked(unit, isFirst) && (results[0] as ResultSet).rows.length > 0) {
    throw new Error(`This outcome gives rows before its unit ran: ${unit.outcome?.sql}`)
  }
  return results.at(-1) as ResultSet
}

const isChecked = (unit: WriteUnit, isFirst: boolean) =>
  checksOutcomes && isFirst && unit.outcome !== undefined

/**
 * Changes nothing, but has a read replica pass the batch to its primary, which alone has the newest rows: a batch that
 * only reads it answers itself, even one in `write` mode.
 */
export const writesNothing: Statement = { sql: 'DELETE FROM probes WHERE false', args: [] }

const nothing: Statement = { sql: 'SELECT 1 WHERE 0', args: [] }
