import type { ReactNode } from 'react'
import { type JobVerbPath, paths } from '~/paths'
import type { ButtonVariant } from './button'
import { FormErrors, PostForm, type Reply, SubmitButton, TextArea, useReplyForm } from './forms'
import { FormActions } from './page'

interface VerbFormProps {
  job: { id: string; version: number }
  path: JobVerbPath
  /** The button's words. */
  submit: string
  pendingLabel?: string
  variant?: ButtonVariant
  reply?: Reply
  /** The text that the verb asks for. */
  field?: { name: 'feedback' | 'answer'; label: string; description?: string }
  /** Beside the button: the way back. */
  also?: ReactNode
}

/** A verb's own form: its text where it asks for one, and the version that the person has seen. */
export function VerbForm({
  job,
  path,
  submit,
  pendingLabel,
  variant = 'primary',
  reply,
  field,
  also,
}: VerbFormProps) {
  const [form, fields] = useReplyForm<{ feedback?: string; answer?: string }>({ id: path, reply })
  return (
    <PostForm form={form} action={paths.jobVerb(job.id, path)} className="flex flex-col gap-3">
      <FormErrors form={form} reply={reply} />
      {field && (
        <TextArea field={fields[field.name]} label={field.label} description={field.description} rows={4} />
      )}
      <input type="hidden" name="version" value={job.version} />
      <FormActions>
        <SubmitButton variant={variant} pendingLabel={pendingLabel}>
          {submit}
        </SubmitButton>
        {also}
      </FormActions>
    </PostForm>
  )
}
