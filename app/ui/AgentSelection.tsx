import type { ReactNode } from 'react'
import type { AgentChoice } from '~/domain/agents/view'
import { AgentStateBadge } from './AgentStateBadge'
import { loadText, passText } from './agent-figures'
import { agentKindLooks } from './agent-words'
import { FieldError, type FieldMeta, useFormState } from './forms'
import { UsersRound } from './icons'
import { Name, plainName } from './name'

interface AgentSelectionProps {
  field: FieldMeta
  agents: AgentChoice[]
  /** Who has the job now; that agent may not be among the choices any more. */
  current?: { id: string; name: string } | null
  /** Whether it may be left to anyone who takes unassigned jobs: sent as an empty value. */
  anyone?: boolean
  label?: string
}

/** Who shall do it: one agent, with what speaks for it, or anyone who takes unassigned jobs. */
export function AgentSelection({
  field,
  agents,
  current = null,
  anyone = false,
  label = 'Agent',
}: AgentSelectionProps) {
  const { firstInvalid } = useFormState()
  const isGone = current !== null && !agents.some(({ id }) => id === current.id)
  const values = [
    ...(anyone ? [''] : []),
    ...(isGone ? [current.id] : []),
    ...agents.map((agent) => agent.id),
  ]
  // fewer than these need no scrolling of their own
  const isLong = values.length > 8
  const given = typeof field.initialValue === 'string' ? field.initialValue : ''
  const chosen = values.includes(given) ? given : undefined
  const row = (value: string) => ({
    field,
    value,
    isChosen: value === chosen,
    isRequired: !anyone,
    takesFocus: firstInvalid === field.name && value === (chosen ?? values[0]),
  })
  return (
    <fieldset
      aria-describedby={field.errors && field.errorId}
      className="@container flex min-w-0 flex-col gap-1"
    >
      <legend className="mb-1 font-medium">{label}</legend>
      <div
        className={`grid grid-cols-1 gap-px overflow-hidden rounded-md border bg-line shadow-xs @2xl:grid-cols-2 ${isLong ? longList : ''} ${field.errors ? 'border-danger' : 'border-line-strong'}`}
      >
        {anyone && (
          <Choice
            {...row('')}
            Icon={UsersRound}
            name="Anyone who takes unassigned jobs"
            about={takersText(agents)}
          />
        )}
        {isGone && (
          <Choice {...row(current.id)} name={current.name} about="Retired: it takes no more work." />
        )}
        {agents.map((agent) => (
          <AgentRow key={agent.id} agent={agent} isCurrent={agent.id === current?.id} {...row(agent.id)} />
        ))}
        {values.length === 0 && (
          <p className="col-span-full bg-surface px-3 py-2 text-ink-2">There is no agent to choose.</p>
        )}
      </div>
      <FieldError field={field} />
    </fieldset>
  )
}

function takersText(agents: AgentChoice[]): string {
  const takers = agents.filter(({ takesUnassigned, state }) => takesUnassigned && state === 'ACTIVE')
  if (takers.length === 0) return 'No active agent takes unassigned jobs now: it would wait.'
  const names = takers.slice(0, 3).map(({ name }) => plainName(name))
  const more = takers.length - names.length
  return `Now: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** It fades out at its lower end: there is more, and no line ends half seen. */
const longList =
  'max-h-60 overflow-y-auto! overscroll-contain after:pointer-events-none after:sticky after:bottom-0 after:col-span-full ' +
  'after:-mt-8 after:h-8 after:bg-linear-to-b after:from-transparent after:to-surface'

interface Row {
  field: FieldMeta
  value: string
  isChosen: boolean
  isRequired: boolean
  takesFocus: boolean
}

function AgentRow({ agent, isCurrent, ...row }: Row & { agent: AgentChoice; isCurrent: boolean }) {
  const { Icon, label } = agentKindLooks[agent.kind]
  const isPaused = agent.state === 'PAUSED'
  const facts = [label, loadText(agent), passText(agent), isCurrent && 'has it now'].filter(Boolean)
  return (
    <Choice
      {...row}
      Icon={Icon}
      name={agent.name}
      badge={isPaused && <AgentStateBadge state={agent.state} />}
      about={
        <>
          {facts.join(' · ')}
          {isPaused && ' · starts nothing until an admin resumes it'}
          {agent.description && (
            <span className="block truncate text-ink-3" dir="auto">
              {agent.description}
            </span>
          )}
        </>
      }
    />
  )
}

interface ChoiceProps extends Row {
  Icon?: typeof UsersRound
  name: string
  badge?: ReactNode
  about: ReactNode
}

/** One radio button, named by its first line and described by the second. */
function Choice({ field, value, isChosen, isRequired, takesFocus, Icon, name, badge, about }: ChoiceProps) {
  const id = `${field.id}-${value || 'anyone'}`
  const control = {
    id,
    name: field.name,
    value,
    defaultChecked: isChosen,
    required: isRequired,
    autoFocus: takesFocus,
    'aria-labelledby': `${id}-name`,
    'aria-describedby': `${id}-about${field.errors ? ` ${field.errorId}` : ''}`,
  }
  return (
    <label
      htmlFor={id}
      className="flex items-start gap-2.5 bg-surface px-3 py-2 hover:bg-hover has-checked:bg-accent-soft @2xl:last:odd:col-span-2"
    >
      <input type="radio" {...control} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <span className="flex min-w-0 flex-1 flex-col">
        <span className="flex flex-wrap items-center justify-between gap-x-3">
          <span className="flex min-w-0 items-center gap-1.5 font-medium">
            {Icon && <Icon aria-hidden className="size-4 shrink-0 text-ink-3" />}
            <span id={`${id}-name`} className="min-w-0 wrap-anywhere">
              <Name>{name}</Name>
            </span>
          </span>
          {badge}
        </span>
        <span id={`${id}-about`} className="text-xs text-ink-2 wrap-anywhere">
          {about}
        </span>
      </span>
    </label>
  )
}
