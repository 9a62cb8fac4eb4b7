import { Link, type MetaFunction, useLoaderData } from '@remix-run/react'
import { listSchedules } from '~/domain/schedules/queries.server'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { LinkButton } from '~/ui/button'
import { Plus } from '~/ui/icons'
import { Notice } from '~/ui/Notice'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'
import { ScheduleList } from '~/ui/ScheduleList'
import { TemplatesNav } from '~/ui/TemplatesNav'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const scope = url.searchParams.get('scope') === 'all' ? ('all' as const) : ('own' as const)
  const failing = url.searchParams.get('failing') === 'true'
  const cursor = url.searchParams.get('cursor')
  return {
    schedules: await listSchedules(desk, actor, { scope, failing, cursor }),
    scope,
    failing,
    viewer: { id: actor.id, isAdmin: actor.role === 'ADMIN' },
    isRemoved: url.searchParams.has('removed'),
  }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Schedules') }]

export default function Schedules() {
  const { schedules, scope, failing, viewer, isRemoved } = useLoaderData<typeof loader>()
  const isEveryones = scope === 'all'
  const at = { scope: isEveryones ? ('all' as const) : null, failing: failing ? ('true' as const) : null }
  const page = (cursor: string | null) => cursor && paths.scheduleList({ ...at, cursor })
  return (
    <Page>
      <PageHeader
        above={<TemplatesNav />}
        title={isEveryones ? 'Everyone’s schedules' : 'Schedules'}
        description="Jobs that are handed in by the clock."
        actions={
          <>
            <Link
              to={paths.scheduleList({ ...at, failing: failing ? null : 'true' })}
              className="text-xs text-accent underline"
            >
              {failing ? 'All' : 'Failing only'}
            </Link>
            {viewer.isAdmin && (
              <Link
                to={paths.scheduleList({ ...at, scope: isEveryones ? null : 'all' })}
                className="text-xs text-accent underline"
              >
                {isEveryones ? 'Yours only' : 'Everyone’s'}
              </Link>
            )}
            <LinkButton to={paths.newSchedule()} size="small">
              <Plus aria-hidden />
              New schedule
            </LinkButton>
          </>
        }
      />
      {isRemoved && (
        <Notice tone="good" role="status">
          The schedule is removed. Its jobs stay.
        </Notice>
      )}
      <Card className="overflow-hidden">
        <ScheduleList
          schedules={schedules.rows}
          isEveryones={isEveryones}
          failing={failing}
          viewerId={viewer.id}
        />
      </Card>
      <Pager
        label="Pages of schedules"
        prev={page(schedules.prevCursor)}
        next={page(schedules.nextCursor)}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}
