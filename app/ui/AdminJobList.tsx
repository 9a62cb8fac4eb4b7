import type { Sort } from '~/domain/jobs/list-filter'
import { type ListPlace, paths } from '~/paths'
import { SelectBox } from './BatchSelection'
import { ByAdminMark } from './ByAdminMark'
import { useClientLinks } from './client-links'
import { JobNameCell } from './JobNameCell'
import { JobStatusBadge } from './JobStatusBadge'
import { fieldOf, sortLabels } from './list-words'
import type { ListedJob } from './listed-job'
import { Name } from './name'
import { SortHead } from './SortHead'
import { Time } from './time'

interface AdminJobListProps {
  jobs: ListedJob[]
  at: ListPlace
  sort: Sort
}

/** Everyone's jobs: a table, and on a narrow screen a card each. */
export function AdminJobList({ jobs, at, sort }: AdminJobListProps) {
  const table = useClientLinks<HTMLTableElement>()
  const byChange = fieldOf(sort) === 'updatedAt'
  const head = { scope: 'all', at, sort } as const
  return (
    <table ref={table} className="w-full text-left max-lg:block">
      <caption className="sr-only">Everyone's jobs, {sortLabels[sort].toLowerCase()}</caption>
      <thead className="border-b border-line text-xs text-ink-2 max-lg:sr-only">
        <tr>
          <th scope="col">
            <span className="sr-only">Selected</span>
          </th>
          <SortHead {...head} field="name" label="Name" className="w-full py-2 pr-3 pl-1.5" />
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
          <SortHead
            {...head}
            field={byChange ? 'updatedAt' : 'createdAt'}
            label={byChange ? 'Changed' : 'Created'}
            className="py-2 pr-4 pl-3 text-right whitespace-nowrap"
          />
        </tr>
      </thead>
      <tbody className="divide-y divide-line align-top max-lg:block">
        {jobs.map((job) => (
          <Row key={job.id} job={job} place={at} at={byChange ? job.updatedAt : job.createdAt} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ job, place, at }: { job: ListedJob; place: ListPlace; at: number }) {
  const agent = job.agentName ?? 'Anyone'
  return (
    <tr
      id={`job-${job.id}`}
      className="relative scroll-mt-24 target:bg-accent-soft hover:bg-hover max-lg:flex max-lg:flex-wrap max-lg:items-center max-lg:gap-x-2.5 max-lg:gap-y-1.5 max-lg:px-4 max-lg:py-3"
    >
      <td className="max-lg:self-start max-lg:p-0 lg:py-1.5 lg:pl-2.5">
        <SelectBox id={job.id} name={job.name} />
      </td>
      <JobNameCell
        job={job}
        scope="all"
        to={paths.deskJob(job.id, place)}
        className="py-2 pr-3 max-lg:w-[calc(100%-2.5rem)] max-lg:p-0 lg:pl-1.5"
      />
      <td className="max-lg:p-0 max-lg:pl-[2.125rem] lg:px-3 lg:py-1.75">
        <div className="flex items-center gap-1.5">
          <JobStatusBadge status={job.status} />
          {job.completedByAdmin && <ByAdminMark look="short" />}
        </div>
      </td>
      <td className="truncate text-ink-2 max-sm:order-last max-sm:w-full max-sm:pl-[2.125rem] max-lg:p-0 max-lg:text-xs lg:max-w-[10rem] lg:px-3 lg:py-2">
        <Name>{job.ownerName}</Name>
        <span className="lg:hidden">
          {' → '}
          <Name>{agent}</Name>
        </span>
      </td>
      <td className="truncate text-ink-2 max-lg:hidden lg:max-w-[10rem] lg:px-3 lg:py-2">
        <Name>{agent}</Name>
      </td>
      <td className="text-right text-ink-2 tabular-nums max-lg:hidden lg:px-3 lg:py-2">{job.attemptCount}</td>
      <td className="text-right whitespace-nowrap text-ink-2 max-lg:ml-auto max-lg:p-0 max-lg:text-xs lg:py-2 lg:pr-4 lg:pl-3">
        <Time at={at} />
      </td>
    </tr>
  )
}
