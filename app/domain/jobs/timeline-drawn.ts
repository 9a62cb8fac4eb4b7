import type { Phase, Stretch } from './timeline-stretches'

/** Which parts of a life a bar shows: pure. */

export interface Drawn extends Stretch {
  /** Milliseconds of it in which the job was not closed. */
  lived: number
  /** How many stretches it stands for. */
  many: number
}

/** So many are drawn as they are. */
const mostAlone = 120
/** Of more, what is shorter than such a part of the life is drawn with its neighbours. */
const parts = 60
/** A time in which it was closed is a gap of its own where it is more than such a part of all such times. */
const gaps = 8

const lasted = ({ from, to }: Stretch) => to - from
const livedIn = (stretch: Stretch) => (stretch.phase === 'closed' ? 0 : lasted(stretch))
const sum = (stretches: Stretch[], of: (each: Stretch) => number) =>
  stretches.reduce((all, each) => all + of(each), 0)

/**
 * Thousands of stretches are thinner than a line: neighbours become one, in the colour that is owed the most by then, so
 * that all of them together are to scale. At the most some 200 come of it.
 */
export function drawnOf(stretches: Stretch[]): Drawn[] {
  const asIs = (stretch: Stretch): Drawn => ({ ...stretch, lived: livedIn(stretch), many: 1 })
  if (stretches.length <= mostAlone) return stretches.map(asIs)
  const least = sum(stretches, livedIn) / parts
  const leastGap = sum(stretches, (each) => lasted(each) - livedIn(each)) / gaps
  const owed: Record<Phase, number> = { queued: 0, retry: 0, running: 0, people: 0, closed: 0 }
  const drawn: Drawn[] = []
  let together: Stretch[] = []
  const draw = () => {
    const [first, last] = [together[0], together.at(-1)]
    if (!first || !last) return
    for (const each of together) owed[each.phase] += livedIn(each)
    const lived = sum(together, livedIn)
    const phases = Object.keys(owed) as Phase[]
    const most = phases.reduce((best, each) => (owed[each] > owed[best] ? each : best))
    const phase = lived > 0 ? most : 'closed'
    owed[phase] -= lived
    drawn.push({ phase, from: first.from, to: last.to, lived, many: together.length })
    together = []
  }
  for (const stretch of stretches) {
    if (lasted(stretch) > (stretch.phase === 'closed' ? leastGap : least)) {
      draw()
      drawn.push(asIs(stretch))
      continue
    }
    together.push(stretch)
    if (least > 0 && sum(together, livedIn) >= least) draw()
  }
  draw()
  return drawn
}
