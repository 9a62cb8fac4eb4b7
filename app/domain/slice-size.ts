/** How long one slice of background work should take, in milliseconds: every other write waits for it. */
const sliceMs = 10

/**
 * How many jobs the next slice takes, so that it takes about `sliceMs`; it grows to twice the size at most.
 *
 * @param took how long the last slice of `size` jobs took, in milliseconds
 */
export function sizeAfter(size: number, took: number, { largest = 200 } = {}): number {
  const fitting = Math.round(size * Math.min(2, sliceMs / Math.max(took, 0.1)))
  return Math.min(largest, Math.max(1, fitting))
}
