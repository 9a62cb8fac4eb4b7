/** What stands below a timeline's bars: pure. */

export interface Tick {
  /** In thousandths of the width. */
  x: number
  /** Milliseconds of the job's life until there; the time in which it was closed does not count. */
  lived: number
}

interface Placed {
  phase: string
  x: number
  width: number
  lasted: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((many) => many * second),
  ...[1, 2, 5, 10, 15, 30].map((many) => many * minute),
  ...[1, 2, 3, 6, 12].map((many) => many * hour),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((many) => many * day),
]
/** At the most, in a life that is to scale. */
const mostTicks = 4
/** Labels need room on a narrow screen. */
const apart = 220

/**
 * Round lengths of life and where they are reached: the first at the beginning, the last one at the end. What is too
 * short to be seen is drawn wider, so that they need not be equally far apart; where they would be too near each other,
 * some are left out.
 *
 * @param bars as they are drawn, without a gap
 */
export function ticksOf(bars: readonly Placed[]): Tick[] {
  const life = bars.reduce((sum, each) => sum + livedIn(each), 0)
  if (life <= 0) return []
  const step = steps.find((each) => life / each <= mostTicks) ?? Math.ceil(life / mostTicks / day) * day
  const ticks: Tick[] = [{ x: 0, lived: 0 }]
  for (let lived = step; lived < life; lived += step) {
    const x = placeOf(bars, lived)
    if (x - (ticks.at(-1)?.x ?? 0) >= apart && x <= 1000 - apart) ticks.push({ x, lived })
  }
  return [...ticks, { x: 1000, lived: life }]
}

const livedIn = ({ phase, lasted }: Placed) => (phase === 'closed' ? 0 : lasted)

/** Where so much of the life is over. */
function placeOf(bars: readonly Placed[], lived: number): number {
  let before = 0
  for (const bar of bars) {
    const here = livedIn(bar)
    if (here > 0 && lived <= before + here) return bar.x + ((lived - before) / here) * bar.width
    before += here
  }
  return 1000
}
