import { Form } from '@remix-run/react'
import type { FieldErrors } from '~/domain/errors'
import { type DeskPlace, paths } from '~/paths'
import type { AgentState } from '~db/vocabulary'
import { Button, LinkButton } from './button'
import { SearchX } from './icons'

interface DeskFiltersProps {
  at: DeskPlace
  agents: { id: string; name: string; state: AgentState }[]
  /** The address of the owner that is asked for, where they are known. */
  ownerEmail: string | null
  errors: FieldErrors
}

/** Whose jobs, and for which agent: a plain form whose answer is another address. */
export function DeskFilters({ at, agents, ownerEmail, errors }: DeskFiltersProps) {
  const { status, agent, owner } = at
  const unknown = Boolean(agent) && agent !== 'none' && !agents.some(({ id }) => id === agent)
  const filtered = Boolean(status || agent || owner)
  const label = 'text-xs font-medium text-ink-2'
  return (
    <Form
      key={`${agent} ${owner}`}
      action={paths.desk()}
      role="search"
      aria-label="Filter jobs"
      className="flex flex-wrap items-end gap-2"
    >
      {status && <input type="hidden" name="status" value={status} />}
      <div className="flex w-56 min-w-0 flex-col gap-1 max-sm:w-full">
        <label htmlFor="filter-agent" className={label}>
          Agent
        </label>
        <select
          id="filter-agent"
          name="agent"
          defaultValue={agent ?? ''}
          aria-invalid={errors.agent ? true : undefined}
          aria-describedby={errors.agent && 'filter-agent-error'}
          className="control h-8 py-0 pr-8"
        >
          <option value="">Any agent</option>
          <option value="none">No agent named</option>
          {unknown && <option value={agent ?? ''}>Unknown agent</option>}
          {agents.map(({ id, name, state }) => (
            <option key={id} value={id}>
              {name}
              {state !== 'ACTIVE' && ` (${state.toLowerCase()})`}
            </option>
          ))}
        </select>
      </div>
      <div className="flex w-64 min-w-0 flex-col gap-1 max-sm:w-full">
        <label htmlFor="filter-owner" className={label}>
          Owner’s email
        </label>
        <input
          id="filter-owner"
          name="owner"
          type="text"
          inputMode="email"
          autoComplete="off"
          spellCheck={false}
          maxLength={254}
          defaultValue={ownerEmail ?? owner ?? ''}
          aria-invalid={errors.owner ? true : undefined}
          aria-describedby={errors.owner && 'filter-owner-error'}
          className="control h-8"
        />
      </div>
      <Button type="submit">Filter</Button>
      {filtered && (
        <LinkButton to={paths.desk()} variant="quiet">
          <SearchX aria-hidden />
          Clear filters
        </LinkButton>
      )}
      {(['status', 'agent', 'owner'] as const).map((field) =>
        errors[field]?.map((message) => (
          <p key={message} id={`filter-${field}-error`} role="alert" className="w-full text-danger">
            {message}
          </p>
        )),
      )}
    </Form>
  )
}
