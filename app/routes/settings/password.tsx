import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { changePassword } from '~/domain/accounts/change-password.server'
import { changePasswordInput } from '~/domain/accounts/input'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Checkbox, FormErrors, PostForm, SubmitButton, TextField } from '~/ui/forms'
import { NewPasswordFields } from '~/ui/NewPasswordFields'
import { Notice } from '~/ui/Notice'
import { FormActions, Section } from '~/ui/page'
import { useReplyForm } from '~/ui/reply-form'
import { SettingsPage } from '~/ui/SettingsPage'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Password · Docket' }]

export const loader = pageLoader('user', ({ session, url }) => ({
  email: session.email,
  changed: url.searchParams.has('changed'),
}))

export const action = formAction('user', changePasswordInput, async ({ desk, actor, session, value }) => {
  await changePassword(desk, actor, value, session.sessionId)
  return seeOther(`${paths.settingsPassword}?changed`)
})

export default function Password() {
  const { email, changed } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const [form, fields] = useReplyForm<{
    currentPassword: string
    password: string
    passwordConfirm: string
    revokeTokens: boolean
  }>({
    // Conform keeps a form's last reply under its id: after a change it is another form
    id: changed ? 'password-changed' : 'password',
    reply,
  })
  return (
    <SettingsPage>
      {changed && !reply && (
        <Notice tone="good" role="status">
          Your password is changed. You are signed out everywhere else.
        </Notice>
      )}
      <Section title="Change password" description="This signs you out everywhere else.">
        {/* fields that were filled in do not come back after a change */}
        <PostForm
          key={String(changed)}
          form={form}
          action={paths.settingsPassword}
          className="flex flex-col gap-4"
        >
          <FormErrors form={form} />
          <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
          <TextField
            field={fields.currentPassword}
            label="Current password"
            type="password"
            autoComplete="current-password"
          />
          <NewPasswordFields
            password={fields.password}
            passwordConfirm={fields.passwordConfirm}
            label="New password"
          />
          <Checkbox
            field={fields.revokeTokens}
            label="Revoke my API tokens"
            description="Choose this if somebody else may know your password. Your scripts then need new tokens."
          />
          <FormActions>
            <SubmitButton pendingLabel="Changing…">Change password</SubmitButton>
          </FormActions>
        </PostForm>
      </Section>
    </SettingsPage>
  )
}
