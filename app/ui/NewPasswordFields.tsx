import { passwordLength } from '~/domain/accounts/limits'
import { type FieldMeta, TextField } from './forms'

interface NewPasswordFieldsProps {
  password: FieldMeta
  passwordConfirm: FieldMeta
  label?: string
}

/** A password and its repetition. */
export function NewPasswordFields({ password, passwordConfirm, label = 'Password' }: NewPasswordFieldsProps) {
  const rules = {
    type: 'password',
    autoComplete: 'new-password',
    minLength: passwordLength.min,
    maxLength: passwordLength.max,
  } as const
  return (
    <>
      <TextField
        field={password}
        label={label}
        description={`At least ${passwordLength.min} characters. Several unrelated words make a good one.`}
        {...rules}
      />
      <TextField field={passwordConfirm} label={`${label}, once more`} {...rules} />
    </>
  )
}
