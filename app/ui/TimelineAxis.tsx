import type { Tick } from '~/domain/jobs/timeline-axis'

/** Round lengths of the job's life below its bars. Its text keeps its size at any width: only the places are in percent. */
export function TimelineAxis({ ticks }: { ticks: Tick[] }) {
  return (
    <svg aria-hidden="true" width="100%" height="20" className="overflow-visible">
      <line x1="0" x2="100%" y1="0.5" y2="0.5" className="stroke-line" />
      {ticks.map(({ x, lived }, index) => (
        <g key={lived}>
          <line x1={`${x / 10}%`} x2={`${x / 10}%`} y1="0" y2="5" className="stroke-line-strong" />
          <text
            x={`${x / 10}%`}
            y="17"
            textAnchor={anchor(index, ticks)}
            className={`fill-ink-2 text-2xs ${index > 0 && index < ticks.length - 1 ? '@max-sm:hidden' : ''}`}
          >
            {lived === 0 ? '0' : lengthText(lived)}
          </text>
        </g>
      ))}
    </svg>
  )
}

/** Set flush with an end, so that it stays inside. */
const anchor = (index: number, ticks: Tick[]) =>
  index === 0 ? 'start' : index === ticks.length - 1 ? 'end' : 'middle'

const units = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1000],
  ['ms', 1],
] as const

/** In one unit, since room is short: `5 min`, `12.7 h`, `3 days`. */
export function lengthText(ms: number): string {
  const [unit, size] = units.find(([, each]) => ms >= (each === 86_400_000 ? 2 * each : each)) ?? ['ms', 1]
  return `${(ms / size).toLocaleString('en', { maximumFractionDigits: 1 })} ${unit}`
}
