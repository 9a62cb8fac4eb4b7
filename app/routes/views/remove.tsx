import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { z } from 'zod'
import { NotFound } from '~/domain/errors'
import { findView } from '~/domain/views/queries.server'
import { removeView } from '~/domain/views/save.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { BackLink } from '~/ui/BackLink'
import { FormErrors, PostForm, SubmitButton } from '~/ui/forms'
import { plainName } from '~/ui/name'
import { Page, PageHeader, Section } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { useReplyForm } from '~/ui/reply-form'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const { id, name, scope, owner } = await findView(desk, actor, params.id as string)
  if (owner?.id !== actor.id) throw new NotFound('This view')
  return { view: { id, name, scope } }
})

export const action = formAction('user', z.object({}), async ({ actor, desk, params }) => {
  const { scope } = await removeView(desk, actor, params.id as string)
  return seeOther(paths.viewsOf(scope))
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Remove a view') }]

export default function RemoveView() {
  const { view } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const [form] = useReplyForm({ id: 'view-remove', reply })
  return (
    <Page width="narrow">
      <PageHeader
        title={plainName(view.name)}
        above={<BackLink to={paths.viewsOf(view.scope)}>Saved views</BackLink>}
      />
      <Section title="Remove this view">
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">The list it leads to stays; nobody finds it here any more.</p>
          <PostForm form={form}>
            <FormErrors form={form} reply={reply} />
            <SubmitButton variant="danger" size="small">
              Remove
            </SubmitButton>
          </PostForm>
        </div>
      </Section>
    </Page>
  )
}
