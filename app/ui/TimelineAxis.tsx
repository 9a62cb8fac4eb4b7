import type { Tick } from '~/domain/jobs/timeline-axis'
import { durationText } from './time'

/** Round lengths of the job's life below its bars. Its text keeps its size at any width: only the places are in percent. */
export function TimelineAxis({ ticks }: { ticks: Tick[] }) {
  return (
    <svg aria-hidden="true" width="100%" height="20" className="overflow-visible">
      <line x1="0" x2="100%" y1="0.5" y2="0.5" className="stroke-line" />
      {ticks.map(({ x, lived }, index) => (
        <g key={lived}>
          <line x1={`${x / 10}%`} x2={`${x / 10}%`} y1="0" y2="5" className="stroke-line-strong" />
          <text x={`${x / 10}%`} y="17" textAnchor={anchor(index, ticks)} className="fill-ink-2 text-2xs">
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

const day = 24 * 3_600_000

/** Without the zeros: `5 min`, `2 h`, `3 days`. */
const lengthText = (ms: number) =>
  ms >= 2 * day
    ? `${(ms / day).toLocaleString('en', { maximumFractionDigits: 1 })} days`
    : durationText(ms)
        .replace(/\.0 s$/, ' s')
        .replace(/ 0 (s|min)$/, '')
