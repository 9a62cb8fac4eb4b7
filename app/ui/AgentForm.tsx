import { useState } from 'react'
import { type SettingsText, settingsText } from '~/domain/agents/settings-text'
import type { AgentView } from '~/domain/agents/view'
import { paths } from '~/paths'
import type { AgentKind } from '~db/vocabulary'
import { AgentSettingsCommand } from './AgentSettingsCommand'
import { AgentSettingsModel } from './AgentSettingsModel'
import { LinkButton } from './button'
import {
  Checkbox,
  FormErrors,
  PostForm,
  type Reply,
  SubmitButton,
  TextArea,
  TextField,
  VersionInput,
} from './forms'
import { FormActions } from './page'
import { useReplyForm } from './reply-form'

/** The form's fields as text: an agent's own, and its settings by their names. */
export interface AgentFormValue extends SettingsText {
  name?: string
  description?: string
  concurrency?: string
  takesUnassigned?: string
}

/** An agent as its form shows it. */
export const agentFormValue = (agent: AgentView): AgentFormValue => ({
  ...settingsText(agent.kind, agent.config as Record<string, unknown>),
  name: agent.name,
  description: agent.description,
  concurrency: String(agent.concurrency),
  takesUnassigned: agent.takesUnassigned ? 'on' : undefined,
})

interface AgentFormProps {
  kind: AgentKind
  reply: Reply | undefined
  values: AgentFormValue
  /** The agent that is changed. */
  agent?: Pick<AgentView, 'id' | 'version' | 'config' | 'warnings'>
  /** What a model server that was found has. */
  models?: string[]
}

/** Makes an agent of a kind, or changes one. */
export function AgentForm({ kind, reply, values, agent, models }: AgentFormProps) {
  const [form, fields] = useReplyForm<AgentFormValue>({ id: 'agent', reply, defaultValue: values })
  // the page is the answer to a form: what is secret in it did not come back
  const [isAnswer] = useState(reply !== undefined)
  const isKeySet = agent !== undefined && Object.hasOwn(agent.config as object, 'apiKey')
  return (
    <PostForm form={form} className="flex max-w-3xl flex-col gap-4">
      <FormErrors form={form} reply={reply} />
      <TextField field={fields.name} label="Name" maxLength={100} autoComplete="off" />
      <TextArea
        field={fields.description}
        label="Description"
        description="What it is good at, for whoever chooses an agent."
        rows={2}
        optional
      />
      {kind === 'openai' && (
        <AgentSettingsModel fields={fields} isKeySet={isKeySet} isAnswer={isAnswer} models={models} />
      )}
      {kind === 'command' && (
        <AgentSettingsCommand
          fields={fields}
          storedEnv={values.env}
          warnings={agent?.warnings}
          isAnswer={isAnswer}
        />
      )}
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
      <input type="hidden" name="kind" value={kind} />
      {agent && <VersionInput version={agent.version} reply={reply} />}
      <FormActions>
        <SubmitButton pendingLabel="Saving…">{agent ? 'Save changes' : 'Create agent'}</SubmitButton>
        <LinkButton to={paths.agents} variant="quiet">
          Cancel
        </LinkButton>
      </FormActions>
    </PostForm>
  )
}
