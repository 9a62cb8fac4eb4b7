import type { AgentChoice } from '~/domain/agents/view'
import { type BatchArgs, type BatchView, batchArgOf } from '~/domain/batches/view'
import { paths } from '~/paths'
import { AgentSelection } from './AgentSelection'
import { BatchPreviewTable } from './BatchPreviewTable'
import { DropBatchForm } from './BatchVerbs'
import { batchWords, dropLabel, importWords, jobsText } from './batch-words'
import { buttonClass } from './button'
import { type FieldMeta, FormErrors, PostForm, type Reply, SubmitButton, TextArea, TextField } from './forms'
import { Notice } from './Notice'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'

interface BatchConfirmProps {
  batch: BatchView
  agents: AgentChoice[]
  reply: Reply | undefined
}

/** What it will do and to how many, what it needs to know, and the button. */
export function BatchConfirm({ batch, agents, reply }: BatchConfirmProps) {
  const { verb, args, preview } = batch
  const [form, fields] = useReplyForm<{ [name in keyof BatchArgs]?: string }>({
    id: 'batch',
    reply,
    defaultValue: {
      agentId: args.agentId,
      reason: args.reason,
      tag: args.tag,
      priority: args.priority === undefined ? undefined : String(args.priority),
    },
  })
  const { submit, pendingLabel, isDanger, says } = verb === 'import' ? importWords : batchWords[verb]
  const none = preview.eligible === 0
  return (
    <Section title="Before it starts">
      <div className="flex flex-col gap-4">
        <p className="max-w-2xl text-ink-2">
          {says}
          {verb !== 'import' &&
            ' These very jobs are meant, whatever else comes to match meanwhile; each is looked at again when its turn comes.'}
        </p>
        <BatchPreviewTable verb={verb} preview={preview} />
        {none ? (
          <>
            <Notice tone="warn" title="There is nothing to do">
              <p>
                {verb === 'import'
                  ? 'No row can be made into a job.'
                  : 'It can’t be done to any of these jobs.'}
              </p>
            </Notice>
            <DropBatchForm batch={batch} />
          </>
        ) : (
          <PostForm form={form} action={paths.batchVerb(batch.id, 'confirm')} className="flex flex-col gap-4">
            <FormErrors form={form} reply={reply} />
            <Asked verb={verb} fields={fields} agents={agents} />
            <FormActions>
              <SubmitButton variant={isDanger ? 'danger' : 'primary'} pendingLabel={pendingLabel}>
                {submit} {jobsText(preview.eligible)}
              </SubmitButton>
              <button
                type="submit"
                formAction={paths.batchVerb(batch.id, 'drop')}
                formNoValidate
                className={buttonClass({ variant: 'quiet' })}
              >
                {dropLabel}
              </button>
            </FormActions>
          </PostForm>
        )}
      </div>
    </Section>
  )
}

interface AskedProps {
  verb: BatchView['verb']
  fields: Record<keyof BatchArgs, FieldMeta>
  agents: AgentChoice[]
}

/** What the verb needs to know. */
function Asked({ verb, fields, agents }: AskedProps) {
  switch (batchArgOf[verb]) {
    case 'agentId':
      return <AgentSelection field={fields.agentId} agents={agents} label="Their agent from now on" />
    case 'reason':
      return (
        <TextArea
          field={fields.reason}
          label="Reason"
          description="Why they count as done. It waives every criterion, and is kept in each log for the owner to read."
          rows={3}
          maxLength={5000}
        />
      )
    case 'priority':
      return (
        <TextField
          field={fields.priority}
          label="Priority"
          description="0, the usual, to 9, the highest."
          type="number"
          min={0}
          max={9}
          step={1}
          className="w-28"
        />
      )
    case 'tag':
      return (
        <TextField
          field={fields.tag}
          label="Tag"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="max-w-xs"
        />
      )
    default:
      return null
  }
}
