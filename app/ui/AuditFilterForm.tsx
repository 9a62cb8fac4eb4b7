import { Form, Link } from '@remix-run/react'
import { allAuditActions, auditActions } from '~/domain/audit-actions'
import type { FieldErrors } from '~/domain/errors'
import { type AuditPageFilter, paths } from '~/paths'
import { auditGroupLabels, auditWords } from './audit-words'
import { buttonClass } from './button'
import { X } from './icons'
import { plainName } from './name'
import { useSettings } from './settings'

interface AuditFilterFormProps {
  filter: AuditPageFilter
  /** What `filter.subject` is called, where it is known. */
  subjectName: string | null
  /** What is wrong with it, by field. */
  errors: FieldErrors
}

/** Who, what and when; below it what the list is narrowed to now, each to be taken away. */
export function AuditFilterForm({ filter, subjectName, errors }: AuditFilterFormProps) {
  const { actor, action, subject, from, to } = filter
  const { timeZone } = useSettings()
  const unknown = Boolean(action) && !allAuditActions.some((each) => each === action)
  const chips = [
    actor && { key: 'actor', label: `by ${actor === 'system' ? 'nobody signed in' : actor}` },
    action && { key: 'action', label: labelOf(action) },
    subject && { key: 'subject', label: `about ${plainName(subjectName ?? subject)}` },
    from && { key: 'from', label: `from ${from}` },
    to && { key: 'to', label: `to ${to}` },
  ].filter((chip): chip is { key: string; label: string } => Boolean(chip))
  return (
    <div className="flex flex-col gap-3">
      {/* other values, another form: fields keep what was typed into them */}
      <Form
        key={JSON.stringify(filter)}
        action={paths.audit}
        className="grid grid-cols-1 items-end gap-3 sm:grid-cols-2 lg:grid-cols-[minmax(0,1.4fr)_minmax(0,1.2fr)_9.5rem_9.5rem_auto]"
      >
        <label className="flex flex-col gap-1 text-xs font-medium">
          Who, by email
          <input
            name="actor"
            type="search"
            defaultValue={actor ?? ''}
            maxLength={254}
            autoComplete="off"
            autoCapitalize="none"
            {...toldBy('actor', errors)}
            className="control font-normal"
          />
        </label>
        <label className="flex flex-col gap-1 text-xs font-medium">
          What
          <select
            name="action"
            defaultValue={action ?? ''}
            className="control pr-8 font-normal"
            {...toldBy('action', errors)}
          >
            <option value="">Anything</option>
            {unknown && <option value={action ?? ''}>{action}</option>}
            {(Object.keys(auditActions) as (keyof typeof auditActions)[]).map((group) => (
              <optgroup key={group} label={auditGroupLabels[group]}>
                {auditActions[group].map((each) => (
                  <option key={each} value={each}>
                    {auditWords[each].label}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
        </label>
        <Day name="from" label="From" value={from} errors={errors} />
        <Day name="to" label="To, that day included" value={to} errors={errors} />
        {subject && <input type="hidden" name="subject" value={subject} />}
        <button
          type="submit"
          className={buttonClass({ variant: 'primary' }, 'min-h-9 sm:justify-self-start')}
        >
          Show
        </button>
        {fields.map((field) =>
          errors[field]?.map((message) => (
            <p
              key={`${field} ${message}`}
              id={`filter-${field}-error`}
              role="alert"
              className="col-span-full text-danger"
            >
              {fieldLabels[field]}: {message}
            </p>
          )),
        )}
      </Form>
      <p className="text-xs text-ink-2">Days and times are in {timeZone}.</p>
      {chips.length > 0 && (
        <ul aria-label="Narrowed to" className="flex flex-wrap items-center gap-2 text-xs">
          {chips.map(({ key, label }) => (
            <li key={key} className="min-w-0">
              <Link
                to={paths.auditOf({ ...filter, [key]: null, cursor: null })}
                aria-label={`Take away: ${label}`}
                className="inline-flex max-w-full items-center gap-1 rounded-full border border-line-strong/50 bg-surface py-0.5 pr-1.5 pl-2.5 hover:bg-hover"
              >
                <bdi className="min-w-0 wrap-anywhere">{label}</bdi>
                <X aria-hidden className="size-3.5 shrink-0 text-ink-3" />
              </Link>
            </li>
          ))}
          <li>
            <Link to={paths.audit} className="text-accent underline">
              Clear all
            </Link>
          </li>
        </ul>
      )}
    </div>
  )
}

const fieldLabels = { actor: 'Who', action: 'What', subject: 'About', from: 'From', to: 'To' } as const
const fields = Object.keys(fieldLabels) as (keyof typeof fieldLabels)[]

/** Joins a field to its message. */
const toldBy = (field: keyof typeof fieldLabels, errors: FieldErrors) =>
  errors[field] ? { 'aria-invalid': true, 'aria-describedby': `filter-${field}-error` } : {}

const labelOf = (action: string) =>
  Object.entries(auditWords).find(([code]) => code === action)?.[1].label ?? action

interface DayProps {
  name: 'from' | 'to'
  label: string
  value?: string | null
  errors: FieldErrors
}

function Day({ name, label, value, errors }: DayProps) {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(value ?? '') && !errors[name]
  return (
    <label className="flex flex-col gap-1 text-xs font-medium">
      {label}
      {/* a moment, which only an address can hold, stays a text; so does what is none */}
      <input
        name={name}
        type={value && !isDay ? 'text' : 'date'}
        defaultValue={value ?? ''}
        className="control font-normal"
        {...toldBy(name, errors)}
      />
    </label>
  )
}
