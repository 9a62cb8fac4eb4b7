import type { MetaFunction } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { setupInput } from '~/domain/accounts/input'
import { assertSetupToken, completeSetup } from '~/domain/accounts/setup.server'
import { newcomer, signedInHeaders } from '~/http/auth.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { AuthLayout } from '~/ui/AuthLayout'
import { useAnswer } from '~/ui/answer'
import { Checkbox, FormErrors, PostForm, SubmitButton, TextField } from '~/ui/forms'
import { NewPasswordFields } from '~/ui/NewPasswordFields'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'

export { RootError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('anyone', async ({ desk, url }) => {
  const token = url.searchParams.get('token') ?? ''
  await assertSetupToken(desk, token)
  return { token }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: data ? 'Set up Docket' : pageTitle() },
]

export const action = formAction('anyone', setupInput, async ({ desk, request, value }) => {
  const session = await completeSetup(desk, value.token, value, await newcomer(request))
  return seeOther(paths.jobs(), await signedInHeaders(request, session))
})

export default function Setup() {
  const { token } = useLoaderData<typeof loader>()
  const [form, fields] = useReplyForm<{
    name: string
    email: string
    password: string
    passwordConfirm: string
    examples: boolean
  }>({ id: 'setup', reply: useAnswer<typeof action>(), defaultValue: { examples: true } })
  return (
    <AuthLayout title="Set up Docket" description="This makes the first account. It is an admin's.">
      <PostForm form={form} className="flex flex-col gap-4">
        <FormErrors form={form} />
        <TextField field={fields.name} label="Name" maxLength={100} autoComplete="name" autoFocus />
        <TextField field={fields.email} label="Email" type="email" maxLength={254} autoComplete="username" />
        <NewPasswordFields password={fields.password} passwordConfirm={fields.passwordConfirm} />
        <Checkbox
          field={fields.examples}
          label="Start with the offline agents and three example jobs"
          description="Toolbox and Local command need no network and no key. The examples run at once."
        />
        <input type="hidden" name="token" value={token} />
        <SubmitButton pendingLabel="Setting up…">Make the account</SubmitButton>
      </PostForm>
    </AuthLayout>
  )
}
