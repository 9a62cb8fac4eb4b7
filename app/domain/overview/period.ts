export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

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

/** A stretch of time up to now, cut into equal buckets, the oldest first. The last one still runs. */
export interface Period {
  /** How long a bucket is, in milliseconds. */
  each: number
  buckets: Bucket[]
  total: Flow
  /** The total of as long a time before. */
  before: Flow
}

/** `number`: which bucket, counted from 1970. */
export type FlowRow = Flow & { number: number }

/** The first bucket of a period of `count` that ends with the one that runs. */
export const firstOf = (now: number, each: number, count: number) => Math.floor(now / each) - count + 1

/** @param rows of the period and of as long a time before it; buckets in which nothing happened are missing */
export function periodOf(rows: FlowRow[], now: number, each: number, count: number): Period {
  const first = firstOf(now, each, count)
  const byNumber = new Map(rows.map((row) => [row.number, row]))
  const buckets = Array.from({ length: count }, (_, n) => ({
    at: (first + n) * each,
    ...flowOf(byNumber.get(first + n)),
  }))
  return { each, buckets, total: sum(buckets), before: sum(rows.filter(({ number }) => number < first)) }
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
