import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { resetPasswordInput } from '~/domain/accounts/input'
import { findResetLink, resetPassword } from '~/domain/accounts/reset-password.server'
import { signedOutHeaders } from '~/http/auth.server'
import { clientAddress } from '~/http/client-address.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { FormErrors, PostForm, SubmitButton } from '~/ui/forms'
import { NewPasswordFields } from '~/ui/NewPasswordFields'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('anyone', async ({ desk, url }) => {
  const token = url.searchParams.get('token') ?? ''
  const { email } = await findResetLink(desk, token)
  return { token, email }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && 'Set a new password') },
]

export const action = formAction('anyone', resetPasswordInput, async ({ desk, value }) => {
  await resetPassword(desk, value.token, value, clientAddress())
  return seeOther(`${paths.login()}?password-set`, await signedOutHeaders())
})

export default function NewPassword() {
  const { token, email } = useLoaderData<typeof loader>()
  const [form, fields] = useReplyForm<{ password: string; passwordConfirm: string }>({
    id: 'new-password',
    reply: useAnswer<typeof action>(),
  })
  return (
    <AuthLayout title="Set a new password" description={`For ${email}. You will be signed out everywhere.`}>
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} />
        {/* so that a password manager knows which account it is for */}
        <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
        <NewPasswordFields
          password={fields.password}
          passwordConfirm={fields.passwordConfirm}
          label="New password"
        />
        <input type="hidden" name="token" value={token} />
        <SubmitButton pendingLabel="Setting…">Set password</SubmitButton>
      </PostForm>
    </AuthLayout>
  )
}
