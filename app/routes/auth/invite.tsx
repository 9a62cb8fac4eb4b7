import type { MetaFunction } from '@remix-run/node'
import { isRouteErrorResponse, Link, useLoaderData, useRouteError } from '@remix-run/react'
import { acceptInvite, findInvitation } from '~/domain/accounts/accept-invite.server'
import { acceptInviteInput } from '~/domain/accounts/input'
import { newcomer, signedInHeaders } from '~/http/auth.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { FormErrors, PostForm, SubmitButton, TextField } from '~/ui/forms'
import { NewPasswordFields } from '~/ui/NewPasswordFields'
import { Notice } from '~/ui/Notice'
import { RootError } from '~/ui/RouteError'
import { useReplyForm } from '~/ui/reply-form'

export const meta: MetaFunction = () => [{ title: 'Invitation · Docket' }]

export const loader = pageLoader('anyone', async ({ desk, session, url }) => {
  const token = url.searchParams.get('token') ?? ''
  return { token, ...(await findInvitation(desk, token)), signedInAs: session?.email ?? null }
})

export const action = formAction('anyone', acceptInviteInput, async ({ desk, request, value }) => {
  const session = await acceptInvite(desk, value.token, value, await newcomer(request))
  return seeOther(paths.jobs(), await signedInHeaders(request, session))
})

export default function Invite() {
  const { token, email, role, signedInAs } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const [form, fields] = useReplyForm<{ name: string; password: string; passwordConfirm: string }>({
    id: 'invite',
    reply,
  })
  return (
    <AuthLayout
      title="You are invited"
      description={`This makes your account, ${role === 'ADMIN' ? 'as an admin, ' : ''}for ${email}.`}
      below={haveAccount}
    >
      {signedInAs && (
        <Notice>
          <p>You are signed in as {signedInAs}. This makes another account, and signs you in with it.</p>
        </Notice>
      )}
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} reply={reply} />
        {/* so that a password manager knows which account it is for */}
        <input type="text" name="username" autoComplete="username" defaultValue={email} readOnly hidden />
        <TextField field={fields.name} label="Your name" maxLength={100} autoComplete="name" autoFocus />
        <NewPasswordFields password={fields.password} passwordConfirm={fields.passwordConfirm} />
        <input type="hidden" name="token" value={token} />
        <SubmitButton pendingLabel="Making…">Make my account</SubmitButton>
      </PostForm>
    </AuthLayout>
  )
}

const haveAccount = (
  <>
    Have an account? <Link to={paths.login()}>Sign in</Link>
  </>
)

/** A link that is spent says so: whoever follows it a second time has an account already. */
export function ErrorBoundary() {
  const error = useRouteError()
  if (!isRouteErrorResponse(error) || error.status !== 404) return <RootError />
  return (
    <AuthLayout
      title="This invitation does not work any more"
      description="It was used, withdrawn or replaced by a newer one, or it is older than 7 days. Ask whoever invited you for another link."
      below={haveAccount}
    />
  )
}
