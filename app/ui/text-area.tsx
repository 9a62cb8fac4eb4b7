import type { ComponentProps, ReactNode } from 'react'
import { useFormState } from './post-form'
import type { FieldMeta } from './reply-form'

export interface Described {
  field: FieldMeta
  label: ReactNode
  description?: ReactNode
  /** Says "optional" beside the label. */
  optional?: boolean
}

const describedBy = (field: FieldMeta, description: unknown) =>
  [description && field.descriptionId, field.errors && field.errorId].filter(Boolean).join(' ') || undefined

export const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined

/** Id, name, value kept, and what a screen reader needs, for any control. */
export function useControl({ field, description }: Described, autoFocus?: boolean) {
  const { firstInvalid } = useFormState()
  return {
    id: field.id,
    name: field.name,
    'aria-invalid': field.errors ? true : undefined,
    'aria-describedby': describedBy(field, description),
    autoFocus: firstInvalid === null ? autoFocus : firstInvalid === field.name,
  } as const
}

export function FieldError({ field }: { field: FieldMeta }) {
  if (!field.errors?.length) return null
  return (
    <div id={field.errorId} className="text-sm text-danger">
      {field.errors.map((message) => (
        <p key={message}>{message}</p>
      ))}
    </div>
  )
}

/** Label, description, control and error, in that order. */
export function FieldShell({
  field,
  label,
  description,
  optional,
  children,
}: Described & { children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={field.id} className="font-medium">
        {label}
        {optional && <span className="font-normal text-ink-3"> (optional)</span>}
      </label>
      {description && (
        <div id={field.descriptionId} className="text-xs text-ink-2">
          {description}
        </div>
      )}
      {children}
      <FieldError field={field} />
    </div>
  )
}

/** What a control takes by itself. */
export type Own<Tag extends 'input' | 'textarea' | 'select'> = Omit<
  ComponentProps<Tag>,
  keyof Described | 'id' | 'name'
>

/** For more than a line; it grows with what is in it. */
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
