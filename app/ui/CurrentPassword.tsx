import { useRouteLoaderData } from '@remix-run/react'
import { type FieldMeta, TextField } from './forms'

interface CurrentPasswordProps {
  field: FieldMeta
  /** Whose password it is; the frame knows by itself. */
  email?: string
  description?: string
  /** Whether the form can be sent without it. */
  optional?: boolean
  autoFocus?: boolean
}

/** Asks for the password again, in a form that gives access or takes data away. */
export function CurrentPassword({ field, email, description, optional, autoFocus }: CurrentPasswordProps) {
  const frame = useRouteLoaderData<{ user: { email: string } }>('routes/frame')
  return (
    <>
      {/* tells a password manager whose password it is */}
      <input type="text" autoComplete="username" defaultValue={email ?? frame?.user.email} readOnly hidden />
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
