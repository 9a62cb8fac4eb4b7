import { type ReactNode, useState } from 'react'
import type { JobVerbPath } from '~/paths'
import type { ButtonVariant } from './button'
import { Draft } from './Draft'
import type { FormWords } from './decision-words'
import { useJobPlace } from './job-place'
import { useHints } from './keys/hints'
import { FormActions } from './page'
import { PostForm, SubmitButton, VersionInput } from './post-form'
import type { FieldMeta, FormMeta, Reply } from './reply-form'
import { TextArea } from './text-area'

interface VerbFormProps {
  verb: JobVerbPath
  words: FormWords
  job: { id: string; version: number }
  form: FormMeta
  /** That of its words at least. */
  fields: { feedback: FieldMeta; answer: FieldMeta }
  reply?: Reply
  /** What stood, or stands, in its way. */
  above?: ReactNode
  /** What is worth knowing before it is sent. */
  children?: ReactNode
  /** What is asked for beyond the one text of its words. */
  more?: ReactNode
  /** Beside the button: the way back. */
  also?: ReactNode
  variant?: ButtonVariant
  /** Whether it can be sent: one that came too late keeps what was typed, for copying, and has no button. */
  open?: boolean
}

/** A verb's own form: what it asks for, and the version that the person has seen. */
export function VerbForm({
  verb,
  words,
  job,
  form,
  fields,
  reply,
  above,
  children,
  more,
  also,
  variant,
  open = true,
}: VerbFormProps) {
  const { field, submit, pendingLabel, variant: usual = 'primary' } = words
  const place = useJobPlace()
  const hint = useHints()
  // The page around an open job is read again every few seconds; what was typed was meant for the job as it was, until a
  // refusal says what changed.
  const [version] = useState(job.version)
  return (
    <PostForm form={form} action={place.verb(job.id, verb)} className="flex flex-col gap-4">
      {above}
      {children}
      {field && (
        <TextArea
          field={fields[field.name]}
          label={field.label}
          description={field.description}
          rows={4}
          {...hint(verb)}
        />
      )}
      {more}
      <VersionInput version={version} reply={reply} />
      <FormActions>
        {open && (
          <SubmitButton variant={variant ?? usual} pendingLabel={pendingLabel} {...(!field && hint(verb))}>
            {submit}
          </SubmitButton>
        )}
        {also}
      </FormActions>
      {field && (
        <Draft name={`${verb}-${job.id}`} isFresh={!reply} isSent={(path) => path.endsWith(job.id)} />
      )}
    </PostForm>
  )
}
