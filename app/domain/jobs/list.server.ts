import type { ListScope } from '~db/vocabulary'
import type { Statement } from '~db/write-queue.server'
import { type Cursor, decodeCursor, encodeCursor, type ListName } from '../cursor'
import type { Desk } from '../desk'
import { Invalid, NotFound } from '../errors'
import type { UserActor } from '../policy'
import { defaultSort, type JobFilter, type Sort } from './list-filter'
import { type ListPlan, type Placed, planOf } from './list-plan.server'
import {
  byIds,
  compareKeys,
  idsStatement,
  isUpwards,
  keyOf,
  lastLookedAt,
  lookedAt,
  pageStatement,
  rowsOf,
  type Start,
} from './list-walk.server'
import { type StoredRow, type StoredSummary, stored } from './stored.server'
import type { JobSummary, ListPage } from './view'
import { withWaitingFor } from './waiting.server'

export interface JobListQuery {
  /** `own`: the actor's jobs; `all`: everyone's, for admins. */
  scope: ListScope
  filter?: JobFilter
  sort?: Sort
  cursor?: string | null
  /** At most so many rows, 1 to 100. */
  limit?: number
}

/**
 * A page of jobs by keyset; archived ones are left out. It looks at `mostInIndex` rows at the most: where these hold no
 * full page, `searchedTo` says how far it looked, and the cursor goes on from there. By text, or of a batch, an order
 * other than by age is one of the newest matches.
 * @throws {NotFound} everyone's, but for admins
 * @throws {Invalid} on `cursor`, one of another list or order
 */
export async function listJobs(
  desk: Desk,
  actor: UserActor,
  query: JobListQuery,
): Promise<ListPage<JobSummary>> {
  const list = listOf(actor, query)
  const { plan, key } = list
  const start = startOf(list, query.cursor)
  const page = plan.isEmpty ? emptyPage : plan.sortedBy ? sortedPage : walkedPage
  const { rows, more, last, searchedTo } = await page(desk, list, start, query.limit ?? 25)
  // all that was before is gone: what there is now begins with the first page
  if (start.backwards && rows.length === 0 && !last) return listJobs(desk, actor, { ...query, cursor: null })
  const keys = rows.map(key)
  const onward = (more && keys.at(-1)) || (last && key(last))
  const cameFrom = start.key && (keys[0] ?? (last && start.backwards ? key(last) : start.key))
  const cursorAt = (at: Cursor['key'] | null | undefined, direction: Cursor['direction']) =>
    at ? encodeCursor(list.name, { key: [plan.name, ...at], direction }) : null
  return {
    rows: await withWaitingFor(desk, start.backwards ? rows.reverse() : rows),
    nextCursor: cursorAt(start.backwards ? cameFrom : onward, 'next'),
    prevCursor: cursorAt(start.backwards ? onward : cameFrom, 'prev'),
    searchedTo,
  }
}

/**
 * The ids of a list's jobs, newest first, in slices of at most `most`: `after` goes on, null at the end. A slice may be
 * short, even empty, for it looks at `mostInIndex` rows at the most.
 * @throws {NotFound} everyone's, but for admins
 * @throws {Invalid} on `cursor`
 */
export async function matchingIds(
  desk: Desk,
  actor: UserActor,
  query: { scope: ListScope; filter: JobFilter },
  { after, most }: { after?: string | null; most: number },
): Promise<{ ids: string[]; after: string | null }> {
  const list = listOf(actor, query)
  if (list.plan.isEmpty) return { ids: [], after: null }
  const start = startOf(list, after)
  const limit = Math.min(most, list.plan.most)
  const rows = inOrder(list, start, await read<Placed>(desk, idsStatement(list.plan, start, limit)))
  const last = rows.length < limit ? await lastOf(desk, list, start) : rows.at(-1)
  return {
    ids: rows.map(({ id }) => id),
    after: last
      ? encodeCursor(list.name, { key: [list.plan.name, ...list.key(last)], direction: 'next' })
      : null,
  }
}

