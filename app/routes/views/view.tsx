import { type MetaFunction, redirect } from '@remix-run/node'
import { useLoaderData } from '@remix-run/react'
import { viewForm } from '~/domain/views/input'
import { findView } from '~/domain/views/queries.server'
import { changeView } from '~/domain/views/save.server'
import { viewSearch } from '~/domain/views/view'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { LinkButton } from '~/ui/button'
import { FormErrors, PostForm, SubmitButton } from '~/ui/forms'
import { FormActions, Page, PageHeader, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'
import { ViewFields } from '~/ui/ViewFields'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Change a view') }]

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const view = await findView(desk, actor, params.id as string)
  // to everybody else its address is the list's
  if (view.owner?.id !== actor.id) throw redirect(paths.list(view.scope) + viewSearch(view.query), 303)
  return { view }
})

export const action = formAction('user', viewForm, async ({ actor, desk, params, value }) => {
  const before = await findView(desk, actor, params.id as string)
  const { scope, name, shared } = await changeView(desk, actor, before.id, value)
  return seeSaved(paths.viewsOf(scope), name !== before.name || shared !== before.shared)
})

export default function ChangeView() {
  const { view } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const [form, fields] = useReplyForm<{ name: string; shared: boolean }>({
    id: 'view',
    reply,
    defaultValue: { name: view.name, shared: view.shared },
  })
  return (
    <Page width="narrow">
      <PageHeader title={view.name} above={<BackLink to={paths.viewsOf(view.scope)}>Saved views</BackLink>} />
      <Section title="Change this view">
        <PostForm form={form} className="flex flex-col gap-4">
          <FormErrors form={form} reply={reply} />
          <ViewFields fields={fields} scope={view.scope} />
          <FormActions>
            <SubmitButton pendingLabel="Saving…">Save</SubmitButton>
            <LinkButton to={paths.viewsOf(view.scope)} variant="quiet">
              Cancel
            </LinkButton>
          </FormActions>
        </PostForm>
      </Section>
      <Section title="Remove it" description="The jobs stay; only this way to them goes.">
        <PostForm action={paths.removeView(view.id)}>
          <SubmitButton variant="danger">Remove view</SubmitButton>
        </PostForm>
      </Section>
    </Page>
  )
}
