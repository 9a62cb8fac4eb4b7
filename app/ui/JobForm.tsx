import { Link } from '@remix-run/react'
import type { AgentChoice } from '~/domain/agents/view'
import type { JobView } from '~/domain/jobs/view'
import { localText } from '~/domain/zones/clock'
import { paths } from '~/paths'
import { AgentSelection } from './AgentSelection'
import { LinkButton } from './button'
import { Draft } from './Draft'
import { FormErrors, PostForm, type Reply, SubmitButton, TextArea, TextField, VersionInput } from './forms'
import { JobFormAdvanced } from './JobFormAdvanced'
import { useJobPlace } from './job-place'
import { metadataText, tagsText } from './label-text'
import { Notice } from './Notice'
import { FormActions } from './page'
import { useReplyForm } from './reply-form'

/** The form's fields as text, by the names they have in JSON too. */
export interface JobFormValue extends Record<string, string | undefined> {
  name?: string
  description?: string
  acceptanceCriteria?: string
  agentId?: string
  priority?: string
  /** As `datetime-local` has it, by the clocks of the time zone. */
  runAfter?: string
  timeZone?: string
  maxAttempts?: string
  timeoutSeconds?: string
  review?: string
  /** Parted by commas. */
  tags?: string
  /** Lines `key=value`. */
  metadata?: string
}

/** A job as its form shows it. */
export const jobFormValue = (job: JobView, timeZone: string): JobFormValue => ({
  name: job.name,
  description: job.description,
  acceptanceCriteria: job.acceptanceCriteria,
  agentId: job.assignedAgentId ?? '',
  priority: String(job.priority),
  runAfter: job.runAfter === null ? '' : localText(job.runAfter, timeZone),
  maxAttempts: String(job.maxAttempts),
  timeoutSeconds: job.timeoutSeconds === null ? '' : String(job.timeoutSeconds),
  review: job.review,
  tags: tagsText(job.tags),
  metadata: metadataText(job.metadata),
})

interface JobFormProps {
  agents: AgentChoice[]
  reply: Reply | undefined
  values: JobFormValue
  /** A new job's: sent twice, it makes one job. */
  idempotencyKey?: string
  /** The job that is changed. */
  job?: Pick<JobView, 'id' | 'version' | 'assignedAgentId' | 'agentName' | 'runAfter'>
  /** Tells the drafts of forms apart that begin with something. */
  draft?: string
  /** Whether it can be sent: one that came too late is there for copying. */
  open?: boolean
}

/** Hands in a job, or changes one that no agent has begun. */
export function JobForm({ agents, reply, values, idempotencyKey, job, draft: name = 'new' }: JobFormProps) {
  const [form, fields] = useReplyForm<JobFormValue>({
    id: 'job',
    reply,
    defaultValue: values,
  })
  const place = useJobPlace()
  const made = reply?.conflict?.reason === 'idempotency_key_reused' ? reply.conflict : undefined
  const current = job?.assignedAgentId
    ? { id: job.assignedAgentId, name: job.agentName ?? 'Its agent' }
    : undefined

  return (
    <PostForm form={form} data-does={idempotencyKey && 'create'} className="flex min-w-0 flex-col gap-4">
      {made ? <MadeAlready jobId={made.jobId} /> : <FormErrors form={form} reply={reply} />}
      <TextField
        field={fields.name}
        label="Name"
        description="What it is about, in a line."
        maxLength={200}
        autoComplete="off"
      />
      <TextArea
        field={fields.description}
        label="Description"
        description="What is to be done, and all the agent needs to know for it."
        rows={5}
      />
      <TextArea
        field={fields.acceptanceCriteria}
        label="Acceptance criteria"
        description="What you will judge the result by: one checkable criterion a line."
        rows={3}
        className="min-h-19!"
      />
      <AgentSelection field={fields.agentId} agents={agents} current={current} anyone />
      <JobFormAdvanced fields={fields} runAfter={job?.runAfter ?? null} />
      {idempotencyKey && (
        <input type="hidden" name="idempotencyKey" value={reply?.idempotencyKey ?? idempotencyKey} />
      )}
      {job && <VersionInput version={job.version} reply={reply} />}
      <FormActions>
        <SubmitButton pendingLabel={job ? 'Saving…' : 'Handing in…'}>
          {job ? 'Save changes' : 'Hand in job'}
        </SubmitButton>
        <LinkButton to={job ? place.job(job.id) : paths.jobs()} variant="quiet">
          {job ? 'Discard changes' : 'Cancel'}
        </LinkButton>
        {/* after all that is read or pressed, so that nothing of it moves when this comes */}
        <Draft
          name={job ? `edit-${job.id}` : name}
          served={values}
          isLong
          isFresh={!reply}
          isSent={(path) => /\/jobs\/[0-9a-z]{26}$/.test(path)}
        />
      </FormActions>
    </PostForm>
  )
}

/** The same page was sent before, with another text. */
function MadeAlready({ jobId }: { jobId?: string }) {
  return (
    <Notice tone="warn" role="alert" title="A job was made from this form already">
      <p>
        {jobId && (
          <>
            <Link to={paths.job(jobId)} className="text-accent underline">
              Open that job
            </Link>
            {', or '}
          </>
        )}
        hand in what you wrote here as a second one: nothing of it is lost.
      </p>
    </Notice>
  )
}
