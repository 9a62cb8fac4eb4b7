import type { Desk } from './desk'

/** How many milliseconds one slice of background work should take, since other writes wait for it, and the fewest jobs in it. */
const limits = {
  file: { ms: 10, fewest: 1 },
  // much of that is the round trip, which one job costs as well: without a lower limit the size would fall to one
  server: { ms: 100, fewest: 20 },
}
const most = 200

/**
 * How many jobs the next slice takes, so that it takes about as long as it should; it grows to twice the size at most.
 *
 * @param took how long the last slice of `size` jobs took, in milliseconds
 */
export function sizeAfter({ db }: Desk, size: number, took: number): number {
  const { ms, fewest } = limits[db.path === null ? 'server' : 'file']
  const fitting = Math.round(size * Math.min(2, ms / Math.max(took, 0.1)))
  return Math.min(most, Math.max(fewest, fitting))
}
