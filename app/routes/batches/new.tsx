import { type MetaFunction, useLoaderData } from '@remix-run/react'
import { freezeBatch } from '~/domain/batches/freeze.server'
import { newBatchForm } from '~/domain/batches/input'
import type { Choice } from '~/domain/batches/view'
import { Invalid, NotFound } from '~/domain/errors'
import { formAction } from '~/http/form-action.server'
import { pageLoader } from '~/http/page.server'
import { assertListQuery } from '~/http/query-parameters'
import { seeOther } from '~/http/respond.server'
import { listPlace, listQuery, mostCarried, paths } from '~/paths'
import { useAnswer } from '~/ui/answer'
import { NewBatch } from '~/ui/NewBatch'
import { Page, PageHeader } from '~/ui/page'
import { pageTitle } from '~/ui/page-title'

export { RouteError as ErrorBoundary } from '~/ui/RouteError'

export const loader = pageLoader('user', ({ actor, url }) => {
  const scope = url.searchParams.get('scope') === 'all' ? ('all' as const) : ('own' as const)
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound('This list')
  return { scope, query: url.searchParams.get('query') ?? '' }
})

export const action = formAction('user', newBatchForm, async ({ actor, desk, value, timeZone }) => {
  if ('make' in value) {
    const wanted = { ...value.make, timeZone, ...choiceOf(value.jobs) }
    return seeOther(paths.batch(await freezeBatch(desk, actor, wanted)))
  }
  const { scope, query, cursor, ids } = value.keep
  if (ids.length > mostCarried) {
    throw new Invalid({
      id: [`At most ${mostCarried} jobs can be kept from page to page. Go on with these.`],
    })
  }
  return seeOther(paths.picking(scope, { ...listPlace(query), cursor }, ids))
})

/** @throws {Invalid} if the list ignored something of its address: it showed more than was asked for */
function choiceOf(jobs: { ids: string[] } | { query: string; orAll: boolean }): Choice {
  if ('ids' in jobs) return jobs
  assertListQuery(jobs.query)
  const at = listPlace(jobs.query)
  const isNarrowed = listQuery({ ...at, sort: undefined, timeZone: undefined }) !== ''
  return jobs.orAll && !isNarrowed ? { all: true } : { query: listQuery(at) }
}

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: pageTitle(data && 'Do with several jobs') },
]

export default function NewBatchPage() {
  return (
    <Page width="narrow">
      <PageHeader
        title="Do with several jobs"
        description="What is to be done? Nothing happens before the next page, which says how many it can be done to."
      />
      <NewBatch {...useLoaderData<typeof loader>()} reply={useAnswer<typeof action>()} />
    </Page>
  )
}
