import type { JobStatus } from '~db/vocabulary'
import type { LogRow } from './live-job'
import { Name } from './name'

/** How far the agent says it is, by its newest line that says so. */
export function JobProgress({ status, rows }: { status: JobStatus; rows: LogRow[] }) {
  if (status !== 'IN_PROGRESS') return null
  const began = rows.findLastIndex(({ kind }) => kind === 'claim')
  const said = rows.slice(began + 1).findLast(({ kind }) => kind === 'progress')
  const [, percent, words] = /^(\d{1,3})%(?:: )?(.*)$/s.exec(said?.message ?? '') ?? []
  if (percent === undefined) return null
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-xs text-ink-2">
        <Name className="min-w-0 truncate">{words || 'Working'}</Name>
        <span className="tabular-nums">{percent}%</span>
      </div>
      <progress
        max={100}
        value={Number(percent)}
        aria-label="Progress"
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
    </div>
  )
}
