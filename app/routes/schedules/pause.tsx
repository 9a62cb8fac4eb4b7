import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { scheduleVerbInput } from '~/domain/schedules/input'
import { pauseSchedule } from '~/domain/schedules/pause.server'
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

export const action = formAction('user', scheduleVerbInput, async ({ actor, desk, params, value }) => {
  const { id } = await pauseSchedule(desk, actor, params.id as string, value)
  return seeOther(`${paths.schedule(id)}?paused`)
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `Pause ${plainName(data.schedule.name)}`) },
]

export default function PauseSchedule() {
  const { schedule } = useLoaderData<typeof loader>()
  return <ScheduleVerbPanel verb="pause" schedule={schedule} reply={useAnswer<typeof action>()} />
}
