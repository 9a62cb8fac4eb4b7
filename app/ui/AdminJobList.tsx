import { Link } from '@remix-run/react'
import type { JobSummary } from '~/domain/jobs/view'
import { type DeskPlace, paths } from '~/paths'
import { ByAdminMark } from './ByAdminMark'
import { JobStatusBadge } from './JobStatusBadge'
import { Name } from './name'
import { Time } from './time'
import { WaitingLine } from './WaitingLine'

interface AdminJobListProps {
  jobs: JobSummary[]
  at: DeskPlace
}

/** Everyone's jobs, newest first: a table, and on a narrow screen a card each. */
export function AdminJobList({ jobs, at }: AdminJobListProps) {
  return (
    <table className="w-full text-left max-lg:block">
      <caption className="sr-only">Everyone's jobs, newest first</caption>
      <thead className="border-b border-line text-xs text-ink-2 max-lg:sr-only">
        <tr>
          <th scope="col" className="w-full py-2 pr-3 pl-4 font-medium">
            Name
          </th>
          <th scope="col" className="px-3 py-2 font-medium">
            Status
          </th>
          <th scope="col" className="px-3 py-2 font-medium">
            Owner
          </th>
          <th scope="col" className="px-3 py-2 font-medium">
            Agent
          </th>
          <th scope="col" className="px-3 py-2 text-right font-medium">
            Attempts
          </th>
          <th scope="col" className="py-2 pr-4 pl-3 text-right font-medium">
            Created
          </th>
        </tr>
      </thead>
      <tbody className="divide-y divide-line max-lg:block">
        {jobs.map((job) => (
          <Row key={job.id} job={job} at={at} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ job, at }: { job: JobSummary; at: DeskPlace }) {
  const agent = job.agentName ?? job.lastAgentName ?? 'Anyone'
  return (
    <tr
      id={`job-${job.id}`}
      className="relative scroll-mt-24 target:bg-accent-soft hover:bg-hover max-lg:flex max-lg:flex-wrap max-lg:items-center max-lg:gap-x-2.5 max-lg:gap-y-1.5 max-lg:px-4 max-lg:py-3"
    >
      <td className="py-2 pr-3 max-lg:w-full max-lg:p-0 lg:pl-4">
        <div className="flex items-baseline gap-2">
          <Link
            to={paths.deskJob(job.id, at)}
            className="line-clamp-2 font-medium wrap-anywhere after:absolute after:inset-0 lg:line-clamp-1"
          >
            <Name>{job.name}</Name>
          </Link>
          {job.priority > 0 && (
            <span className="shrink-0 rounded-sm border border-line px-1 font-mono text-2xs text-ink-2">
              <span className="sr-only">Priority </span>P{job.priority}
            </span>
          )}
        </div>
        {job.waitingFor && <WaitingLine waiting={job.waitingFor} quiet />}
      </td>
      <td className="max-lg:p-0 lg:px-3">
        <div className="flex items-center gap-1.5">
          <JobStatusBadge status={job.status} />
          {job.completedByAdmin && <ByAdminMark look="short" />}
        </div>
      </td>
      <td className="truncate text-ink-2 max-sm:order-last max-sm:w-full max-lg:p-0 max-lg:text-xs lg:max-w-36 lg:px-3">
        <Name>{job.ownerName}</Name>
        <span className="lg:hidden">
          {' → '}
          <Name>{agent}</Name>
        </span>
      </td>
      <td className="truncate text-ink-2 max-lg:hidden lg:max-w-40 lg:px-3">
        <Name>{agent}</Name>
      </td>
      <td className="text-right text-ink-2 tabular-nums max-lg:hidden lg:px-3">{job.attemptCount}</td>
      <td className="text-right whitespace-nowrap text-ink-2 max-lg:ml-auto max-lg:p-0 max-lg:text-xs lg:pr-4 lg:pl-3">
        <Time at={job.createdAt} />
      </td>
    </tr>
  )
}
