import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { Forbidden } from '~/domain/errors'
import { templateVerbInput } from '~/domain/templates/input'
import { findTemplate } from '~/domain/templates/queries.server'
import { mayChange, removeTemplate } from '~/domain/templates/save.server'
import { schedulesUsing } from '~/domain/templates/usage.server'
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
import { TemplateUsage } from '~/ui/TemplateUsage'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const template = await findTemplate(desk, actor, params.id as string)
  if (!mayChange(actor, template)) throw new Forbidden('Only its owner or an admin can remove a template.')
  const { id, name, version } = template
  return { template: { id, name, version }, usage: await schedulesUsing(desk, actor, id) }
})

export const action = formAction('user', templateVerbInput, async ({ actor, desk, params, value }) => {
  await removeTemplate(desk, actor, params.id as string, value)
  return seeOther(`${paths.templates}?removed`)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Remove ${plainName(data.template.name)}`) },
]

export default function RemoveTemplate() {
  const { template, usage } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const [form] = useReplyForm({ id: 'template-remove', reply })
  return (
    <Page width="narrow">
      <PageHeader
        title={plainName(template.name)}
        above={<BackLink to={paths.template(template.id)}>The template</BackLink>}
      />
      <Section title="Remove">
        <div className="flex flex-col gap-3">
          <p className="text-ink-2">No more jobs are created from it. The jobs created from it stay.</p>
          {usage.total > 0 && <TemplateUsage usage={usage} />}
          <PostForm form={form} className="flex flex-col gap-2">
            <FormErrors form={form} reply={reply} />
            <input type="hidden" name="version" value={template.version} />
            {usage.total > 0 && <input type="hidden" name="force" value="true" />}
            <SubmitButton variant="danger" size="small" className="self-start">
              {usage.total > 0 ? 'Remove it anyway' : 'Remove the template'}
            </SubmitButton>
          </PostForm>
        </div>
      </Section>
    </Page>
  )
}
