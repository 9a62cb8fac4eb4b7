import { isOpen } from './status'
import { type Tick, ticksOf } from './timeline-axis'
import type { AttemptSummary, TurnView } from './view'

/** How a job's time went by: pure. Times are milliseconds since 1970 UTC. */

/**
 * - `queued`: waits for an agent; `retry`: the same after an attempt that did not end well
 * - `running`: an agent has it
 * - `people`: waits for an answer or a decision
 * - `closed`: nobody had to do anything
 */
export type Phase = 'queued' | 'retry' | 'running' | 'people' | 'closed'

export interface Stretch {
  phase: Phase
  from: number
  to: number
}

/** A part of a bar, in thousandths of its width. */
export interface Bar {
  phase: Phase
  x: number
  width: number
  /** Milliseconds. */
  lasted: number
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

/** The least width of anything, so that it is seen. */
const least = 6
/** A time in which the job was closed is a gap of this width, however long it was. */
const gap = 40
const mostLanes = 20

function phaseOf({ status, kind }: TurnView): Phase {
  if (!isOpen(status)) return 'closed'
  if (status === 'IN_PROGRESS') return 'running'
  if (status === 'INPUT_REQUIRED' || status === 'IN_REVIEW') return 'people'
  return kind === 'fail' || kind === 'expire' || kind === 'release' ? 'retry' : 'queued'
}

/** The job's life from its first turn to its end, without a gap; neighbours of one phase are one. */
export function stretchesOf(turns: TurnView[], now: number): Stretch[] {
  const stretches: Stretch[] = []
  // clocks of several processes: no turn is before the one that it follows
  let at = turns[0]?.createdAt ?? now
  for (const [index, turn] of turns.entries()) {
    const next = turns[index + 1]
    const from = at
    at = Math.max(at, next?.createdAt ?? (isOpen(turn.status) ? now : at))
    const before = stretches.at(-1)
    // what is done beside (an edit, a tag) changes no phase
    const phase = before && beside.has(turn.kind) ? before.phase : phaseOf(turn)
    if (before?.phase === phase) before.to = at
    else stretches.push({ phase, from, to: at })
  }
  return stretches
}

const beside = new Set<TurnView['kind']>(['edit', 'tag', 'archive'])

/** Everything a timeline draws. @param turns oldest first */
export function timelineOf(turns: TurnView[], attempts: AttemptSummary[], now: number): Timeline {
  const stretches = stretchesOf(turns, now)
  const widths = widthsOf(stretches)
  let x = 0
  const bars = stretches.map(({ phase, from, to }, index): Bar => {
    const bar = { phase, x, width: widths[index] ?? 0, lasted: to - from }
    x += bar.width
    return bar
  })
  const placed = placeIn(stretches, bars)
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
    isWhole: (turns[0]?.number ?? 1) === 1,
  }
}

/** By attempt what sent the job to an agent once more; nothing for a first try. */
function causesOf(turns: TurnView[]): Map<number, RetryCause> {
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
  return said !== null && said.length > mostSaid ? `${said.slice(0, mostSaid).trimEnd()}…` : said
}

/** To scale, but for what would be too small to see, and for gaps; together 1000. */
function widthsOf(stretches: Stretch[]): number[] {
  const lasted = stretches.map(({ phase, from, to }) => (phase === 'closed' ? 0 : to - from))
  const fixed: number[] = stretches.map(({ phase, from, to }) =>
    phase !== 'closed' ? least : to > from ? gap : 0,
  )
  const bound = fixed.reduce((sum, width) => sum + width, 0)
  const total = lasted.reduce((sum, each) => sum + each, 0)
  if (bound === 0) return stretches.map(() => 0)
  // many small ones shrink together
  const room = Math.max(0, 1000 - bound)
  const scale = total > 0 ? room / total : 0
  const widths = fixed.map((width, index) => width + (lasted[index] ?? 0) * scale)
  const sum = widths.reduce((all, width) => all + width, 0)
  return widths.map((width) => (width / sum) * 1000)
}

/** Where a moment is on the bar. */
function placeIn(stretches: Stretch[], bars: Bar[]): (at: number) => number {
  return (at) => {
    for (const [index, { from, to }] of stretches.entries()) {
      const bar = bars[index] as Bar
      if (at >= to && index < stretches.length - 1) continue
      const part = to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0
      return bar.x + part * bar.width
    }
    return 0
  }
}
