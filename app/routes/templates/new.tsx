import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { listAgentChoices } from '~/domain/agents/queries.server'
import { findJob } from '~/domain/jobs/queries.server'
import { newTemplateForm, templateFormValue } from '~/domain/templates/form'
import { createTemplate } from '~/domain/templates/save.server'
import { starterOf } from '~/domain/templates/starters'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Page, PageHeader } from '~/ui/page'
import { TemplateForm } from '~/ui/TemplateForm'
import { askForVariables } from './ask.server'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, url, timeZone }) => {
  const id = url.searchParams.get('job')
  const [agents, job] = await Promise.all([
    listAgentChoices(desk, timeZone),
    id ? findJob(desk, actor, id) : null,
  ])
  const starter = starterOf(url.searchParams.get('starter'))
  if (starter) {
    return { agents, values: templateFormValue(starter), names: starter.variables.map(({ name }) => name) }
  }
  if (!job) return { agents, values: { review: 'required' }, names: [] }
  const { name, assignedAgentId: agentId, ...rest } = job
  const from = { ...rest, name, agentId: agents.some((each) => each.id === agentId) ? agentId : null }
  return {
    agents,
    values: templateFormValue({ name, description: '', shared: false, job: from, variables: [] }),
    names: [],
  }
})

export const action = formAction('user', newTemplateForm, async ({ actor, desk, value, form }) => {
  if (!value.save) return askForVariables(form, value)
  const { id } = await createTemplate(desk, actor, value.save)
  return seeOther(`${paths.template(id)}?saved`)
})

export const meta: MetaFunction = () => [{ title: 'New template · Docket' }]

export default function NewTemplate() {
  const { agents, values, names } = useLoaderData<typeof loader>()
  return (
    <Page width="narrow">
      <PageHeader title="New template" />
      <TemplateForm agents={agents} reply={useAnswer<typeof action>()} values={values} names={names} />
    </Page>
  )
}
