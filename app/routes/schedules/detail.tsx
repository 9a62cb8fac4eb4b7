import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { findScheduleDetail } from '~/domain/schedules/queries.server'
import { pageLoader } from '~/http/page.server'
import { Notice } from '~/ui/Notice'
import { plainName } from '~/ui/name'
import { Page } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { ScheduleDetail } from '~/ui/ScheduleDetail'

export { RouteError as ErrorBoundary } from '~/ui/ErrorPage'

export const loader = pageLoader('user', async ({ actor, desk, params, url }) => {
  const schedule = await findScheduleDetail(desk, actor, params.id as string)
  return { schedule, isOwn: schedule.ownerId === actor.id, isSaved: url.searchParams.has('saved') }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && `${plainName(data.schedule.name)} · Schedules`) },
]

export default function Schedule() {
  const { schedule, isOwn, isSaved } = useLoaderData<typeof loader>()
  return (
    <Page>
      {isSaved && (
        <Notice tone="good" role="status">
          Saved.
        </Notice>
      )}
      <ScheduleDetail schedule={schedule} isOwn={isOwn} />
    </Page>
  )
}
