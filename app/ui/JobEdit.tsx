import { useState } from 'react'
import type { AgentChoice } from '~/domain/agents/view'
import type { JobView } from '~/domain/jobs/view'
import type { Permission } from '~/domain/policy'
import { LinkButton } from './button'
import type { Reply } from './forms'
import { JobForm, jobFormValue } from './JobForm'
import { useJobPlace } from './job-place'
import { KeptText } from './KeptText'
import { Notice } from './Notice'
import { Name } from './name'
import { PageHeader } from './page'
import { useSettings } from './settings'

interface JobEditProps {
  job: JobView
  agents: AgentChoice[]
  permission: Permission
  reply: Reply | undefined
}

/** The page on which a job that no agent has begun is changed. */
export function JobEdit({ job, agents, permission, reply }: JobEditProps) {
  const place = useJobPlace()
  const { timeZone } = useSettings()
  const [writtenFor, setWrittenFor] = useState<string>()
  const isLate = !permission.allowed && !reply
  return (
    <>
      <PageHeader title="Edit job" description={<Name>{job.name}</Name>} />
      {!isLate || writtenFor === job.id ? (
        <div className="flex min-w-0 flex-col gap-4" onInput={() => setWrittenFor(job.id)}>
          {isLate && <KeptText>{permission.reason}</KeptText>}
          <JobForm
            key={job.id}
            agents={agents}
            reply={reply}
            values={jobFormValue(job, timeZone)}
            job={job}
            open={!isLate}
          />
        </div>
      ) : (
        <>
          <Notice tone="warn">
            <p>{permission.allowed || permission.reason}</p>
          </Notice>
          <div>
            <LinkButton to={place.job(job.id)}>Back to the job</LinkButton>
          </div>
        </>
      )}
    </>
  )
}
