import type { AgentView } from '~/domain/agents/view'
import { paths } from '~/paths'
import { type AgentKind, agentKinds } from '~db/vocabulary'
import { agentKindLooks } from './agent-words'
import { LinkButton } from './button'
import {
  Checkbox,
  FormErrors,
  PostForm,
  type Reply,
  Select,
  SubmitButton,
  TextArea,
  TextField,
  useReplyForm,
} from './forms'
import { ChevronRight } from './icons'
import { FormActions } from './page'

/** The form's fields as text. */
export interface AgentFormValue extends Record<string, string | undefined> {
  name?: string
  kind?: string
  description?: string
  concurrency?: string
  takesUnassigned?: string
  /** JSON text. */
  config?: string
}

/** An agent as its form shows it. */
export const agentFormValue = (agent: AgentView): AgentFormValue => ({
  name: agent.name,
  description: agent.description,
  concurrency: String(agent.concurrency),
  takesUnassigned: agent.takesUnassigned ? 'on' : undefined,
  config: JSON.stringify(agent.config, null, 2),
})

interface AgentFormProps {
  reply: Reply | undefined
  values: AgentFormValue
  /** The agent that is changed; its kind stays. */
  agent?: Pick<AgentView, 'id' | 'version' | 'kind'>
}

/** Makes an agent, or changes one. */
export function AgentForm({ reply, values, agent }: AgentFormProps) {
  const [form, fields] = useReplyForm<AgentFormValue>({ id: 'agent', reply, defaultValue: values })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <TextField field={fields.name} label="Name" maxLength={100} autoComplete="off" />
      {!agent && (
        <Select field={fields.kind} label="Kind">
          {agentKinds.map((kind) => (
            <option key={kind} value={kind}>
              {agentKindLooks[kind].label}
            </option>
          ))}
        </Select>
      )}
      <TextArea
        field={fields.description}
        label="Description"
        description="What it is good at, for whoever chooses an agent."
        optional
      />
      <TextField
        field={fields.concurrency}
        label="Jobs at once"
        type="number"
        inputMode="numeric"
        min={1}
        max={100}
        className="max-w-28"
      />
      <Checkbox
        field={fields.takesUnassigned}
        label="Takes unassigned jobs"
        description="Jobs that name no agent go to any agent that has this ticked."
      />
      <TextArea
        field={fields.config}
        label="Settings"
        description={
          'A JSON object. A command needs at least {"argv": ["program", "argument"]}; the toolbox needs none.'
        }
        spellCheck={false}
        dir="ltr"
        className="font-mono sm:text-xs"
      />
      <SettingsHelp kinds={agent ? [agent.kind] : agentKinds} />
      {agent && <input type="hidden" name="version" value={agent.version} />}
      <FormActions>
        <SubmitButton pendingLabel="Saving…">{agent ? 'Save changes' : 'Create agent'}</SubmitButton>
        <LinkButton to={paths.agents} variant="quiet">
          Cancel
        </LinkButton>
      </FormActions>
    </PostForm>
  )
}

/** The documented shape of each kind's settings. */
function SettingsHelp({ kinds }: { kinds: readonly AgentKind[] }) {
  return (
    <details className="group text-xs text-ink-2">
      <summary className="inline-flex items-center gap-1 rounded-sm hover:text-ink">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        What the settings look like
      </summary>
      <dl className="mt-2 flex flex-col gap-3 border-l border-line pl-3">
        {kinds.map((kind) => {
          const { label, words, settings } = agentKindLooks[kind]
          return (
            <div key={kind}>
              <dt className="font-medium text-ink">{label}</dt>
              <dd className="flex flex-col gap-1.5">
                <p>{words}</p>
                <pre className="rounded-md bg-sunken p-2 font-mono wrap-anywhere whitespace-pre-wrap">
                  {settings}
                </pre>
              </dd>
            </div>
          )
        })}
      </dl>
    </details>
  )
}
