import { maxCode } from '~/domain/accounts/limits'
import { type FieldMeta, TextField } from './forms'

interface CodeFieldProps {
  field: FieldMeta
  label?: string
  description?: string
  /** Whether it is six digits only, for a phone's keys. */
  digits?: boolean
  autoFocus?: boolean
}

/** A code of the second factor. */
export function CodeField({ field, label = 'Code', description, digits, autoFocus }: CodeFieldProps) {
  return (
    <TextField
      field={field}
      label={label}
      description={description}
      autoFocus={autoFocus}
      inputMode={digits ? 'numeric' : undefined}
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={maxCode}
      className="font-mono"
    />
  )
}
