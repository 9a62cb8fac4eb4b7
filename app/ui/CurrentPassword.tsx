import { useRouteLoaderData } from '@remix-run/react'
import { type FieldMeta, TextField } from './forms'

interface CurrentPasswordProps {
  field: FieldMeta
  description?: string
  /** Whether the form can be sent without it. */
  optional?: boolean
  autoFocus?: boolean
}

/** Asks for the password again, in a form that gives access or takes data away. */
export function CurrentPassword({ field, description, optional, autoFocus }: CurrentPasswordProps) {
  const frame = useRouteLoaderData<{ user: { email: string } }>('routes/frame')
  return (
    <>
      {/* tells a password manager whose password it is */}
      <input type="text" autoComplete="username" defaultValue={frame?.user.email} readOnly hidden />
      <TextField
        field={field}
        label="Current password"
        description={description}
        optional={optional}
        autoFocus={autoFocus}
        type="password"
        autoComplete="current-password"
      />
    </>
  )
}
