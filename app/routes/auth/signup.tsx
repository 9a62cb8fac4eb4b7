import { type MetaFunction, redirect } from '@remix-run/node'
import { Link, useLoaderData } from '@remix-run/react'
import { signUpInput } from '~/domain/accounts/input'
import { signUp } from '~/domain/accounts/sign-up.server'
import { newcomer, signedInHeaders } from '~/http/auth.server'
import { house } from '~/http/desk.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { FormErrors, PostForm, SubmitButton, TextField } from '~/ui/forms'
import { NewPasswordFields } from '~/ui/NewPasswordFields'
import { useReplyForm } from '~/ui/reply-form'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction = () => [{ title: 'Sign up · Docket' }]

export const loader = pageLoader('anyone', ({ session }) => {
  if (session) throw redirect(paths.jobs(), 303)
  return { open: house().environment.SIGNUP === 'open' }
})

export const action = formAction('anyone', signUpInput, async ({ desk, request, value }) => {
  const session = await signUp(desk, house().environment.SIGNUP, value, await newcomer(request))
  return seeOther(paths.jobs(), await signedInHeaders(request, session))
})

export default function SignUp() {
  const { open } = useLoaderData<typeof loader>()
  const below = (
    <>
      Have an account? <Link to={paths.login()}>Sign in</Link>
    </>
  )
  return (
    <AuthLayout
      title={open ? 'Sign up' : 'Sign-up is closed'}
      description={
        open ? undefined : 'Only those who were invited can make an account here: ask an admin for a link.'
      }
      below={below}
    >
      {open && <SignUpForm />}
    </AuthLayout>
  )
}

function SignUpForm() {
  const [form, fields] = useReplyForm<{
    name: string
    email: string
    password: string
    passwordConfirm: string
  }>({ id: 'signup', reply: useAnswer<typeof action>() })
  return (
    <PostForm form={form} className="flex flex-col gap-4">
      <FormErrors form={form} />
      <TextField field={fields.name} label="Name" maxLength={100} autoComplete="name" autoFocus />
      <TextField field={fields.email} label="Email" type="email" maxLength={254} autoComplete="username" />
      <NewPasswordFields password={fields.password} passwordConfirm={fields.passwordConfirm} />
      <SubmitButton pendingLabel="Signing up…">Sign up</SubmitButton>
    </PostForm>
  )
}
