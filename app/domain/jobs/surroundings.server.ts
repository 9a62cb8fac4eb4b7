import { type AgentState, jobStatuses, type ListScope } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { failingCount } from '../schedules/failing.server'
import { statement } from '../sql'
import { sharerMay } from '../views/queries.server'
import type { JobFilter } from './list-filter'
import type { StatusCounts } from './view'

/** What is shown around a list of jobs. */
export interface ListSurroundings {
  /** How many there are by status, of everyone's or one owner's; null where the filter asks for more: none is kept then. */
  counts: StatusCounts | null
  /** Every agent that a job can be for or was done by, retired ones too, by name. */
  agents: { id: string; name: string; state: AgentState }[]
  /** Saved views of this list: the actor's own, then those that others share, by name. */
  views: { id: string; name: string; query: string; shared: boolean; mine: boolean; ownerName: string }[]
  /** How many of the actor's own schedules are failing, around their own jobs; see `maxFailingCounted`. */
  failingSchedules: number
}

interface Row {
  counts: string
  agents: string
  views: string
  failingSchedules: number
}

/** One statement. @throws {NotFound} around everyone's jobs, but for admins */
export async function listSurroundings(
  desk: Desk,
  actor: UserActor,
  scope: ListScope,
  filter: JobFilter,
): Promise<ListSurroundings> {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
  const whose = scope === 'own' ? actor.id : (filter.ownerId ?? '*')
  const { sql, args } = statement(surroundingsSql(scope), {
    whose,
    actorId: actor.id,
    ownerId: actor.id,
    scope,
  })
  const row = await desk.db.first<Row>(sql, args)
  if (!row) throw new Error('unreachable: it is one row, whatever there is')
  const counted = JSON.parse(row.counts) as Partial<StatusCounts>
  const agents = JSON.parse(row.agents) as ListSurroundings['agents']
  const views = JSON.parse(row.views) as (Omit<ListSurroundings['views'][number], 'shared' | 'mine'> & {
    shared: number
    mine: number
  })[]
  return {
    counts: isCounted(filter)
      ? (Object.fromEntries(jobStatuses.map((each) => [each, counted[each] ?? 0])) as StatusCounts)
      : null,
    agents: agents.sort(byName),
    views: views
      .map(({ shared, mine, ...view }) => ({ ...view, shared: shared === 1, mine: mine === 1 }))
      .sort((a, b) => Number(b.mine) - Number(a.mine) || byName(a, b)),
    failingSchedules: row.failingSchedules,
  }
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }) =>
  a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1)

/** Counters are kept by owner and status alone. */
const isCounted = (filter: JobFilter) =>
  Object.entries(filter).every(
    ([name, asked]) => asked === undefined || name === 'statuses' || name === 'ownerId',
  )

/** So many of others' views at the most. */
const mostShared = 50
const view = (mine: 0 | 1, index = '') =>
  `SELECT v.id, v.name, v.query, v.shared, ${mine} AS mine, u.name AS ownerName
   FROM saved_views v ${index} JOIN users u ON u.id = v.ownerId`
const surroundingsSql = (scope: ListScope) => `SELECT
  (SELECT json_group_object(c.status, c.count) FROM job_counts c WHERE c.ownerId = :whose) AS counts,
  (SELECT json_group_array(json_object('id', a.id, 'name', a.name, 'state', a.state)) FROM agents a) AS agents,
  (SELECT json_group_array(json_object('id', id, 'name', name, 'query', query, 'shared', shared, 'mine', mine, 'ownerName', ownerName))
   FROM (SELECT * FROM (${view(1)} WHERE v.ownerId = :actorId AND v.scope = :scope)
     UNION ALL SELECT * FROM (${view(0, 'INDEXED BY saved_views_shared')}
       WHERE v.scope = :scope AND v.shared = 1 AND v.ownerId <> :actorId AND ${sharerMay}
       ORDER BY v.name COLLATE NOCASE LIMIT ${mostShared}))) AS views,
  ${scope === 'own' ? failingCount('own') : '0'} AS failingSchedules`
