import type { CatchUpPolicy } from '~db/vocabulary'
import { dueAfter, dueUntil } from './cron'
import { zonedText } from './zoned'

/** What is done about due times that nobody was there for. Pure. */

/** A restart is no downtime: what is seen to within this time was not missed. In milliseconds. */
export const graceMs = 5 * 60_000
/** Of `all`, the newest so many. */
export const mostMissed = 100

export interface Due {
  cron: string
  timeZone: string
  catchUp: CatchUpPolicy
  /** Milliseconds since 1970 UTC; not after `now`. */
  nextAt: number
}

export interface DuePlan {
  /** Due times that get a job, oldest first. */
  make: number[]
  /** Those that get none, told as one: the newest of them, and how many. */
  skipped: { dueAt: number; note: string } | null
  /** The newest due time that this is about. */
  last: number
  /** When it is due again; null where it never is. */
  next: number | null
}

/** @throws {Error} where the expression or the zone is no longer known */
export function planRuns(due: Due, now: number): DuePlan {
  const { cron, timeZone, catchUp, nextAt } = due
  const found = dueUntil(cron, timeZone, { since: nextAt, until: now, most: mostMissed + 1 })
  const all = found.length > 0 ? found : [nextAt]
  const last = all.at(-1) as number
  const make =
    catchUp === 'all' ? all.slice(-mostMissed) : catchUp === 'skip' && now - last > graceMs ? [] : [last]
  const left = all.slice(0, all.length - make.length)
  return {
    make,
    skipped: skippedOf(left, all.length > mostMissed, due),
    last,
    next: dueAfter(cron, timeZone, now, 1)[0] ?? null,
  }
}

/** @param isMore whether there were more than were counted */
function skippedOf(left: number[], isMore: boolean, { timeZone, nextAt }: Due): DuePlan['skipped'] {
  const dueAt = left.at(-1)
  if (dueAt === undefined) return null
  const only = left.length === 1 && !isMore
  const from = zonedText(nextAt, timeZone)
  const which = isMore
    ? `All due times from ${from} to this one`
    : `${left.length} due times from ${from} to this one`
  return { dueAt, note: `${only ? 'This was' : `${which} were`} missed: Docket was not there.` }
}
