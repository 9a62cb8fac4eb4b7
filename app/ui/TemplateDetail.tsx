import { valueField } from '~/domain/schedules/view'
import type { TemplateView } from '~/domain/templates/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { Draft } from './Draft'
import { FieldError, type FieldMeta, FormErrors, PostForm, type Reply, SubmitButton } from './forms'
import { Notice } from './Notice'
import { Name } from './name'
import { FormActions, Page, PageHeader, Section } from './page'
import { useReplyForm } from './reply-form'
import { ScheduleValues } from './ScheduleValues'
import { TemplatesNav } from './TemplatesNav'

interface TemplateDetailProps {
  template: TemplateView
  isOwn: boolean
  mayChange: boolean
  idempotencyKey: string
  /** About what its texts hold that looks like a blank and is none. */
  warning: string | null
  reply: Reply | undefined
}

/** A template: what it makes, and the form that makes it. */
export function TemplateDetail(props: TemplateDetailProps) {
  const { template, isOwn, mayChange, warning } = props
  const { id, name, description, job } = template
  return (
    <Page>
      <PageHeader
        above={<TemplatesNav />}
        title={<Name>{name}</Name>}
        description={
          <>
            {description && <span className="block wrap-anywhere">{description}</span>}
            {isOwn ? (
              template.shared ? (
                'Yours, shared with everyone.'
              ) : (
                'Yours alone.'
              )
            ) : (
              <>
                {template.shared ? 'Shared by ' : 'Of '}
                <Name>{template.ownerName}</Name>.
              </>
            )}
          </>
        }
        actions={
          <>
            <LinkButton to={paths.templateCsv(id)} size="small">
              Jobs from CSV
            </LinkButton>
            <LinkButton to={paths.newSchedule(id)} size="small">
              Schedule it
            </LinkButton>
            {mayChange && (
              <LinkButton to={paths.editTemplate(id)} size="small">
                Edit
              </LinkButton>
            )}
            {mayChange && (
              <LinkButton to={paths.removeTemplate(id)} size="small" variant="quiet">
                Remove…
              </LinkButton>
            )}
          </>
        }
      />
      <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-2">
        <Section title="New job from it">
          <MakeForm {...props} />
        </Section>
        <Section title="What it makes">
          <div className="flex min-w-0 flex-col gap-3">
            {warning && (
              <Notice tone="warn">
                <p>{warning}</p>
              </Notice>
            )}
            <Text label="Name" text={job.name} />
            <Text label="Description" text={job.description} />
            <Text label="Acceptance criteria" text={job.acceptanceCriteria} />
            {job.tags.length > 0 && <Text label="Tags" text={job.tags.join(', ')} />}
          </div>
        </Section>
      </div>
    </Page>
  )
}

function MakeForm({ template, idempotencyKey, reply }: TemplateDetailProps) {
  const { variables } = template
  const values = Object.fromEntries(variables.map((each) => [valueField(each.name), each.default ?? '']))
  const [form, fields] = useReplyForm<Record<string, string | undefined>>({
    id: 'make',
    reply,
    defaultValue: values,
  })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      {variables.length === 0 && <p className="text-ink-2">It has no blanks to fill in.</p>}
      <ScheduleValues variables={variables} fieldOf={(name) => fields[valueField(name)] as FieldMeta} />
      <FieldError field={fields.values as FieldMeta} />
      <input type="hidden" name="idempotencyKey" value={reply?.idempotencyKey ?? idempotencyKey} />
      <Draft
        name={`template-${template.id}`}
        served={values}
        isLong
        isFresh={!reply}
        isSent={(path) => path.startsWith('/jobs/')}
      />
      <FormActions>
        <SubmitButton pendingLabel="Handing in…">Hand in job</SubmitButton>
      </FormActions>
    </PostForm>
  )
}

function Text({ label, text }: { label: string; text: string }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <h3 className="text-xs font-medium text-ink-2">{label}</h3>
      <p dir="auto" className="whitespace-pre-wrap wrap-anywhere">
        {text}
      </p>
    </div>
  )
}
