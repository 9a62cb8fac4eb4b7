import { Link } from '@remix-run/react'
import { statusLabels } from '~/domain/jobs/status'
import type { JobSummary } from '~/domain/jobs/view'
import { paths } from '~/paths'
import type { JobStatus } from '~db/vocabulary'
import { ByAdminMark } from './ByAdminMark'
import { LinkButton } from './button'
import { EmptyState } from './EmptyState'
import { ExampleLinks } from './ExampleLinks'
import { Inbox, Plus, SearchX } from './icons'
import { JobStatusBadge } from './JobStatusBadge'
import { Name } from './name'
import { Time } from './time'
import { WaitingLine } from './WaitingLine'

interface JobListProps {
  jobs: JobSummary[]
  /** What the list is filtered by; null shows all. */
  status: JobStatus | null
  /** Whether there is any job at all, filter or not. */
  hasAny: boolean
}

/** Jobs, newest first: a table, and on a narrow screen a card each. */
export function JobList({ jobs, status, hasAny }: JobListProps) {
  if (jobs.length === 0) return hasAny ? <NoMatch status={status} /> : <NeverUsed />
  return (
    <table className="w-full text-left max-md:block">
      <caption className="sr-only">{status ? statusLabels[status] : 'All'} jobs, newest first</caption>
      <thead className="border-b border-line text-xs text-ink-2 max-md:sr-only">
        <tr>
          <th scope="col" className="w-full py-2 pr-3 pl-4 font-medium">
            Name
          </th>
          <th scope="col" className="px-3 py-2 font-medium">
            Status
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
      <tbody className="divide-y divide-line max-md:block">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} />
        ))}
      </tbody>
    </table>
  )
}

function JobRow({ job }: { job: JobSummary }) {
  return (
    <tr className="relative hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-2.5 max-md:gap-y-1.5 max-md:px-4 max-md:py-3">
      <td className="py-2 pr-3 max-md:w-full max-md:p-0 md:pl-4">
        <div className="flex items-baseline gap-2">
          <Link
            to={paths.job(job.id)}
            className="line-clamp-2 font-medium wrap-anywhere after:absolute after:inset-0 md:line-clamp-1"
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
      <td className="max-md:p-0 md:px-3">
        <div className="flex items-center gap-1.5">
          <JobStatusBadge status={job.status} />
          {job.completedByAdmin && <ByAdminMark look="short" />}
        </div>
      </td>
      <td className="text-ink-2 max-md:min-w-0 max-md:flex-1 max-md:basis-8 max-md:truncate max-md:p-0 max-md:text-xs md:max-w-40 md:truncate md:px-3">
        <Name>{job.agentName ?? job.lastAgentName ?? 'Anyone'}</Name>
      </td>
      <td className="text-right text-ink-2 tabular-nums max-md:hidden md:px-3">{job.attemptCount}</td>
      <td className="text-right whitespace-nowrap text-ink-2 max-md:ml-auto max-md:p-0 max-md:text-xs md:pr-4 md:pl-3">
        <Time at={job.createdAt} />
      </td>
    </tr>
  )
}

function NoMatch({ status }: { status: JobStatus | null }) {
  return (
    <EmptyState
      Icon={SearchX}
      title={status ? `No job is ${statusLabels[status].toLowerCase()}` : 'No more jobs here'}
      actions={<LinkButton to={paths.jobs()}>Show all jobs</LinkButton>}
    />
  )
}

function NeverUsed() {
  return (
    <EmptyState
      Icon={Inbox}
      title="Hand in your first job"
      actions={
        <LinkButton to={paths.newJob()} variant="primary">
          <Plus aria-hidden />
          New job
        </LinkButton>
      }
      below={
        <div className="rounded-lg border border-line p-2">
          <h3 className="px-2 py-1 text-left text-xs font-medium text-ink-2">Or start from an example</h3>
          <ExampleLinks />
        </div>
      }
    >
      <p>
        Say what is to be done and what you will judge the result by. An agent does it, every step is on the
        record, and you accept the result or send it back.
      </p>
    </EmptyState>
  )
}
