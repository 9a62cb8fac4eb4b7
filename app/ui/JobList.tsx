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

interface JobListProps {
  jobs: ListedJob[]
  at: ListPlace
  sort: Sort
}

/** One's jobs: a table, and on a narrow screen a card each. */
export function JobList({ jobs, at, sort }: JobListProps) {
  const table = useClientLinks<HTMLTableElement>()
  const byChange = fieldOf(sort) === 'updatedAt'
  const head = { scope: 'own', at, sort } as const
  return (
    <table ref={table} className="w-full text-left max-md:block">
      <caption className="sr-only">Jobs, {sortLabels[sort].toLowerCase()}</caption>
      <thead className="border-b border-line text-xs text-ink-2 max-md:sr-only">
        <tr>
          <th scope="col">
            <span className="sr-only">Selected</span>
          </th>
          <SortHead {...head} field="name" label="Name" className="w-full py-2 pr-3 pl-1.5" />
          <th scope="col" className="px-3 py-2 font-medium">
            Status
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
      <tbody className="divide-y divide-line align-top max-md:block">
        {jobs.map((job) => (
          <JobRow key={job.id} job={job} at={byChange ? job.updatedAt : job.createdAt} />
        ))}
      </tbody>
    </table>
  )
}

function JobRow({ job, at }: { job: ListedJob; at: number }) {
  return (
    <tr className="relative hover:bg-hover max-md:flex max-md:flex-wrap max-md:items-center max-md:gap-x-2.5 max-md:gap-y-1.5 max-md:px-4 max-md:py-3">
      <td className="max-md:self-start max-md:p-0 md:py-1.5 md:pl-2.5">
        <SelectBox id={job.id} name={job.name} />
      </td>
      <JobNameCell
        job={job}
        scope="own"
        to={paths.job(job.id)}
        className="py-2 pr-3 max-md:w-[calc(100%-2.5rem)] max-md:p-0 md:pl-1.5"
      />
      <td className="max-md:p-0 max-md:pl-[2.125rem] md:px-3 md:py-1.75">
        <div className="flex items-center gap-1.5">
          <JobStatusBadge status={job.status} />
          {job.completedByAdmin && <ByAdminMark look="short" />}
        </div>
      </td>
      <td className="text-ink-2 max-md:min-w-0 max-md:flex-1 max-md:basis-8 max-md:truncate max-md:p-0 max-md:text-xs max-[22.5rem]:order-last max-[22.5rem]:basis-full max-[22.5rem]:pl-[2.125rem] md:max-w-[10rem] md:truncate md:px-3 md:py-2">
        <Name>{job.agentName ?? 'Anyone'}</Name>
      </td>
      <td className="text-right text-ink-2 tabular-nums max-md:hidden md:px-3 md:py-2">{job.attemptCount}</td>
      <td className="text-right whitespace-nowrap text-ink-2 max-md:ml-auto max-md:p-0 max-md:text-xs md:py-2 md:pr-4 md:pl-3">
        <Time at={at} />
      </td>
    </tr>
  )
}
