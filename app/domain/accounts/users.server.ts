import type { InValue } from '@libsql/client'
import { assertAdmin } from '../admin-only'
import { decodeCursor, pageOf } from '../cursor'
import type { Desk } from '../desk'
import { NotFound } from '../errors'
import type { Page } from '../jobs/view'
import type { Actor } from '../policy'
import { normalEmail } from './input'
import type { UserView } from './view'

interface UserQuery {
  /** What the email address begins with: then they come by address. */
  search?: string | null
  cursor?: string | null
  limit?: number
}

/** Newest first, by keyset: ids are time-sortable. @throws {Forbidden} but for admins, {Invalid} on a foreign cursor */
export async function listUsers(desk: Desk, actor: Actor, query: UserQuery = {}): Promise<Page<UserView>> {
  assertAdmin(actor)
  const limit = query.limit ?? 50
  const beginning = normalEmail(query.search ?? '')
  const list = beginning ? 'users-by-email' : 'users'
  const cursor = decodeCursor(list, query.cursor, ['string'])
  const backwards = cursor?.direction === 'prev'
  const key = beginning ? 'email' : 'id'
  const ascending = (key === 'email') !== backwards
  const where: string[] = []
  const args: InValue[] = []
  if (beginning) {
    where.push('email >= ? AND email < ?')
    args.push(beginning, `${beginning}\u{10ffff}`)
  }
  if (cursor) {
    where.push(`${key} ${ascending ? '>' : '<'} ?`)
    args.push(...cursor.key)
  }
  const rows = await desk.db.all<UserView>(
    `SELECT ${columns} FROM users ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
     ORDER BY ${key} ${ascending ? 'ASC' : 'DESC'} LIMIT ?`,
    [...args, limit + 1],
  )
  return pageOf(list, rows, limit, cursor, (user) => [user[key]])
}

const columns = 'id, name, email, role, disabledAt, createdAt, totpEnabledAt AS twoFactorAt'

/** @throws {NotFound} where there is no such account, {Forbidden} but for admins */
export async function findUser(desk: Desk, actor: Actor, email: string): Promise<UserView> {
  assertAdmin(actor)
  const found = await desk.db.first<UserView>(`SELECT ${columns} FROM users WHERE email = ?`, [
    normalEmail(email),
  ])
  if (!found) throw new NotFound('This account')
  return found
}
