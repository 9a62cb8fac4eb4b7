import { type MetaFunction, redirect } from '@remix-run/node'
import { z } from 'zod'
import { endSession } from '~/domain/accounts/sessions.server'
import { signedOutHeaders } from '~/http/auth.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { PostForm, SubmitButton } from '~/ui/forms'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Sign out · Docket' }]

export const loader = pageLoader('anyone', ({ session }) => {
  if (!session) throw redirect(paths.login(), 303)
  return { email: session.email }
})

export const action = formAction('anyone', z.object({}), async ({ desk, session }) => {
  if (session) await endSession(desk, session.actor, session.sessionId, 'sign-out')
  return seeOther(paths.login(undefined, 'signed-out'), await signedOutHeaders())
})

export default function Logout() {
  return (
    <AuthLayout title="Sign out?" description="Your jobs go on without you.">
      <PostForm>
        <SubmitButton>Sign out</SubmitButton>
      </PostForm>
    </AuthLayout>
  )
}
