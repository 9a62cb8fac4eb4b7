import { type Described, FieldError, FieldShell, type Own, textOf, useControl } from './text-area'

export { FormErrors } from './FormErrors'
export { PostForm, SubmitButton, useFormState, VersionInput } from './post-form'
export type { FieldMeta, Reply } from './reply-form'
export { FieldError, FieldShell, TextArea } from './text-area'

export function TextField({
  field,
  label,
  description,
  optional,
  autoFocus,
  className = '',
  ...props
}: Described & Own<'input'>) {
  const described = { field, label, description, optional }
  const control = useControl(described, autoFocus)
  return (
    <FieldShell {...described}>
      <input
        {...control}
        type="text"
        dir="auto"
        defaultValue={props.type === 'password' ? undefined : textOf(field.initialValue)}
        required={!optional}
        className={`control ${className}`}
        {...props}
      />
    </FieldShell>
  )
}

/** A native select; its options are the children. */
export function Select({
  field,
  label,
  description,
  optional,
  autoFocus,
  className = '',
  ...props
}: Described & Own<'select'>) {
  const described = { field, label, description, optional }
  const control = useControl(described, autoFocus)
  return (
    <FieldShell {...described}>
      <select
        {...control}
        defaultValue={textOf(field.initialValue)}
        className={`control pr-8 ${className}`}
        {...props}
      />
    </FieldShell>
  )
}

/** Sends `on` when ticked and nothing when not. */
export function Checkbox({ field, label, description, autoFocus, ...props }: Described & Own<'input'>) {
  const control = useControl({ field, label, description }, autoFocus)
  const ticked = field.initialValue === true || field.initialValue === 'on' || field.initialValue === 'true'
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-start gap-2">
        <input
          {...control}
          type="checkbox"
          value="on"
          defaultChecked={ticked}
          className="mt-0.5 size-4 shrink-0 accent-accent"
          {...props}
        />
        <div className="min-w-0">
          <label htmlFor={field.id} className="font-medium">
            {label}
          </label>
          {description && (
            <div id={field.descriptionId} className="text-xs text-ink-2">
              {description}
            </div>
          )}
        </div>
      </div>
      <FieldError field={field} />
    </div>
  )
}
