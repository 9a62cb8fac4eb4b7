import { isUniqueViolation } from '~db/errors'
import { type Desk, newId } from '../desk'
import { Conflict, Forbidden, Invalid } from '../errors'
import type { ListQuestion } from '../jobs/list-filter'
import { readJobFilter } from '../jobs/list-filter.server'
import type { UserActor } from '../policy'
import { statement } from '../sql'
import type { NewViewInput, ViewPatch } from './input'
import { assertMaySee, findView } from './queries.server'
import { mostViews, type SavedView } from './view'

/** A list's query string as it is kept, and what it asks. */
export interface ViewQuery {
  text: string
  asked: ListQuestion
}

const nameTaken = { name: ['You have a view of this name already.'] }

/**
 * Keeps a list to come back to.
 * @throws {Invalid} on `name` where the actor has one of it in this scope, and on `query` where it means nothing
 * @throws {NotFound} on everyone's jobs, but for admins
 * @throws {Conflict} where the actor keeps 50 already
 */
export async function saveView(
  desk: Desk,
  actor: UserActor,
  { name, scope, shared }: Omit<NewViewInput, 'query'>,
  query: ViewQuery,
): Promise<SavedView> {
  assertMaySee(actor, scope)
  await assertUnderstood(desk, actor, scope, query)
  const at = desk.now()
  const args = {
    ...{ id: newId(at), ownerId: actor.id, name, scope, query: query.text },
    ...{ shared: shared ? 1 : 0, at, mostViews },
  }
  const { rows } = await uniquely(() =>
    desk.db.write({
      statements: [
        statement(
          `INSERT INTO saved_views (id, ownerId, name, scope, query, shared, createdAt, updatedAt)
           SELECT :id, :ownerId, :name, :scope, :query, :shared, :at, :at
           WHERE (SELECT count(*) FROM saved_views WHERE ownerId = :ownerId) < :mostViews`,
          args,
        ),
      ],
      outcome: statement('SELECT id FROM saved_views WHERE id = :id', args),
    }),
  )
  if (rows.length === 0) {
    throw new Conflict(`You keep ${mostViews} views. Remove one first.`, 'too_many_views')
  }
  return findView(desk, actor, args.id)
}

/**
 * Another name, another list, or shared or not.
 * @throws as `saveView`, {Forbidden} where it is somebody else's, {Conflict} where it is built in
 */
export async function changeView(
  desk: Desk,
  actor: UserActor,
  id: string,
  { name, shared }: Omit<ViewPatch, 'query'>,
  query?: ViewQuery,
): Promise<SavedView> {
  const before = await ownView(desk, actor, id)
  if (query) await assertUnderstood(desk, actor, before.scope, query)
  const isSame = [
    name === undefined || name === before.name,
    shared === undefined || shared === before.shared,
    query === undefined || query.text === before.query,
  ].every(Boolean)
  if (isSame) return before
  const args = {
    ...{ id, ownerId: actor.id, name: name ?? null, query: query?.text ?? null, at: desk.now() },
    shared: shared === undefined ? null : Number(shared),
  }
  await uniquely(() =>
    desk.db.write({
      repeatable: true,
      statements: [
        statement(
          `UPDATE saved_views SET name = coalesce(:name, name), query = coalesce(:query, query),
             shared = coalesce(:shared, shared), updatedAt = :at WHERE id = :id AND ownerId = :ownerId`,
          args,
        ),
      ],
      result: statement('SELECT name, query, shared, updatedAt FROM saved_views WHERE id = :id', args),
    }),
  )
  return findView(desk, actor, id)
}

/** The jobs stay where they are. @throws {NotFound}, {Forbidden} and {Conflict} as `changeView` */
export async function removeView(desk: Desk, actor: UserActor, id: string): Promise<SavedView> {
  const view = await ownView(desk, actor, id)
  const args = { id, ownerId: actor.id }
  await desk.db.write({
    repeatable: true,
    statements: [statement('DELETE FROM saved_views WHERE id = :id AND ownerId = :ownerId', args)],
    result: statement('SELECT id FROM saved_views WHERE id = :id', args),
  })
  return view
}

async function ownView(desk: Desk, actor: UserActor, id: string): Promise<SavedView> {
  const view = await findView(desk, actor, id)
  if (!view.owner) throw new Conflict('This view is built in: it stays as it is.', 'built_in')
  if (view.owner.id !== actor.id) throw new Forbidden(`Only ${view.owner.name} can change this view.`)
  return view
}

async function assertUnderstood(desk: Desk, actor: UserActor, scope: SavedView['scope'], query: ViewQuery) {
  const { errors } = await readJobFilter(desk, actor, scope, query.asked)
  const wrong = Object.values(errors).flat()
  if (wrong.length > 0) throw new Invalid({ query: wrong })
}

async function uniquely<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isUniqueViolation(error, 'saved_views.ownerId, saved_views.scope, saved_views.name')
      ? new Invalid(nameTaken)
      : error
  }
}
