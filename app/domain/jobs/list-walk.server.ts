import { Buffer } from 'node:buffer'
import type { Cursor } from '../cursor'
import { type Args, statement } from '../sql'
import type { ListPlan, Placed } from './list-plan.server'
import { namesJoined, summaryColumns } from './stored.server'

/** The statements of a list's plan. */

/** Where a walk begins, and whether it goes against the list's order. */
export interface Start {
  key: Cursor['key'] | null
  backwards: boolean
}

export const isUpwards = (plan: ListPlan, { backwards }: Start) => plan.ascending !== backwards

/**
 * A walk along the index from a place on.
 * @param most an argument's name, or more: what comes after LIMIT
 */
function walkSql(plan: ListPlan, start: Start, most: string): string {
  const up = isUpwards(plan, start)
  const { low, high } = plan.range
  const [first] = plan.key
  const key = `(${plan.key.map(({ sql }) => sql).join(', ')})`
  const begins = beginsAt(plan, start)
  const within = [
    ...(begins ? [`${key} ${up ? '>' : '<'} (${plan.key.map((_, n) => `:key${n}`).join(', ')})`] : []),
    ...(low !== undefined && !(begins && up) ? [`${first?.sql} >= :low`] : []),
    ...(high !== undefined && !(begins && !up) ? [`${first?.sql} < :high`] : []),
  ]
  const arms = plan.arms.map(
    ({ from, where }) => `SELECT ${plan.columns} FROM ${from} WHERE ${[...where, ...within].join(' AND ')}`,
  )
  const order = plan.key.map(({ sql }) => `${sql} ${up ? 'ASC' : 'DESC'}`).join(', ')
  return `${arms.join(' UNION ALL ')} ORDER BY ${order} LIMIT ${most}`
}

/** Whether it begins at the key: one beyond the range it is bound to leaves the range's own end as the beginning. */
function beginsAt(plan: ListPlan, start: Start): boolean {
  if (!start.key) return false
  const [first] = start.key
  const { low, high } = plan.range
  if (typeof first !== 'number') return true
  return isUpwards(plan, start) ? low === undefined || first >= low : high === undefined || first < high
}

const walkArgs = (plan: ListPlan, { key }: Start): Args => ({
  ...plan.args,
  ...Object.fromEntries((key ?? []).map((each, n) => [`key${n}`, each])),
  ...{ low: plan.range.low ?? null, high: plan.range.high ?? null },
})

const placedColumns = 'j.no, j.id, j.name, j.priority, j.createdAt, j.updatedAt'

function rowsStatement(plan: ListPlan, start: Start, columns: string, joined: string, limit: number) {
  const most = plan.isExact ? Math.min(limit, plan.most) : plan.most
  const where = plan.conditions.length > 0 ? `WHERE ${plan.conditions.join(' AND ')}` : ''
  return statement(
    `SELECT ${columns} FROM (${walkSql(plan, start, ':most')}) w CROSS JOIN jobs j ON ${plan.join} ${joined}
     ${where} LIMIT :limit`,
    { ...walkArgs(plan, start), most, limit },
  )
}

/** Rows of the list, in no order. */
export const pageStatement = (plan: ListPlan, start: Start, limit: number) =>
  rowsStatement(plan, start, summaryColumns, namesJoined, limit)

/** The same, their places alone. */
export const idsStatement = (plan: ListPlan, start: Start, limit: number) =>
  rowsStatement(plan, start, placedColumns, '', limit)

/** Rows by their numbers. */
export const rowsOf = (placed: Placed[]) =>
  statement(
    `SELECT ${summaryColumns} FROM json_each(:numbers) w CROSS JOIN jobs j ON j.no = w.value ${namesJoined}`,
    { numbers: JSON.stringify(placed.map(({ no }) => no)) },
  )

/** Rows by their ids: one owner's, or anyone's. */
export const byIds = (ids: string[], ownerId: string | null) =>
  statement(
    `SELECT ${summaryColumns} FROM json_each(:ids) w CROSS JOIN jobs j ON j.id = w.value ${namesJoined}
     WHERE :ownerId IS NULL OR j.userId = :ownerId`,
    { ids: JSON.stringify(ids), ownerId },
  )

/** The last row that was looked at, where there may be more behind it. */
export const lastLookedAt = (plan: ListPlan, start: Start) =>
  statement(
    // passes over what the page has just looked at, and no more
    `SELECT ${placedColumns} FROM (${walkSql(plan, start, '1 OFFSET :seen')}) w CROSS JOIN jobs j ON ${plan.join}`,
    { ...walkArgs(plan, start), seen: plan.most - 1 },
  )

/** All that is looked at from the newest on, and whether each is in the list. */
export const lookedAt = (plan: ListPlan) =>
  statement(
    `SELECT ${placedColumns}, ${plan.conditions.join(' AND ')} AS fits
     FROM (${walkSql({ ...plan, ascending: false }, top, ':most')}) w CROSS JOIN jobs j ON ${plan.join}`,
    { ...walkArgs(plan, top), most: plan.most },
  )
const top: Start = { key: null, backwards: false }

/** As SQLite's NOCASE has it: the letters of ASCII alone, and by their bytes. */
const folded = (text: string) => Buffer.from(text.replace(/[A-Z]/g, (letter) => letter.toLowerCase()))

/** Below 0 where `a` comes first, ascending. */
export function compareKeys(a: Cursor['key'], b: Cursor['key']): number {
  for (const [n, left] of a.entries()) {
    const right = b[n]
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : Buffer.compare(folded(String(left)), folded(String(right)))
    if (order !== 0) return order
  }
  return 0
}

export const keyOf = (columns: (keyof Placed)[]) => (row: Placed) => columns.map((name) => row[name])
