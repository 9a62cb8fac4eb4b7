import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { findScheduleDetail } from '~/domain/schedules/queries.server'
import { pageLoader } from '~/http/page.server'
import { DoneNotice } from '~/ui/DoneNotice'
import { plainName } from '~/ui/name'
import { Page } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { ScheduleDetail } from '~/ui/ScheduleDetail'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, params }) => {
  const schedule = await findScheduleDetail(desk, actor, params.id as string)
  return { schedule, isOwn: schedule.ownerId === actor.id }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `${plainName(data.schedule.name)} · Schedules`) },
]

export default function Schedule() {
  const { schedule, isOwn } = useLoaderData<typeof loader>()
  return (
    <Page>
      {/* said again when it is done again */}
      <DoneNotice
        key={`${schedule.version} ${schedule.lastAt}`}
        isStill={{ paused: schedule.state === 'PAUSED', resumed: schedule.state === 'ACTIVE' }}
      />
      <ScheduleDetail schedule={schedule} isOwn={isOwn} />
    </Page>
  )
}