/** Jobs by their ids, in any order: those of the scope that are still there, archived ones too; a hundred at the most. */
export async function jobsByIds(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  ids: string[],
): Promise<JobSummary[]> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  if (ids.length === 0) return []
  const ownerId = scope === 'own' ? actor.id : null
  const rows = await read<StoredRow<JobSummary>>(desk, byIds(ids.slice(0, 100), ownerId))
  return withWaitingFor(desk, rows.map(stored) as StoredSummary[])
}

interface List {
  name: ListName
  plan: ListPlan
  key: (row: Placed) => Cursor['key']
  types: ('string' | 'number')[]
}

interface Found {
  /** In the order they were walked in. */
  rows: StoredSummary[]
  /** Whether a further one is known. */
  more: boolean
  /** Where it stopped looking, where it can go on from there. */
  last?: Placed
  /** How far back it looked, where that was not to the end. */
  searchedTo: number | null
}

function listOf(actor: UserActor, { scope, filter = {}, sort = defaultSort }: JobListQuery): List {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const plan = planOf({ ownerId: scope === 'own' ? actor.id : filter.ownerId, filter, sort })
  const columns = plan.sortedBy ? [plan.sortedBy, 'no' as const] : plan.key.map(({ column }) => column)
  return {
    ...{ name: scope === 'own' ? 'own-jobs' : 'all-jobs', plan, key: keyOf(columns) },
    types: columns.map((column) => (column === 'name' || column === 'id' ? 'string' : 'number')),
  }
}

function startOf({ name, plan, types }: List, text: string | null | undefined): Start {
  const cursor = decodeCursor(name, text, ['string', ...types])
  if (!cursor) return { key: null, backwards: false }
  const [of, ...key] = cursor.key
  if (of !== plan.name) throw new Invalid({ cursor: ['This cursor is of another order or search.'] })
  return { key, backwards: cursor.direction === 'prev' }
}

/** What SQL promises no order of, in the order of the walk. */
function inOrder<Row extends Placed>({ plan, key }: List, start: Start, rows: Row[]): Row[] {
  const way = isUpwards(plan, start) ? 1 : -1
  return rows.sort((a, b) => way * compareKeys(key(a), key(b)))
}

const lastOf = async (desk: Desk, { plan }: List, start: Start) =>
  plan.isExact ? undefined : (await read<Placed>(desk, lastLookedAt(plan, start)))[0]

const emptyPage = async (): Promise<Found> => ({ rows: [], more: false, searchedTo: null })

async function walkedPage(desk: Desk, list: List, start: Start, limit: number): Promise<Found> {
  const page = pageStatement(list.plan, start, limit + 1)
  const rows = inOrder(list, start, (await read<StoredRow<JobSummary>>(desk, page)).map(stored))
  const more = rows.length > limit
  const last = more ? undefined : await lastOf(desk, list, start)
  const reached = list.plan.key[0]?.column === 'updatedAt' ? last?.updatedAt : last?.createdAt
  return { rows: rows.slice(0, limit), more, last, searchedTo: reached ?? null }
}

/** Of the newest matches alone, which are put in order here. */
async function sortedPage(desk: Desk, list: List, start: Start, limit: number): Promise<Found> {
  const { plan, key } = list
  const seen = await read<Placed & { fits: number }>(desk, lookedAt(plan))
  const way = isUpwards(plan, start) ? 1 : -1
  const from = start.key
  const ahead = inOrder(
    list,
    start,
    seen.filter((row) => row.fits && (!from || way * compareKeys(key(row), from) > 0)),
  )
  const shown = ahead.slice(0, limit)
  const rows = shown.length === 0 ? [] : (await read<StoredRow<JobSummary>>(desk, rowsOf(shown))).map(stored)
  const reached = seen.length < plan.most ? null : Math.min(...seen.map(({ createdAt }) => createdAt))
  return { rows: inOrder(list, start, rows), more: ahead.length > limit, searchedTo: reached }
}

const read = <Row>(desk: Desk, { sql, args }: Statement) => desk.db.all<Row>(sql, args)
