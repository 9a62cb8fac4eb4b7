import { Form, useNavigate } from '@remix-run/react'
import type { ReactNode } from 'react'
import type { FieldErrors } from '~/domain/errors'
import type { Sort } from '~/domain/jobs/list-filter'
import { lookup } from '~/domain/lookup'
import { type ListPlace, listPlace, listQuery, paths } from '~/paths'
import type { AgentState, ListScope } from '~db/vocabulary'
import { Button } from './button'
import { ChevronRight } from './icons'
import { useHints } from './keys/hints'
import { allSorts, priorityLabels, rangeLabels, sortLabels, sortWord } from './list-words'
import { QualifierHelp } from './QualifierHelp'

interface JobFiltersProps {
  scope: ListScope
  at: ListPlace
  sort: Sort
  agents: { id: string; name: string; state: AgentState }[]
  /** The address of the owner that is asked for, where they are known. */
  ownerEmail: string | null
  /** What is wrong, by the address's parameter. */
  errors: FieldErrors
}

/** What the list is narrowed to: one box for all of it, beside plain selects. A form whose answer is another address. */
export function JobFilters({ scope, at, sort, agents, ownerEmail, errors }: JobFiltersProps) {
  const navigate = useNavigate()
  const hint = useHints()
  const told = (field: string) => ({
    id: `filter-${field}`,
    'aria-invalid': errors[field] ? true : undefined,
    'aria-describedby': errors[field] && `filter-${field}-error`,
  })
  const chosenAgent = agents.find(({ id, name }) => id === at.agent || name === at.agent)
  return (
    <Form
      // another address, another form: fields keep what was typed into them
      key={listQuery(at)}
      action={paths.list(scope)}
      role="search"
      aria-label="Filter jobs"
      onSubmit={(event) => {
        event.preventDefault()
        const given = [...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value)])
        navigate(paths.list(scope, listPlace(new URLSearchParams(given))))
      }}
      className="flex flex-col gap-2"
    >
      <div className="flex gap-2">
        <label htmlFor="filter-q" className="sr-only">
          Search jobs
        </label>
        <input
          {...told('q')}
          name="q"
          type="search"
          defaultValue={at.q}
          maxLength={500}
          placeholder={'status:failed agent:"Toolbox" invoice'}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          className="control h-8"
          {...hint('search')}
        />
        <Button type="submit">Filter</Button>
      </div>
      {(['status', 'tag'] as const).map((name) =>
        at[name]?.map((value) => <input key={value} type="hidden" name={name} value={value} />),
      )}
      {(['updated', 'timeZone'] as const).map(
        (name) => at[name] && <input key={name} type="hidden" name={name} value={at[name]} />,
      )}
      <FilterErrors errors={errors} />
      <div className="flex flex-wrap gap-x-4 gap-y-2 md:flex-col">
        <MoreFilters
          isOpen={['agent', 'owner', 'priority', 'created', 'sort'].some((field) => errors[field])}
        >
          <Choice field="agent" label="Agent" width="w-44">
            <select
              {...told('agent')}
              name="agent"
              defaultValue={chosenAgent?.id ?? at.agent}
              className={select}
            >
              <option value="">Any agent</option>
              <option value="none">No agent named</option>
              {at.agent && at.agent !== 'none' && !chosenAgent && (
                <option value={at.agent}>Unknown agent</option>
              )}
              {agents.map(({ id, name, state }) => (
                <option key={id} value={id}>
                  {name}
                  {state !== 'ACTIVE' && ` (${state.toLowerCase()})`}
                </option>
              ))}
            </select>
          </Choice>
          {scope === 'all' && (
            <Choice field="owner" label="Owner’s email" width="w-52">
              <input
                {...told('owner')}
                name="owner"
                type="text"
                inputMode="email"
                autoComplete="off"
                spellCheck={false}
                maxLength={254}
                defaultValue={ownerEmail ?? at.owner}
                className="control h-8"
              />
            </Choice>
          )}
          <Choice field="priority" label="Priority" width="w-36">
            <select {...told('priority')} name="priority" defaultValue={at.priority} className={select}>
              <Options none="Any" labels={priorityLabels} value={at.priority} />
            </select>
          </Choice>
          <Choice field="created" label="Created" width="w-36">
            <select {...told('created')} name="created" defaultValue={at.created} className={select}>
              <Options none="At any time" labels={rangeLabels} value={at.created} />
            </select>
          </Choice>
          <Choice field="sort" label="Order" width="w-48">
            <select {...told('sort')} name="sort" defaultValue={sortWord(sort) ?? ''} className={select}>
              {allSorts.map((each) => (
                <option key={each} value={sortWord(each) ?? ''}>
                  {sortLabels[each]}
                </option>
              ))}
            </select>
          </Choice>
        </MoreFilters>
        <QualifierHelp scope={scope} timeZone={at.timeZone} />
      </div>
    </Form>
  )
}

const select = 'control h-8 py-0 pr-8'

/**
 * Folded away where there is little room. On a wide screen it is open whatever its state, in browsers that can open it
 * by a style; in others it is a fold there, too.
 */
function MoreFilters({ isOpen, children }: { isOpen: boolean; children: ReactNode }) {
  return (
    <details
      open={isOpen || undefined}
      className="group open:w-full supports-[selector(::details-content)]:md:[&::details-content]:[content-visibility:visible]"
    >
      <summary className="flex w-fit items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink supports-[selector(::details-content)]:md:hidden">
        <ChevronRight aria-hidden className="size-3.5 transition-transform group-open:rotate-90" />
        More filters
      </summary>
      <div className="flex flex-wrap items-end gap-2 max-md:pt-2">{children}</div>
    </details>
  )
}

interface ChoiceProps {
  field: string
  label: string
  width: string
  children: ReactNode
}

function Choice({ field, label, width, children }: ChoiceProps) {
  return (
    <div className={`flex min-w-0 flex-col gap-1 max-sm:w-full ${width}`}>
      <label htmlFor={`filter-${field}`} className="text-xs font-medium text-ink-2">
        {label}
      </label>
      {children}
    </div>
  )
}

/** Those that are offered, and what the address has besides. */
function Options({ none, labels, value }: { none: string; labels: Record<string, string>; value?: string }) {
  return (
    <>
      <option value="">{none}</option>
      {Object.entries(labels).map(([each, label]) => (
        <option key={each} value={each}>
          {label}
        </option>
      ))}
      {value && !lookup(labels, value) && <option value={value}>{value}</option>}
    </>
  )
}

const errorLabels: Record<string, string> = {
  status: 'Status',
  agent: 'Agent',
  owner: 'Owner',
  priority: 'Priority',
  tag: 'Tag',
  created: 'Created',
  updated: 'Changed',
  sort: 'Order',
  timeZone: 'Time zone',
}

const errorLabel = (field: string) => {
  const label = lookup(errorLabels, field)
  return label && `${label}: `
}

function FilterErrors({ errors }: { errors: FieldErrors }) {
  const fields = Object.entries(errors)
  if (fields.length === 0) return null
  return (
    <div role="alert" className="flex flex-col gap-0.5 text-danger wrap-anywhere">
      {fields.map(([field, messages]) => (
        <p key={field} id={`filter-${field}-error`}>
          {errorLabel(field)}
          {messages.join(' ')}
        </p>
      ))}
    </div>
  )
}
