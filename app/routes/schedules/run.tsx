import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { runNowForm } from '~/domain/schedules/input'
import { runScheduleNow } from '~/domain/schedules/run-now.server'
import { formAction } from '~/http/form-action.server'
import { seeOther } from '~/http/respond.server'
import { paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { plainName } from '~/ui/name'
import { pageTitle } from '~/ui/page-title'
import { ScheduleVerbPanel } from '~/ui/ScheduleVerbs'
import { scheduleVerbLoader } from './schedule-page.server'

export { afterConflict as shouldRevalidate } from '~/ui/after-conflict'
export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = scheduleVerbLoader()

export const action = formAction('user', runNowForm, async ({ actor, desk, params, value }) => {
  await runScheduleNow(desk, actor, params.id as string, value)
  return seeOther(`${paths.schedule(params.id as string)}?ran`)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Run ${plainName(data.schedule.name)}`) },
]

export default function RunSchedule() {
  const { schedule } = useLoaderData<typeof loader>()
  return <ScheduleVerbPanel verb="run" schedule={schedule} reply={useAnswer<typeof action>()} />
}
