import { dayStarts, hourStart } from '../zones/calendar'

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs
/** Jobs are counted by the quarter of an hour: every time zone's hours and days begin with one. */
export const quarterMs = hourMs / 4

/** What came of jobs in a stretch of time. A job that closes twice (it was handed in again) counts twice. */
export interface Flow {
  created: number
  completed: number
  failed: number
  canceled: number
}

export interface Bucket extends Flow {
  /** When it begins, in milliseconds since 1970 UTC. */
  at: number
}

/** A stretch of time up to now, cut into hours or days of a time zone, the oldest first. The last one still runs. */
export interface Period {
  each: 'hour' | 'day'
  /** The time zone whose hours or days they are. */
  zone: string
  buckets: Bucket[]
  total: Flow
  /** The total of as many hours or days before. */
  before: Flow
  /** The buckets before this time are approximate, to within the hour; null: all are exact. */
  exactSince: number | null
}

/** `number`: which bucket, 0 being the oldest of those before. `coarse`: the last quarter whose row stands for its whole hour. */
export type FlowRow = Flow & { number: number; coarse: number | null }

const counts = { hour: 24, day: 30 } as const

/**
 * When the hours or days of a period begin, the oldest first, and as many before them: 24 hours or 30 days, the last of
 * which is the one that runs. After clocks were changed by half an hour (Lord Howe), hours go on as they begin now.
 */
export function startsOf(each: Period['each'], now: number, zone: string): number[] {
  const count = 2 * counts[each]
  if (each === 'day') return dayStarts(now, zone, count)
  const last = hourStart(now, zone)
  return Array.from({ length: count }, (_, n) => last - (count - 1 - n) * hourMs)
}

/**
 * @param starts of the period and of as long a time before it, as `startsOf` has them
 * @param rows buckets in which nothing happened are missing
 */
export function periodOf(each: Period['each'], zone: string, starts: number[], rows: FlowRow[]): Period {
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  const all = starts.map((at, n) => ({ at, ...flowOf(byNumber.get(n)) }))
  const [before, buckets] = [all.slice(0, -counts[each]), all.slice(-counts[each])]
  return {
    each,
    zone,
    buckets,
    total: sum(buckets),
    before: sum(before),
    exactSince: exactSince(starts, rows),
  }
}

function exactSince(starts: number[], rows: FlowRow[]): number | null {
  const coarse = Math.max(...rows.map((row) => row.coarse ?? -1))
  const isWithinHours = starts.some((at) => at % hourMs !== 0)
  return coarse >= 0 && isWithinHours ? coarse * quarterMs + hourMs : null
}

const flowOf = (row?: Flow): Flow => ({
  created: row?.created ?? 0,
  completed: row?.completed ?? 0,
  failed: row?.failed ?? 0,
  canceled: row?.canceled ?? 0,
})

const sum = (flows: Flow[]): Flow =>
  flows.reduce<Flow>(
    (all, each) => ({
      created: all.created + each.created,
      completed: all.completed + each.completed,
      failed: all.failed + each.failed,
      canceled: all.canceled + each.canceled,
    }),
    flowOf(),
  )

/** Of the jobs that came to an end by themselves, the share that failed, 0 to 1; null where none did. */
export function failureRate({ completed, failed }: Pick<Flow, 'completed' | 'failed'>): number | null {
  return completed + failed === 0 ? null : failed / (completed + failed)
}
