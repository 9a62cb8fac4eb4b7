import type { AgentChoice } from '~/domain/agents/view'
import { variableField, variableTypes } from '~/domain/templates/view'
import { paths } from '~/paths'
import { AgentSelection } from './AgentSelection'
import { Button, LinkButton } from './button'
import {
  Checkbox,
  FieldError,
  type FieldMeta,
  FormErrors,
  PostForm,
  type Reply,
  Select,
  SubmitButton,
  TextArea,
  TextField,
  VersionInput,
} from './forms'
import { LabelFields } from './LabelFields'
import { Notice } from './Notice'
import { FormActions } from './page'
import { useReplyForm } from './reply-form'

interface TemplateFormProps {
  agents: AgentChoice[]
  reply: (Reply & { ask?: string[]; names?: string[]; warning?: string | null }) | undefined
  values: Record<string, string | undefined>
  /** The variables it has. */
  names: string[]
  /** The one that is changed. */
  template?: { id: string; version: number }
}

/** Makes a template or changes one: the job's texts with blanks in them, and what each blank is. */
export function TemplateForm(props: TemplateFormProps) {
  const { reply, names } = props
  const variables = reply?.names ?? (reply ? sentNames(reply) : names)
  // with other variables it is another form, which begins with what was sent
  return <Form key={variables.join()} {...props} variables={variables} />
}

function Form({ agents, reply, values, variables, template }: TemplateFormProps & { variables: string[] }) {
  const [form, fields] = useReplyForm<Record<string, string | undefined>>({
    id: 'template',
    reply,
    defaultValue: values,
  })
  const field = (name: string) => fields[name] as FieldMeta
  const asked = reply?.ask ?? []
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      {asked.length > 0 && (
        <Notice tone="info" role="status" title="Nothing is saved yet">
          <p>Say below what the new {asked.length === 1 ? 'variable is' : 'variables are'}, then save.</p>
        </Notice>
      )}
      {reply?.warning && (
        <Notice tone="warn" role="status">
          <p>{reply.warning}</p>
        </Notice>
      )}
      <TextField field={field('name')} label="Name of the template" maxLength={200} autoComplete="off" />
      <TextField field={field('about')} label="What it is for" maxLength={2000} optional />
      <fieldset className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-4">
        <legend className="px-1 text-xs font-medium text-ink-2">The job it makes</legend>
        <p className="text-xs text-ink-2">
          Write a blank as <code className="font-mono">{'{{customer}}'}</code>: whoever makes a job from the
          template fills it in.
        </p>
        <TextField field={field('jobName')} label="Name of the job" maxLength={200} autoComplete="off" />
        <TextArea field={field('jobDescription')} label="Description" rows={7} />
        <TextArea
          field={field('acceptanceCriteria')}
          label="Acceptance criteria"
          description="One checkable criterion a line."
          rows={4}
        />
        <AgentSelection field={field('agentId')} agents={agents} anyone />
        <div className="grid gap-4 sm:grid-cols-2 [&_.control]:mt-auto">
          <Select field={field('review')} label="Review" description="Who decides that the job is done.">
            <option value="required">You accept the result</option>
            <option value="none">Done when handed in</option>
          </Select>
          <TextField
            field={field('priority')}
            label="Priority"
            description="0 to 9; 9 is done first."
            inputMode="numeric"
            optional
          />
          <TextField
            field={field('timeoutSeconds')}
            label="Time limit"
            description="Seconds an attempt may take."
            inputMode="numeric"
            optional
          />
          <TextField
            field={field('maxAttempts')}
            label="Tries"
            description="After so many failures it is given up."
            inputMode="numeric"
            optional
          />
        </div>
        <LabelFields fields={{ tags: field('tags'), metadata: field('metadata') }} />
      </fieldset>
      <fieldset className="flex min-w-0 flex-col gap-4 rounded-lg border border-line p-4">
        <legend className="px-1 text-xs font-medium text-ink-2">Variables</legend>
        {variables.length === 0 ? (
          <p className="text-ink-2">The texts have no blanks: every job from it is the same.</p>
        ) : (
          variables.map((name) => (
            <VariableFields key={name} name={name} isNew={asked.includes(name)} field={field} />
          ))
        )}
        <FieldError field={field('variables')} />
        <Button type="submit" name="look" value="yes" size="small" formNoValidate className="self-start">
          Look for blanks in the texts
        </Button>
      </fieldset>
      <Checkbox
        field={field('shared')}
        label="Share it"
        description="Everyone here may see it and make jobs from it; only you and admins change it."
      />
      {template && <VersionInput version={template.version} reply={reply} />}
      <FormActions>
        <SubmitButton pendingLabel="Saving…">{template ? 'Save changes' : 'Create template'}</SubmitButton>
        <LinkButton to={template ? paths.template(template.id) : paths.templates} variant="quiet">
          {template ? 'Discard changes' : 'Cancel'}
        </LinkButton>
      </FormActions>
    </PostForm>
  )
}

const prefix = variableField('type', '')

/** The variables that the form which comes back has settings of. */
const sentNames = ({ reply }: Reply) =>
  Object.keys(reply.initialValue ?? {}).flatMap((field) =>
    field.startsWith(prefix) ? [field.slice(prefix.length)] : [],
  )

const typeWords = {
  text: 'A line of text',
  longtext: 'Text',
  number: 'A number',
  date: 'A day',
  choice: 'One of some choices',
  boolean: 'Yes or no',
} as const

interface VariableFieldsProps {
  name: string
  isNew: boolean
  field(name: string): FieldMeta
}

function VariableFields({ name, isNew, field }: VariableFieldsProps) {
  return (
    <fieldset className="grid min-w-0 items-start gap-3 border-t border-line pt-3 first-of-type:border-t-0 first-of-type:pt-0 sm:grid-cols-2">
      <legend className="float-left mb-1 font-mono text-xs wrap-anywhere sm:col-span-2">
        {`{{${name}}}`}
        {isNew && <span className="ml-2 font-sans text-accent">new</span>}
      </legend>
      <TextField field={field(variableField('label', name))} label="Label" maxLength={100} optional />
      <Select field={field(variableField('type', name))} label="What it is">
        {variableTypes.map((type) => (
          <option key={type} value={type}>
            {typeWords[type]}
          </option>
        ))}
      </Select>
      <TextField
        field={field(variableField('default', name))}
        label="Default"
        description="What it is where nothing is given; yes or no where it is that."
        optional
      />
      <TextArea
        field={field(variableField('choices', name))}
        label="Choices"
        description="Where it is one of some: one a line."
        rows={2}
        optional
      />
      <Checkbox field={field(variableField('required', name))} label="Required" />
    </fieldset>
  )
}
