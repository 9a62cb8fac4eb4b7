import { assertAdmin } from '../admin-only'
import { recorded } from '../audit.server'
import { decodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { Page } from '../jobs/view'
import type { Actor } from '../policy'
import { normalEmail } from './input'
import type { UserView } from './view'

/** Newest first, by keyset: ids are time-sortable. @throws {Forbidden} but for admins, {Invalid} on a foreign cursor */
export async function listUsers(
  desk: Desk,
  actor: Actor,
  query: { cursor?: string | null; limit?: number } = {},
): Promise<Page<UserView>> {
  assertAdmin(actor)
  const limit = query.limit ?? 50
  const cursor = decodeCursor(query.cursor, ['string'])
  const backwards = cursor?.direction === 'prev'
  const where = cursor ? `WHERE id ${backwards ? '>' : '<'} ?` : ''
  const rows = await desk.db.all<UserView>(
    `SELECT id, name, email, role, disabledAt, createdAt FROM users ${where}
     ORDER BY id ${backwards ? 'ASC' : 'DESC'} LIMIT ?`,
    [...(cursor?.key ?? []), limit + 1],
  )
  return pageOf(rows, limit, cursor, (user) => [user.id])
}

/** Making an admin of one is no error. @throws {NotFound} where there is no such account, {Forbidden} but for admins */
export async function makeAdmin(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  assertAdmin(actor)
  const user = await findUser(desk, email)
  await recorded(desk, {
    actor,
    action: 'make-admin',
    subject: { kind: 'user', id: user.id },
    change: "UPDATE users SET role = 'ADMIN', updatedAt = :at WHERE id = :userId AND role <> 'ADMIN'",
    args: { userId: user.id },
  })
  return { ...user, role: 'ADMIN' }
}

async function findUser(desk: Desk, email: string): Promise<UserView> {
  const found = await desk.db.first<UserView>(
    'SELECT id, name, email, role, disabledAt, createdAt FROM users WHERE email = ?',
    [normalEmail(email)],
  )
  if (!found) throw new NotFound('This account')
  return found
}
