import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listAgentChoices } from '~/domain/agents/queries.server'
import { Forbidden } from '~/domain/errors'
import { templateChangeForm, templateFormValue } from '~/domain/templates/form'
import { findTemplate } from '~/domain/templates/queries.server'
import { editTemplate, mayChange } from '~/domain/templates/save.server'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Name, plainName } from '~/ui/name'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { TemplateForm } from '~/ui/TemplateForm'
import { askForVariables } from './ask.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params, timeZone }) => {
  const [template, agents] = await Promise.all([
    findTemplate(desk, actor, params.id as string),
    listAgentChoices(desk, timeZone),
  ])
  if (!mayChange(actor, template)) throw new Forbidden('Only its owner or an admin can change a template.')
  const { id, version, name, variables } = template
  return {
    template: { id, version, name },
    names: variables.map((each) => each.name),
    values: templateFormValue(template),
    agents,
  }
})

export const action = formAction('user', templateChangeForm, async ({ actor, desk, params, value, form }) => {
  if (!value.save) return askForVariables(form, value)
  const { id, version } = await editTemplate(desk, actor, params.id as string, value.save)
  return seeSaved(`${paths.template(id)}?saved`, version !== value.save.version)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Edit ${plainName(data.template.name)}`) },
]

export default function EditTemplate() {
  const { template, names, values, agents } = useLoaderData<typeof loader>()
  return (
    <Page width="narrow">
      <PageHeader title="Edit template" description={<Name>{template.name}</Name>} />
      <TemplateForm
        agents={agents}
        reply={useAnswer<typeof action>()}
        values={values}
        names={names}
        template={template}
      />
    </Page>
  )
}
