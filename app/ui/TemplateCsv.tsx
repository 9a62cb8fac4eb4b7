import type { CsvPreview, TemplateView } from '~/domain/templates/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { FirstJobs } from './FirstJobs'
import { FieldError, type FieldMeta, FormErrors, PostForm, type Reply, SubmitButton, TextArea } from './forms'
import { Notice } from './Notice'
import { Name } from './name'
import { FormActions, Page, PageHeader, Section } from './page'
import { useReplyForm } from './reply-form'

interface TemplateCsvProps {
  template: Pick<TemplateView, 'id' | 'name' | 'variables'>
  reply: (Reply & { preview?: CsvPreview; csv?: string }) | undefined
}

/** One job a row of a CSV text: what it would make first, and then the jobs. */
export function TemplateCsv({ template, reply }: TemplateCsvProps) {
  return (
    <Page>
      <PageHeader title="Jobs from CSV" description={<Name>{template.name}</Name>} />
      {reply?.preview && reply.csv !== undefined ? (
        <Preview
          id={template.id}
          preview={reply.preview}
          csv={reply.csv}
          idempotencyKey={reply.idempotencyKey ?? ''}
        />
      ) : (
        <Upload template={template} reply={reply} />
      )}
    </Page>
  )
}

function Upload({ template: { id, variables }, reply }: TemplateCsvProps) {
  const [form, fields] = useReplyForm<{ csv?: string; file?: string; agentId?: string }>({ id: 'csv', reply })
  const header = [...variables.map(({ name }) => name), 'priority', 'tags'].join(',')
  return (
    <PostForm form={form} encType="multipart/form-data" className="flex max-w-3xl flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      <FieldError field={fields.agentId as FieldMeta} />
      {reply?.idempotencyKey && <input type="hidden" name="idempotencyKey" value={reply.idempotencyKey} />}
      <div className="flex flex-col gap-1 text-ink-2">
        <p>
          The first row names the columns: the template’s variables
          {variables.some(({ required, default: preset }) => !required || preset !== null) &&
            ' (those with a default, or not required, may be left out)'}
          , and priority and tags where wanted.
        </p>
        <p>
          <code className="font-mono text-xs wrap-anywhere">{header}</code>
        </p>
      </div>
      <div className="flex flex-col gap-1">
        <label htmlFor={fields.file.id} className="font-medium">
          A file
        </label>
        <p className="text-xs text-ink-2">Up to 100,000 rows and 50 MB, in UTF-8 or UTF-16.</p>
        <input
          id={fields.file.id}
          name="file"
          type="file"
          accept=".csv,.tsv,text/csv,text/plain"
          className="control h-auto py-1.5"
        />
      </div>
      <TextArea
        field={fields.csv as FieldMeta}
        label="Or the rows, typed or pasted"
        description="Up to 1 MB."
        rows={8}
        className="font-mono text-xs"
        spellCheck={false}
        optional
      />
      <FormActions>
        <SubmitButton pendingLabel="Reading…">Look at it first</SubmitButton>
        <LinkButton to={paths.template(id)} variant="quiet">
          Cancel
        </LinkButton>
      </FormActions>
    </PostForm>
  )
}

interface PreviewProps {
  id: string
  preview: CsvPreview
  csv: string
  idempotencyKey: string
}

const jobs = (count: number) => (count === 1 ? '1 job' : `${count.toLocaleString('en')} jobs`)

function Preview({ id, preview: { rows, good, bad, first }, csv, idempotencyKey }: PreviewProps) {
  const [form] = useReplyForm({ id: 'make', reply: undefined })
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <Notice tone={bad.length > 0 ? 'warn' : 'info'} role="status" title="Nothing is made yet">
        <p>
          {rows.toLocaleString('en')} rows: {jobs(good)} can be made
          {bad.length > 0 && `, ${bad.length.toLocaleString('en')} can’t`}.
        </p>
      </Notice>
      {bad.length > 0 && (
        <Section title="Rows that can’t be made into jobs" flush>
          <ul className="max-h-96 divide-y divide-line overflow-y-auto">
            {bad.map(({ row, errors }) => (
              <li key={row} className="flex flex-wrap gap-x-3 px-4 py-2 wrap-anywhere">
                <span className="font-medium whitespace-nowrap">Row {row}</span>
                <ul className="min-w-0 flex-1 basis-60 text-danger">
                  {Object.entries(errors).map(([field, messages]) => (
                    <li key={field}>
                      {field !== 'row' && <span className="font-mono text-xs">{field}: </span>}
                      {messages.join(' ')}
                    </li>
                  ))}
                </ul>
              </li>
            ))}
          </ul>
        </Section>
      )}
      {first.length > 0 && <FirstJobs jobs={first} isAll={good === first.length} />}
      <PostForm form={form} encType="multipart/form-data">
        <input type="hidden" name="csv" value={csv} />
        <input type="hidden" name="idempotencyKey" value={idempotencyKey} />
        <FormActions>
          {good > 0 && (
            <SubmitButton name="make" value={bad.length > 0 ? 'good' : 'all'} pendingLabel="Handing in…">
              {bad.length > 0 ? `Hand in the ${jobs(good)} that are good` : `Hand in ${jobs(good)}`}
            </SubmitButton>
          )}
          <LinkButton to={paths.templateCsv(id)} variant={good > 0 ? 'quiet' : 'secondary'}>
            Another file
          </LinkButton>
        </FormActions>
      </PostForm>
    </div>
  )
}
