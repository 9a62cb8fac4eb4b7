import { beginning } from '../beginning'
import { type Tick, ticksOf } from './timeline-axis'
import { type Drawn, drawnOf } from './timeline-drawn'
import { type Phase, stretchesOf } from './timeline-stretches'
import type { AttemptSummary, LifeTurn } from './view'

/** How a job's time went by: pure. Times are milliseconds since 1970 UTC. */

/** A part of a bar, in thousandths of its width. */
export interface Bar {
  phase: Phase
  x: number
  width: number
  /** Milliseconds; of several parts together those in which the job was not closed. */
  lasted: number
  /** How many parts it stands for, too thin to be seen each. */
  many: number
}

export interface Lane {
  number: number
  agentName: string
  outcome: AttemptSummary['outcome']
  isSentBack: boolean
  x: number
  width: number
  lasted: number
  isRunning: boolean
  /** What made it necessary, where it is not the first. */
  after: RetryCause | null
  /** What was said of its end: an error, a question, what it was sent back with. Only the beginning. */
  why: string | null
}

/** The verbs that send a job to an agent once more. */
const retryCauses = ['fail', 'expire', 'release', 'answer', 'sendBack', 'resubmit', 'reassign'] as const
export type RetryCause = (typeof retryCauses)[number]

export interface Timeline {
  from: number
  /** The end, or the moment of reading while it is open. */
  to: number
  bars: Bar[]
  ticks: Tick[]
  /** The newest attempts, oldest first. */
  lanes: Lane[]
  /** How many earlier ones have no lane. */
  moreLanes: number
  totals: Record<Exclude<Phase, 'closed'>, number>
  /** Whether it begins with the first thing that happened. */
  isWhole: boolean
}

/** The least width of anything, so that it is seen; of many parts less, or nothing would be to scale. */
const least = 6
const leastOfAll = 300
/** A time in which the job was closed is a gap of this width, however long it was. */
const gap = 40
const mostLanes = 20

/**
 * Everything a timeline draws.
 * @param turns the whole life, or the newest part of it; oldest first
 * @param attempts the newest ones, oldest first
 */
export function timelineOf(turns: LifeTurn[], attempts: AttemptSummary[], now: number): Timeline {
  const stretches = stretchesOf(turns, now)
  const drawn = drawnOf(stretches)
  const widths = widthsOf(drawn)
  let x = 0
  const bars = drawn.map(({ phase, from, to, lived, many }, index): Bar => {
    const bar = { phase, x, width: widths[index] ?? 0, lasted: phase === 'closed' ? to - from : lived, many }
    x += bar.width
    return bar
  })
  const placed = placeIn(drawn, bars)
  const shown = attempts.slice(-mostLanes)
  const causes = causesOf(turns)
  const lanes = shown.map((attempt): Lane => {
    const end = attempt.endedAt ?? Math.max(now, attempt.startedAt)
    const begin = placed(attempt.startedAt)
    const width = Math.min(1000, Math.max(least, placed(end) - begin))
    return {
      ...{ number: attempt.number, agentName: attempt.agentName, outcome: attempt.outcome, width },
      // sums of widths are a hair off
      x: Math.max(0, Math.min(begin, 1000 - width)),
      lasted: Math.max(0, end - attempt.startedAt),
      isSentBack: attempt.outcome === 'SUBMITTED' && attempt.feedback !== null,
      isRunning: attempt.endedAt === null,
      after: causes.get(attempt.number) ?? null,
      why: whyOf(attempt),
    }
  })
  const totals = { queued: 0, retry: 0, running: 0, people: 0 }
  for (const { phase, from, to } of stretches) if (phase !== 'closed') totals[phase] += to - from
  return {
    from: stretches[0]?.from ?? now,
    to: stretches.at(-1)?.to ?? now,
    ...{ bars, lanes, totals, ticks: ticksOf(bars) },
    moreLanes: attempts.length - shown.length + ((attempts[0]?.number ?? 1) - 1),
    isWhole: (turns[0]?.kind ?? 'create') === 'create',
  }
}

/** By attempt what sent the job to an agent once more; nothing for a first try. */
function causesOf(turns: LifeTurn[]): Map<number, RetryCause> {
  const causes = new Map<number, RetryCause>()
  let last: RetryCause | undefined
  for (const { kind, attempt } of turns) {
    last = retryCauses.find((each) => each === kind) ?? last
    if (kind === 'claim' && attempt !== null && last) causes.set(attempt, last)
  }
  return causes
}

/** So many characters of what was said of an attempt's end. */
const mostSaid = 200

function whyOf({ error, question, feedback }: AttemptSummary): string | null {
  const said = feedback ?? question ?? error
  return said !== null && said.length > mostSaid ? `${beginning(said, mostSaid).trimEnd()}…` : said
}

/** To scale, but for what would be too small to see, and for gaps; together 1000. */
function widthsOf(drawn: Drawn[]): number[] {
  const lasted = drawn.map(({ lived }) => lived)
  const seen = Math.min(least, leastOfAll / drawn.length)
  const fixed: number[] = drawn.map(({ phase, from, to }) =>
    phase !== 'closed' ? seen : to > from ? gap : 0,
  )
  const bound = fixed.reduce((sum, width) => sum + width, 0)
  const total = lasted.reduce((sum, each) => sum + each, 0)
  if (bound === 0) return drawn.map(() => 0)
  // many small ones shrink together
  const room = Math.max(0, 1000 - bound)
  const scale = total > 0 ? room / total : 0
  const widths = fixed.map((width, index) => width + (lasted[index] ?? 0) * scale)
  const sum = widths.reduce((all, width) => all + width, 0)
  return widths.map((width) => (width / sum) * 1000)
}

/** Where a moment is on the bar. */
function placeIn(drawn: Drawn[], bars: Bar[]): (at: number) => number {
  return (at) => {
    for (const [index, { from, to }] of drawn.entries()) {
      const bar = bars[index] as Bar
      if (at >= to && index < drawn.length - 1) continue
      const part = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0
      return bar.x + part * bar.width
    }
    return 0
  }
}
