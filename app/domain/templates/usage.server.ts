import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { jsonRows, statement } from '../sql'
import type { TemplateUsage } from './view'

/** What a schedule says whose template can no longer be used. */
export const templateIsGone = 'Its template was removed, or is no longer shared.'

const maxNamed = 20
const maxCounted = 100

const using = 's.templateId = :id AND s.deletedAt IS NULL'
const seen = `SELECT s.id, s.name, u.name AS ownerName FROM schedules s INDEXED BY schedules_template
  CROSS JOIN users u ON u.id = s.ownerId
  WHERE ${using} AND (:isAdmin OR s.ownerId = :actorId) LIMIT ${maxNamed}`
const sql = `SELECT ${jsonRows(['id', 'name', 'ownerName'], seen)} AS schedules,
  (SELECT count(*) FROM (SELECT 1 FROM schedules s WHERE ${using} LIMIT ${maxCounted})) AS total`

/** The schedules that use a template, up to a hundred: those that the actor may see, and how many there are. */
export async function schedulesUsing(desk: Desk, actor: UserActor, id: string): Promise<TemplateUsage> {
  const args = { id, actorId: actor.id, isAdmin: actor.role === 'ADMIN' ? 1 : 0 }
  const { sql: text, args: used } = statement(sql, args)
  const row = await desk.db.first<{ schedules: string; total: number }>(text, used)
  if (!row) throw new Error('unreachable: it is one row, whatever there is')
  return { schedules: JSON.parse(row.schedules) as TemplateUsage['schedules'], total: row.total }
}

export function inUse(usage: TemplateUsage): Conflict {
  const { schedules, total } = usage
  const names = schedules.map(({ name }) => `“${name}”`).join(', ')
  const others = total - schedules.length
  const more = others > 0 ? `${others} ${schedules.length > 0 ? 'more' : 'of other people'}` : ''
  const which = [names, more].filter(Boolean).join(' and ')
  const who = total === 1 ? 'A schedule uses' : `${total} schedules use`
  const message = `${who} this template: ${which}. Without it ${total === 1 ? 'it creates' : 'they create'} no more jobs.`
  return new Conflict(message, 'in_use', { count: total, schedules })
}
