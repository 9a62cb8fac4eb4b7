import { newestProgress, type Progress } from '~/domain/jobs/progress'
import type { JobStatus } from '~db/vocabulary'
import type { LogRow } from './live-job'
import { Name } from './name'

interface JobProgressProps {
  status: JobStatus
  /** As the page was read. */
  progress: Progress | null
  /** Rows of the log that may have come since then, oldest first. */
  heard?: LogRow[]
}

/** How far the agent says it is, by its newest line that says so. */
export function JobProgress({ status, progress, heard = [] }: JobProgressProps) {
  const newest = newestProgress(progress, heard)
  if (status !== 'IN_PROGRESS' || !newest) return null
  const { percent, message } = newest
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between gap-3 text-xs text-ink-2">
        <Name className="min-w-0 truncate">{message || 'Working'}</Name>
        <span className="tabular-nums">{percent}%</span>
      </div>
      <progress
        max={100}
        value={percent}
        aria-label="Progress"
        className="h-2 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
    </div>
  )
}
