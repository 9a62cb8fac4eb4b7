import type { BatchView } from '~/domain/batches/view'
import { paths } from '~/paths'
import { BackLink } from './BackLink'
import { countsText } from './BatchList'
import { BatchStateBadge } from './BatchStateBadge'
import { batchTitle, dropLabel, sizeText } from './batch-words'
import { FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { RotateCcw } from './icons'
import { Notice } from './Notice'
import { Page, PageHeader, Section } from './page'
import { useReplyForm } from './reply-form'

interface VerbFormProps {
  batch: Pick<BatchView, 'id'>
  reply?: Reply
}

export function StopBatchForm({ batch, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'batch-stop', reply })
  return (
    <PostForm form={form} action={paths.batchVerb(batch.id, 'stop')} className="flex flex-col gap-2">
      <FormErrors form={form} />
      <SubmitButton variant="secondary" size="small" className="self-start" pendingLabel="Stopping…">
        Stop
      </SubmitButton>
    </PostForm>
  )
}

export function RetryBatchForm({ batch, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'batch-retry', reply })
  return (
    <PostForm form={form} action={paths.batchVerb(batch.id, 'retry')} className="flex flex-col gap-2">
      <FormErrors form={form} />
      <SubmitButton variant="secondary" size="small" className="self-start" pendingLabel="Looking…">
        <RotateCcw aria-hidden />
        Retry what failed…
      </SubmitButton>
    </PostForm>
  )
}

export function DropBatchForm({ batch, reply }: VerbFormProps) {
  const [form] = useReplyForm({ id: 'batch-drop', reply })
  return (
    <PostForm form={form} action={paths.batchVerb(batch.id, 'drop')} className="flex flex-col gap-2">
      <FormErrors form={form} />
      <SubmitButton variant="quiet" size="small" className="self-start">
        {dropLabel}
      </SubmitButton>
    </PostForm>
  )
}

const verbs = {
  stop: {
    title: 'Stop',
    words: 'What is done stays done. The jobs that are left stay as they are.',
    importWords: 'Jobs that were made stay. The rows that are left make none.',
    Form: StopBatchForm,
    from: ['RUNNING'],
    else: 'It is not running.',
  },
  retry: {
    title: 'Retry what failed',
    words:
      'The jobs that were refused, and those that were left alone, are looked at again. The next page asks first.',
    importWords:
      'The rows that made no job are checked again against the template as it is now. The next page asks first.',
    Form: RetryBatchForm,
    from: ['STOPPED', 'DONE'],
    else: 'It is not over yet.',
  },
  drop: {
    title: dropLabel,
    words: 'It has not been started. Nothing happens to its jobs.',
    importWords: 'It has not been started. No job is made, and its rows are deleted.',
    Form: DropBatchForm,
    from: ['DRAFT'],
    else: 'It has been started already.',
  },
} as const

interface BatchVerbPanelProps {
  verb: keyof typeof verbs
  batch: BatchView
  reply: Reply | undefined
}

/** A verb on a page of its own: what it means, and the button. What was refused is said here. */
export function BatchVerbPanel({ verb, batch, reply }: BatchVerbPanelProps) {
  const { title, words, importWords, Form, from, else: otherwise } = verbs[verb]
  const mayBe = from.some((state) => state === batch.state)
  return (
    <Page width="narrow">
      <PageHeader
        title={batchTitle(batch)}
        description={
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <BatchStateBadge batch={batch} />
            {sizeText(batch)}: {countsText(batch)}
          </span>
        }
        above={<BackLink to={paths.batch(batch.id)}>The batch</BackLink>}
      />
      <Section title={title}>
        <div className="flex flex-col gap-3">
          {mayBe ? (
            <p className="text-ink-2">{batch.verb === 'import' ? importWords : words}</p>
          ) : (
            <Notice tone="warn">{otherwise}</Notice>
          )}
          {(mayBe || reply) && <Form batch={batch} reply={reply} />}
        </div>
      </Section>
    </Page>
  )
}
