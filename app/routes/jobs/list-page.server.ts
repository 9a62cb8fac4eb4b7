import type { Desk } from '~/domain/desk'
import { type FieldErrors, Invalid } from '~/domain/errors'
import { readJobFilter } from '~/domain/jobs/list-filter.server'
import { jobsByIds, listJobs } from '~/domain/jobs/queries.server'
import { listSurroundings } from '~/domain/jobs/surroundings.server'
import type { ListPage } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { defaultViews } from '~/domain/views/view'
import { listPlace, listQuery } from '~/paths'
import { chipsOfList } from '~/ui/filter-chips'
import { type ListedJob, type ListedJobs, listedJob, listedPage } from '~/ui/listed-job'
import type { ListScope } from '~db/vocabulary'

const nothing: ListPage<ListedJob> = { rows: [], nextCursor: null, prevCursor: null, searchedTo: null }

/** What a page of jobs shows, and how it answers: 422 where the address asks what means nothing. */
export async function readList(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  search: URLSearchParams,
  timeZone: string,
): Promise<{ listed: ListedJobs; status: 200 | 422 }> {
  const at = listPlace(search)
  const { cursor, ...asked } = at
  const { filter, sort, names, errors: misread } = await readJobFilter(desk, actor, scope, asked, timeZone)
  const isRead = Object.keys(misread).length === 0
  const [{ page, errors }, { counts, agents, views, failingSchedules }] = await Promise.all([
    isRead ? readPage(desk, actor, { scope, filter, sort, cursor }) : { page: nothing, errors: misread },
    listSurroundings(desk, actor, scope, filter),
  ])
  const held = heldIds(search)?.filter((id) => page.rows.every((row) => row.id !== id))
  const kept = held ? (await jobsByIds(desk, actor, scope, held)).map(listedJob) : null
  const shown = [
    ...defaultViews(scope).map(({ id, name, query }) => ({ id, name, query, by: null })),
    ...views.map(({ id, name, query, mine, ownerName }) => ({
      id,
      name,
      query,
      by: mine ? null : ownerName,
    })),
  ]
  return {
    listed: {
      of: `${listQuery(asked)} ${cursor ?? ''}`,
      page,
      kept,
      sort,
      counts,
      agents,
      chips: chipsOfList(scope, at, names),
      ownerEmail: names.ownerEmail,
      views: shown,
      failingSchedules,
      errors,
    },
    status: Object.keys(errors).length > 0 ? 422 : 200,
  }
}

/** What a page that is looked at shows already, and goes on showing whatever the list's page is by now. */
const heldIds = (search: URLSearchParams) => search.get('held')?.split(',').filter(Boolean)

async function readPage(
  desk: Desk,
  actor: UserActor,
  query: Parameters<typeof listJobs>[2],
): Promise<{ page: ListPage<ListedJob>; errors: FieldErrors }> {
  try {
    return { page: listedPage(await listJobs(desk, actor, query)), errors: {} }
  } catch (error) {
    // a cursor of another list, or of another order
    if (error instanceof Invalid) return { page: nothing, errors: error.fields }
    throw error
  }
}
