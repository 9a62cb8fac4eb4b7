import type { ListScope } from '~db/vocabulary'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { statement } from '../sql'
import { defaultViews, type SavedView } from './view'

interface Row {
  id: string
  name: string
  scope: ListScope
  query: string
  shared: number
  ownerId: string
  ownerName: string
}

const viewOf = ({ ownerId, ownerName, shared, ...row }: Row): SavedView => ({
  ...row,
  shared: shared === 1,
  owner: { id: ownerId, name: ownerName },
})

/** A list shows so many of what others share. */
const mostShared = 100

const columns = 'v.id, v.name, v.scope, v.query, v.shared, v.ownerId, u.name AS ownerName'
/** What others share counts only while they may see the scope themselves. */
export const sharerMay = "u.disabledAt IS NULL AND (v.scope = 'own' OR u.role = 'ADMIN')"

const ownViews = `SELECT ${columns} FROM saved_views v JOIN users u ON u.id = v.ownerId
  WHERE v.ownerId = :actorId AND v.scope = :scope ORDER BY v.name COLLATE NOCASE`
const sharedViews = `SELECT ${columns} FROM saved_views v JOIN users u ON u.id = v.ownerId
  WHERE v.scope = :scope AND v.shared = 1 AND v.ownerId <> :actorId AND ${sharerMay}
  ORDER BY v.name COLLATE NOCASE LIMIT :mostShared`

/**
 * The built-in views of a scope, then one's own by name, then what others share.
 * @throws {NotFound} on everyone's, but for admins
 */
export async function listViews(desk: Desk, actor: UserActor, scope: ListScope): Promise<SavedView[]> {
  assertMaySee(actor, scope)
  const { sql, args } = statement(`SELECT * FROM (${ownViews}) UNION ALL SELECT * FROM (${sharedViews})`, {
    actorId: actor.id,
    scope,
    mostShared,
  })
  return [...defaultViews(scope), ...(await desk.db.all<Row>(sql, args)).map(viewOf)]
}

/** @throws {NotFound} where it is not there, or not for the actor */
export async function findView(desk: Desk, actor: UserActor, id: string): Promise<SavedView> {
  const scopes: ListScope[] = actor.role === 'ADMIN' ? ['own', 'all'] : ['own']
  const builtIn = scopes.flatMap(defaultViews).find((view) => view.id === id)
  if (builtIn) return builtIn
  const { sql, args } = statement(
    `SELECT ${columns} FROM saved_views v JOIN users u ON u.id = v.ownerId
     WHERE v.id = :id AND (v.ownerId = :actorId OR (v.shared = 1 AND ${sharerMay}))`,
    { id, actorId: actor.id },
  )
  const row = await desk.db.first<Row>(sql, args)
  if (!row || !scopes.includes(row.scope)) throw new NotFound('This view')
  return viewOf(row)
}

/** @throws {NotFound} */
export function assertMaySee(actor: UserActor, scope: ListScope) {
  if (scope === 'all' && actor.role !== 'ADMIN') throw new NotFound()
}
