import { type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { useEffect, useState } from 'react'
import { signInInput } from '~/domain/accounts/input'
import { awaitsSetup } from '~/domain/accounts/setup.server'
import { CodeRequired } from '~/domain/accounts/sign-in.server'
import { signedInHeaders } from '~/http/auth.server'
import { authenticateForm } from '~/http/authenticator.server'
import { house } from '~/http/desk.server'
import { formAction } from '~/http/form-action.server'
import { nextPath } from '~/http/next-path.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { pendingSignInCookie } from '~/http/two-factor.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { FormErrors, PostForm, SubmitButton, TextField } from '~/ui/forms'
import { Notice } from '~/ui/Notice'
import { useReplyForm } from '~/ui/reply-form'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Sign in · Docket' }]

export const loader = pageLoader('anyone', async ({ desk, session, url }) => {
  const next = nextPath(url.searchParams.get('next'))
  if (session) throw redirect(next ?? paths.jobs(), 303)
  return {
    next,
    signUpOpen: house().environment.SIGNUP === 'open',
    awaitsSetup: await awaitsSetup(desk),
    passwordSet: url.searchParams.has('password-set'),
    why: url.searchParams.get('why'),
  }
})

export const action = formAction('anyone', signInInput, async ({ request, form, value }) => {
  const next = nextPath(value.next)
  try {
    const session = await authenticateForm(request, form)
    return seeOther(next ?? paths.jobs(), await signedInHeaders(request, session))
  } catch (error) {
    if (!(error instanceof CodeRequired)) throw error
    const headers = { 'Set-Cookie': await pendingSignInCookie(error.pending) }
    return seeOther(paths.loginCode(next ?? undefined), headers)
  }
})

export default function Login() {
  const { next, signUpOpen, awaitsSetup, passwordSet, why } = useLoaderData<typeof loader>()
  const [form, fields] = useReplyForm<{ email: string; password: string }>({
    id: 'login',
    reply: useAnswer<typeof action>(),
  })
  const below = signUpOpen && (
    <>
      No account yet? <Link to={paths.signup}>Sign up</Link>
    </>
  )
  return (
    <AuthLayout title="Sign in" below={below}>
      {passwordSet && (
        <Notice tone="good" role="status">
          Your new password is set. Sign in with it.
        </Notice>
      )}
      <WhyHere why={why} />
      {awaitsSetup && (
        <Notice title="This Docket is not set up yet">
          <p>Open the one-time link that the server printed when it started: it makes the first account.</p>
        </Notice>
      )}
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} />
        <TextField field={fields.email} label="Email" type="email" autoComplete="username" autoFocus />
        <TextField field={fields.password} label="Password" type="password" autoComplete="current-password" />
        {next && <input type="hidden" name="next" value={next} />}
        <SubmitButton pendingLabel="Signing in…">Sign in</SubmitButton>
      </PostForm>
      <p className="text-xs text-ink-2">
        Forgot your password? An admin can give you a link to set a new one.
      </p>
    </AuthLayout>
  )
}

/** Says how somebody came here who did not mean to sign in, and after a sign-out keeps nothing of theirs. */
function WhyHere({ why }: { why: string | null }) {
  const [isKept, setKept] = useState(false)
  useEffect(() => {
    if (why === null) return
    void import('~/ui/kept-drafts').then(({ forgetEverything, hasDrafts }) => {
      if (why === 'signed-out') forgetEverything()
      setKept(hasDrafts())
    })
  }, [why])
  if (why === 'signed-out') {
    return (
      <Notice tone="good" role="status">
        You are signed out.
      </Notice>
    )
  }
  if (why === 'late') {
    return (
      <Notice tone="warn" role="status">
        This sign-in has expired. Enter your password again.
      </Notice>
    )
  }
  if (why !== 'ended') return null
  return (
    <Notice tone="warn" role="status" title="Your session has ended">
      <p>Sign in to go on where you were.{isKept && ' What you wrote is kept in this browser.'}</p>
    </Notice>
  )
}
