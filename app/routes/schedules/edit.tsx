import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { NotFound } from '~/domain/errors'
import { editSchedule } from '~/domain/schedules/edit.server'
import { atFields, scheduleChangeForm } from '~/domain/schedules/form'
import { findSchedule } from '~/domain/schedules/queries.server'
import { valueField } from '~/domain/schedules/view'
import { findTemplate } from '~/domain/templates/queries.server'
import { timeZones } from '~/domain/zones/names'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { seeSaved } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { LinkButton } from '~/ui/button'
import { Notice } from '~/ui/Notice'
import { Name, plainName } from '~/ui/name'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { ScheduleForm } from '~/ui/ScheduleForm'
import { shownRuns, showRuns } from './next-runs.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const schedule = await findSchedule(desk, actor, params.id as string)
  const { id, version, name, cron, timeZone, catchUp } = schedule
  const isOwn = schedule.ownerId === actor.id
  const template = isOwn
    ? await findTemplate(desk, actor, schedule.templateId).catch((error: unknown) => {
        if (error instanceof NotFound) return null
        throw error
      })
    : null
  const values = (template?.variables ?? []).map((each) => {
    return [valueField(each.name), schedule.values[each.name] ?? each.default ?? ''] as const
  })
  return {
    schedule: { id, version, name },
    template: template && { variables: template.variables },
    isOwn,
    values: { name, cron, timeZone, catchUp, ...Object.fromEntries(values) },
    timeZones,
    shown: shownRuns(desk, { cron, timeZone }),
  }
})

export const action = formAction('user', scheduleChangeForm, async ({ actor, desk, params, value }) => {
  if (value.show) return showRuns(desk, value.show, value.sent)
  const { id, version } = await atFields(editSchedule(desk, actor, params.id as string, value.save))
  return seeSaved(`${paths.schedule(id)}?saved`, version !== value.save.version)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Edit ${plainName(data.schedule.name)}`) },
]

export default function EditSchedule() {
  const { schedule, template, isOwn, values, timeZones, shown } = useLoaderData<typeof loader>()
  const reply = useAnswer<typeof action>()
  const why = !isOwn
    ? 'Only its owner can change a schedule. You may pause or remove it.'
    : !template &&
      'Its template was removed, or is no longer shared. Remove this schedule, and make one from another template.'
  return (
    <Page>
      <PageHeader title="Edit schedule" description={<Name>{schedule.name}</Name>} />
      {why || !template ? (
        <>
          <Notice tone="warn">
            <p>{why}</p>
          </Notice>
          <div>
            <LinkButton to={paths.schedule(schedule.id)}>Back to the schedule</LinkButton>
          </div>
        </>
      ) : (
        <ScheduleForm
          key={schedule.id}
          variables={template.variables}
          timeZones={timeZones}
          reply={reply}
          values={values}
          shown={reply && 'shown' in reply ? reply.shown : shown}
          schedule={schedule}
        />
      )}
    </Page>
  )
}
