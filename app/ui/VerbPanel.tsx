import { type ReactNode, useState } from 'react'
import type { Permission } from '~/domain/policy'
import type { JobVerbPath } from '~/paths'
import { LinkButton } from './button'
import { type FieldMeta, FormErrors, type Reply } from './forms'
import { useJobPlace } from './job-place'
import { KeptText } from './KeptText'
import { Notice } from './Notice'
import { Section } from './page'
import { useReplyForm } from './reply-form'
import { useSending } from './sending'
import { VerbForm } from './VerbForm'
import { verbWords } from './verb-words'

/** Everything that any verb asks for. */
type Asked = 'feedback' | 'answer' | 'reason' | 'result' | 'resultFormat' | 'agentId' | 'tags' | 'metadata'
type VerbValue = { [name in Asked]?: string }

export type VerbFields = Record<Asked, FieldMeta>

interface VerbPanelProps {
  verb: JobVerbPath
  job: { id: string; version: number }
  permission: Permission
  reply: Reply | undefined
  /** What is worth knowing before it is done, beyond what the verb says of itself. */
  children?: ReactNode
  fields?: (fields: VerbFields) => ReactNode
  /** What they hold at first. */
  values?: VerbValue
}

/** One verb on its own page, above the job: what it does, its form, and what stood in its way. */
export function VerbPanel({ verb, job, permission, reply, children, fields, values }: VerbPanelProps) {
  const { title, back = 'Back to the job' } = verbWords[verb]
  const place = useJobPlace()
  const wayBack = (
    <LinkButton to={place.job(job.id)} variant="quiet">
      {back}
    </LinkButton>
  )
  const [writtenFor, setWrittenFor] = useState<string>()
  const isSending = useSending()?.includes(job.id) ?? false
  // what somebody writes stays, also where another one was faster
  if (!permission.allowed && !reply && !isSending && writtenFor !== job.id) {
    return (
      <Section title={title}>
        <div className="flex flex-col gap-3">
          <Notice tone="warn">
            <p>{permission.reason}</p>
          </Notice>
          <div>{wayBack}</div>
        </div>
      </Section>
    )
  }
  return (
    <Section title={title}>
      <div onInput={() => setWrittenFor(job.id)}>
        <AnsweredForm
          key={job.id}
          {...{ verb, job, reply, fields, values }}
          also={wayBack}
          open={permission.allowed || isSending}
          late={permission.allowed || reply || isSending ? null : permission.reason}
        >
          {children}
        </AnsweredForm>
      </div>
    </Section>
  )
}

type AnsweredFormProps = Omit<VerbPanelProps, 'permission'> & {
  also: ReactNode
  open: boolean
  /** Why it can't be sent any more. */
  late: string | null
}

/** The form that this page answers for, with what was refused. */
function AnsweredForm({
  verb,
  job,
  reply,
  fields: asked,
  values,
  late,
  children,
  ...rest
}: AnsweredFormProps) {
  const [form, fields] = useReplyForm<VerbValue>({
    id: verb,
    reply,
    defaultValue: { resultFormat: 'json', ...values },
  })
  const words = verbWords[verb]
  return (
    <VerbForm
      {...{ verb, words, job, form, fields, reply, ...rest }}
      above={late ? <KeptText>{late}</KeptText> : <FormErrors form={form} reply={reply} />}
      more={asked?.(fields)}
    >
      {words.says && <p className="max-w-2xl text-ink-2">{words.says}</p>}
      {children}
    </VerbForm>
  )
}
