/** A chart as the server has drawn it: sideways in percent of its width, downwards in pixels. */
export interface Chart {
  height: number
  /** Lines across, and what they stand for. */
  levels: { y: number; label: string }[]
  ticks: Tick[]
  columns: Column[]
  /** A path in a box of 100 by `height`; null where there is none. */
  line: string | null
}

export interface Tick {
  x: number
  label: string
  /** What stands at either end is set flush with it, so that it stays inside. */
  anchor: 'start' | 'middle' | 'end'
  /** There is no room for it on a narrow screen. */
  isSpare: boolean
}

export interface Column {
  x: number
  width: number
  segments: Segment[]
  /** What it stands for, in words. */
  title: string
}

export interface Segment {
  kind: SegmentKind
  y: number
  height: number
}

/** `none`: nothing failed. */
export type SegmentKind = 'completed' | 'failed' | 'none'

const fills: Record<SegmentKind, string> = {
  completed: 'fill-completed',
  failed: 'fill-failed',
  none: 'fill-line-strong',
}

/**
 * Bars by the server's drawing. Its text and hatching keep their size at any width, since only the sideways places are
 * in percent. What failed is hatched too, for who can't tell the colours apart.
 *
 * @param label the chart in a sentence
 * @param id one of its own on the page
 */
export function ChartDrawing({ chart, label, id }: { chart: Chart; label: string; id: string }) {
  const { height, levels, ticks, columns } = chart
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
      <Levels chart={chart} />
      <svg role="img" aria-label={label} width="100%" height={height + 28} className="overflow-visible">
        <Hatching id={id} />
        {levels.map(({ y }) => (
          <line key={y} x1="0" x2="100%" y1={top + y} y2={top + y} className="stroke-line" />
        ))}
        {columns.map((column) => (
          <ColumnBar key={column.x} column={column} chart={chart} hatching={id} />
        ))}
        {chart.line && (
          <svg
            aria-hidden="true"
            y={top}
            width="100%"
            height={height}
            viewBox={`0 0 100 ${height}`}
            preserveAspectRatio="none"
            className="overflow-visible"
          >
            <path d={chart.line} className={lineClass} vectorEffect="non-scaling-stroke" />
          </svg>
        )}
        {ticks.map((tick) => (
          <text
            key={tick.x}
            x={`${tick.x}%`}
            y={top + height + 17}
            textAnchor={tick.anchor}
            className={`fill-ink-2 text-2xs ${tick.isSpare ? 'max-sm:hidden' : ''}`}
          >
            {tick.label}
          </text>
        ))}
      </svg>
    </div>
  )
}

/** Room for half a line of text above the highest level. */
const top = 8
const lineClass = 'pointer-events-none fill-none stroke-accent stroke-2 [stroke-linejoin:round]'

function Levels({ chart: { height, levels } }: { chart: Chart }) {
  return (
    <svg aria-hidden="true" width="32" height={height + 28} className="overflow-visible">
      {levels.map(({ y, label }) => (
        <text key={y} x="32" y={top + y + 4} textAnchor="end" className="fill-ink-2 text-2xs tabular-nums">
          {label}
        </text>
      ))}
    </svg>
  )
}

function ColumnBar({ column, chart, hatching }: { column: Column; chart: Chart; hatching: string }) {
  const { x, width, segments, title } = column
  const across = { x: `${x}%`, width: `${width}%` }
  return (
    <g className="group">
      <title>{title}</title>
      <rect {...across} y={top} height={chart.height} className="fill-transparent group-hover:fill-sunken" />
      {segments.map(({ kind, y, height }) => (
        <g key={kind}>
          <rect {...across} y={top + y} height={height} className={fills[kind]} />
          {kind === 'failed' && (
            <rect {...across} y={top + y} height={height} fill={`url(#${hatching}-hatching)`} />
          )}
        </g>
      ))}
    </g>
  )
}

function Hatching({ id }: { id: string }) {
  return (
    <defs>
      <pattern
        id={`${id}-hatching`}
        width="5"
        height="5"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <line x1="1" x2="1" y1="0" y2="5" className="stroke-surface stroke-2" />
      </pattern>
    </defs>
  )
}

/** What a chart's marks stand for. */
export function ChartKey({
  marks,
  id,
}: {
  marks: { kind: SegmentKind | 'line'; label: string }[]
  id: string
}) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-2">
      {marks.map(({ kind, label }) => (
        <li key={kind} className="flex items-center gap-1.5">
          <svg aria-hidden="true" width="14" height="10">
            <Hatching id={`${id}-${kind}`} />
            {kind === 'line' ? (
              <path d="M0 5H14" className={lineClass} />
            ) : (
              <rect width="14" height="10" className={fills[kind]} />
            )}
            {kind === 'failed' && <rect width="14" height="10" fill={`url(#${id}-${kind}-hatching)`} />}
          </svg>
          {label}
        </li>
      ))}
    </ul>
  )
}
