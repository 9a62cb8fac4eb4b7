import type { JobView } from '~/domain/jobs/view'
import type { Permission } from '~/domain/policy'
import type { Reply } from './forms'
import { LabelFields } from './LabelFields'
import { metadataText, tagsText } from './label-text'
import { VerbPanel } from './VerbPanel'

interface LabelsPanelProps {
  job: Pick<JobView, 'id' | 'version' | 'tags' | 'metadata'>
  permission: Permission
  reply: Reply | undefined
}

/** The page on which both are changed, in any status. */
export function LabelsPanel({ job, permission, reply }: LabelsPanelProps) {
  return (
    <VerbPanel
      verb="tags"
      job={job}
      permission={permission}
      reply={reply}
      fields={(fields) => <LabelFields fields={fields} />}
      values={{ tags: tagsText(job.tags), metadata: metadataText(job.metadata) }}
    />
  )
}
