import type { ListScope } from '~db/vocabulary'
import { JobTags } from './JobTags'
import type { ListedJob } from './listed-job'
import { Name } from './name'
import { WaitingLine } from './WaitingLine'

interface JobNameCellProps {
  job: ListedJob
  scope: ListScope
  /** Where the row leads to. */
  to: string
  className: string
}

/** What a row is about: its name, which makes the whole row a link, its priority and tags, and why it waits. */
export function JobNameCell({ job, scope, to, className }: JobNameCellProps) {
  return (
    <td className={className}>
      <div className="flex items-baseline gap-2">
        <a
          href={to}
          data-job={job.id}
          className={`line-clamp-2 min-w-0 font-medium wrap-anywhere after:absolute after:inset-0 ${scope === 'own' ? 'md:line-clamp-1' : 'lg:line-clamp-1'}`}
        >
          <Name>{job.name}</Name>
        </a>
        {job.priority > 0 && (
          <span className="shrink-0 rounded-sm border border-line px-1 font-mono text-2xs text-ink-2">
            <span className="sr-only">Priority </span>P{job.priority}
          </span>
        )}
      </div>
      {job.tags.length > 0 && (
        <div className="mt-0.5 flex flex-wrap items-center gap-1">
          <JobTags tags={job.tags} scope={scope} />
        </div>
      )}
      {job.waitingFor && <WaitingLine waiting={job.waitingFor} quiet />}
    </td>
  )
}
