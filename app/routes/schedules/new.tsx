import { Link, type MetaFunction, useLoaderData } from '@remix-run/react'
import { createSchedule } from '~/domain/schedules/create.server'
import { atFields, newScheduleForm } from '~/domain/schedules/form'
import { lastTimeZone } from '~/domain/schedules/queries.server'
import { valueField } from '~/domain/schedules/view'
import { findTemplate, listTemplates } from '~/domain/templates/queries.server'
import { timeZones } from '~/domain/zones/names'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { Name } from '~/ui/name'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { ScheduleForm } from '~/ui/ScheduleForm'
import { TemplateChoice } from '~/ui/TemplateChoice'
import { shownRuns, showRuns } from './next-runs.server'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

/** On Mondays, as a first guess. */
const firstCron = '0 9 * * 1'

export const loader = pageLoader('user', async ({ actor, desk, url, timeZone: own }) => {
  const id = url.searchParams.get('template')
  if (!id) return { chosen: null, templates: await listTemplates(desk, actor) }
  const [{ name, variables }, last] = await Promise.all([
    findTemplate(desk, actor, id),
    lastTimeZone(desk, actor),
  ])
  const timeZone = last ?? own
  const defaults = variables.map((each) => [valueField(each.name), each.default ?? ''] as const)
  return {
    chosen: {
      template: { id, name, variables },
      values: { name, cron: firstCron, timeZone, catchUp: 'latest', ...Object.fromEntries(defaults) },
      timeZones,
      shown: shownRuns(desk, { cron: firstCron, timeZone }),
    },
    templates: [],
  }
})

export const action = formAction('user', newScheduleForm, async ({ actor, desk, value }) => {
  if (value.show) return showRuns(desk, value.show, value.sent)
  const { id } = await atFields(createSchedule(desk, actor, value.save))
  return seeOther(`${paths.schedule(id)}?saved`)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'New schedule') }]

export default function NewSchedule() {
  const { chosen, templates } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  if (!chosen) {
    return (
      <Page width="narrow">
        <PageHeader title="New schedule" description="Which template is to be handed in by the clock?" />
        <TemplateChoice templates={templates} />
      </Page>
    )
  }
  const { template, values, timeZones, shown } = chosen
  return (
    <Page>
      <PageHeader
        title="New schedule"
        description={
          <>
            Hands in jobs from{' '}
            <Link to={paths.template(template.id)} className="text-accent underline">
              <Name>{template.name}</Name>
            </Link>
            .
          </>
        }
      />
      <ScheduleForm
        key={template.id}
        variables={template.variables}
        timeZones={timeZones}
        reply={reply}
        values={values}
        shown={reply && 'shown' in reply ? reply.shown : shown}
        templateId={template.id}
      />
    </Page>
  )
}
