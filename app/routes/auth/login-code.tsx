import { type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { signInCodeInput } from '~/domain/accounts/input'
import { finishSignIn, pendingAccount } from '~/domain/accounts/sign-in.server'
import { twoFactorState } from '~/domain/two-factor/state.server'
import { newcomer, signedInHeaders } from '~/http/auth.server'
import { formAction } from '~/http/form-action.server'
import { nextPath } from '~/http/next-path.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { pendingSignInCookie, readPendingSignIn } from '~/http/two-factor.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { CodeField } from '~/ui/CodeField'
import { FormErrors, PostForm, SubmitButton } from '~/ui/forms'
import { Notice } from '~/ui/Notice'
import { useReplyForm } from '~/ui/reply-form'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Two-factor authentication · Docket' }]

export const loader = pageLoader('anyone', async ({ desk, request, session, url }) => {
  const next = nextPath(url.searchParams.get('next')) ?? undefined
  const pending = await readPendingSignIn(request)
  const user = pending && (await pendingAccount(desk, pending))
  if (!user) throw redirect(session ? (next ?? paths.jobs()) : paths.login(next, 'late'), 303)
  const { isReadable } = await twoFactorState(desk, user)
  const isRecovery = !isReadable || url.searchParams.get('way') === 'recovery'
  return { next, email: user.email, isReadable, isRecovery }
})

export const action = formAction(
  'anyone',
  signInCodeInput,
  async ({ desk, request, value }) => {
    const next = nextPath(value.next) ?? undefined
    const pending = await readPendingSignIn(request)
    const session = pending && (await finishSignIn(desk, pending, value.code, await newcomer(request)))
    if (!session) return seeOther(paths.login(next, 'late'))
    const headers = await signedInHeaders(request, session)
    headers.append('Set-Cookie', await pendingSignInCookie(null))
    return seeOther(next ?? paths.jobs(), headers)
  },
  { hide: ['code'] },
)

export default function LoginCode() {
  const { next, email, isReadable, isRecovery } = useLoaderData<typeof loader>()
  const [form, fields] = useReplyForm<{ code: string }>({
    id: 'login-code',
    reply: useAnswer<typeof action>(),
  })
  return (
    <AuthLayout
      title="Two-factor authentication"
      description={`Signing in as ${email}.`}
      below={<Link to={paths.login(next)}>Start over</Link>}
    >
      {!isReadable && (
        <Notice tone="warn" title="Your authenticator app no longer works here">
          <p>
            Docket cannot read its secret, because SESSION_SECRET was changed. Use a recovery code, or ask an
            admin to reset your two-factor authentication.
          </p>
        </Notice>
      )}
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} />
        {isRecovery ? (
          <CodeField
            field={fields.code}
            label="Recovery code"
            description="One of the codes that you kept when you turned two-factor authentication on. It works once."
            autoFocus
          />
        ) : (
          <CodeField
            field={fields.code}
            description="Six digits from your authenticator app."
            digits
            autoFocus
          />
        )}
        {next && <input type="hidden" name="next" value={next} />}
        <SubmitButton pendingLabel="Signing in…">Sign in</SubmitButton>
      </PostForm>
      {isReadable && (
        <p className="text-xs text-ink-2">
          {isRecovery ? (
            <Link to={paths.loginCode(next)} className="underline">
              Use your authenticator app
            </Link>
          ) : (
            <Link to={paths.loginCode(next, 'recovery')} className="underline">
              Use a recovery code
            </Link>
          )}
        </p>
      )}
    </AuthLayout>
  )
}
