import { Link } from '@remix-run/react'
import type { JobOrigin, JobView } from '~/domain/jobs/view'
import { paths } from '~/paths'
import { useLabels } from './coming-labels'
import { LabelsLink, MetadataList, TagLinks } from './Labels'
import { Name } from './name'
import { Properties, Property } from './page'
import { Time } from './time'

/** The facts beside a job. */
export function JobProperties({ job, origin }: { job: JobView<unknown>; origin: JobOrigin }) {
  const { tags, metadata } = useLabels(job)
  return (
    <div className="flex flex-col gap-2.5">
      <Properties>
        <Property name="Owner">
          <Name>{job.ownerName}</Name>
        </Property>
        <Property name="Agent">
          <Name>{job.agentName ?? 'Anyone who takes unassigned jobs'}</Name>
          {job.agentName === null && job.lastAgentName !== null && (
            <span className="text-ink-2">
              , last <Name>{job.lastAgentName}</Name>
            </span>
          )}
        </Property>
        <Property name="Review">
          {job.review === 'required' ? 'The owner accepts the result' : 'Done when handed in'}
        </Property>
        <Property name="Priority">{job.priority === 0 ? 'Normal' : `${job.priority} of 9`}</Property>
        {job.runAfter !== null && (
          <Property name="Not before">
            <Time at={job.runAfter} />
          </Property>
        )}
        <Property name="Failures">
          {job.failures} of {job.maxAttempts}
        </Property>
        {job.timeoutSeconds !== null && (
          <Property name="Time limit">{job.timeoutSeconds.toLocaleString('en')} s an attempt</Property>
        )}
        <Property name="Created">
          <Time at={job.createdAt} />
        </Property>
        <Property name="Changed">
          <Time at={job.updatedAt} />
        </Property>
        {job.templateId !== null && (
          <Property name="Template">
            <Made from={origin.templateName} to={paths.template(job.templateId)} />
          </Property>
        )}
        {job.scheduleId !== null && (
          <Property name="Schedule">
            <Made from={origin.scheduleName} to={paths.schedule(job.scheduleId)} />
          </Property>
        )}
        {job.closedAt !== null && (
          <Property name="Closed">
            <Time at={job.closedAt} />
          </Property>
        )}
        {job.completedByAdmin && <Property name="By an admin">Completed without a review</Property>}
        {tags.length > 0 && (
          <Property name="Tags">
            <TagLinks tags={tags} />
          </Property>
        )}
        {Object.keys(metadata).length > 0 && (
          <Property name="Metadata">
            <MetadataList metadata={metadata} />
          </Property>
        )}
        <div className="col-span-2">
          <dt className="text-ink-2">Id</dt>
          <dd>
            <code className="font-mono text-xs break-all select-all">{job.id}</code>
          </dd>
        </div>
      </Properties>
      <LabelsLink job={job} />
    </div>
  )
}

/** What it was made from, as long as that is there. */
function Made({ from, to }: { from: string | null; to: string }) {
  if (from === null) return <span className="text-ink-2">removed, or no longer shared</span>
  return (
    <Link to={to} className="text-accent underline">
      <Name>{from}</Name>
    </Link>
  )
}
