import { maxRetentionDays, type RetentionView } from '~/domain/retention/view'
import { paths } from '~/paths'
import { Checkbox, FormErrors, PostForm, type Reply, SubmitButton, TextField } from './forms'
import { Notice } from './Notice'
import { FormActions, Section } from './page'
import { useReplyForm } from './reply-form'

interface RetentionFormProps {
  retention: RetentionView
  isSaved: boolean
  reply: Reply | undefined
}

/** After how many days closed jobs are archived and purged. */
export function RetentionForm({ retention, isSaved, reply }: RetentionFormProps) {
  const { archiveAfterDays, purgeAfterDays, version } = retention
  const [form, fields] = useReplyForm<Record<'archiveAfterDays' | 'purgeAfterDays' | 'confirmed', string>>({
    id: 'retention',
    reply,
    defaultValue: {
      archiveAfterDays: archiveAfterDays === null ? '' : String(archiveAfterDays),
      purgeAfterDays: purgeAfterDays === null ? '' : String(purgeAfterDays),
    },
  })
  const days = { type: 'number', min: 1, max: maxRetentionDays, step: 1, optional: true, className: 'w-28' }
  return (
    <>
      {isSaved && (
        <Notice tone="good" role="status">
          Saved. Docket starts on it within ten minutes, and then looks once a day.
        </Notice>
      )}
      <Section title="Closed jobs">
        <PostForm form={form} action={paths.retention} className="flex flex-col gap-4">
          <FormErrors form={form} reply={reply} />
          <TextField
            field={fields.archiveAfterDays}
            label="Archive after days"
            description="Archived jobs leave the lists; their pages and logs stay. Leave empty to never archive."
            {...days}
          />
          <TextField
            field={fields.purgeAfterDays}
            label="Purge after days"
            description="Purged jobs are deleted with their logs, attempts and results, for their owners too. Leave empty to never purge."
            {...days}
          />
          <Checkbox
            field={fields.confirmed}
            label="Purge jobs for good"
            description="Needed to start purging, or to purge sooner. It can’t be undone."
          />
          <input type="hidden" name="version" value={version} />
          <FormActions>
            <SubmitButton>Save</SubmitButton>
          </FormActions>
        </PostForm>
      </Section>
    </>
  )
}
