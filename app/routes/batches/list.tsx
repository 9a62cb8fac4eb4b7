import { Link, type MetaFunction, useLoaderData } from '@remix-run/react'
import { listBatches } from '~/domain/batches/queries.server'
import { pageLoader } from '~/http/page.server'
import { paths } from '~/paths'
import { BackLink } from '~/ui/BackLink'
import { BatchList } from '~/ui/BatchList'
import { Pager } from '~/ui/Pager'
import { Card, Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', async ({ actor, desk, url }) => {
  const scope = url.searchParams.get('scope') === 'all' ? ('all' as const) : ('own' as const)
  const batches = await listBatches(desk, actor, { scope, cursor: url.searchParams.get('cursor') })
  return { batches, scope, isAdmin: actor.role === 'ADMIN' }
})

export const meta: MetaFunction<typeof loader> = ({ data }) => [{ title: pageTitle(data && 'Batches') }]

export default function Batches() {
  const { batches, scope, isAdmin } = useLoaderData<typeof loader>()
  const isEveryones = scope === 'all'
  const page = (cursor: string | null) =>
    cursor && paths.batches({ scope: isEveryones ? 'all' : null, cursor })
  return (
    <Page>
      <PageHeader
        above={<BackLink to={paths.list(scope)}>{isEveryones ? 'All jobs' : 'Jobs'}</BackLink>}
        title={isEveryones ? 'Everyone’s batches' : 'Batches'}
        description="What was done with several jobs at once, and what became of each of them."
        actions={
          isAdmin && (
            <Link
              to={paths.batches(isEveryones ? {} : { scope: 'all' })}
              className="text-xs text-accent underline"
            >
              {isEveryones ? 'Yours only' : 'Everyone’s'}
            </Link>
          )
        }
      />
      <Card className="overflow-hidden">
        <BatchList batches={batches.rows} isEveryones={isEveryones} />
      </Card>
      <Pager
        label="Pages of batches"
        prev={page(batches.prevCursor)}
        next={page(batches.nextCursor)}
        prevLabel="Newer"
        nextLabel="Older"
      />
    </Page>
  )
}
