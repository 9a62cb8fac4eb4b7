import { type Described, FieldShell, type Own, textOf, useControl } from './field'

export function TextArea({
  field,
  label,
  description,
  optional,
  autoFocus,
  className = '',
  ...props
}: Described & Own<'textarea'>) {
  const described = { field, label, description, optional }
  const control = useControl(described, autoFocus)
  return (
    <FieldShell {...described}>
      <textarea
        {...control}
        dir="auto"
        rows={5}
        defaultValue={textOf(field.initialValue)}
        required={!optional}
        className={`control field-sizing-content min-h-24 max-h-[60vh] ${className}`}
        {...props}
      />
    </FieldShell>
  )
}
