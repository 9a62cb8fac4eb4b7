import type { InValue } from '@libsql/client'
import { assertAdmin } from './admin-only'
import type { AuditFilter, AuditView } from './audit-view'
import { type Cursor, decodeCursor, pageOf } from './cursor'
import type { Desk } from './desk'
import type { Page } from './jobs/view'
import type { Actor } from './policy'

export interface AuditQuery extends AuditFilter {
  cursor?: string | null
  /** 1 to 100; 50 unless given. */
  limit?: number
}

/**
 * What was done, newest first, by keyset. Whatever it is narrowed to is one index's range in the order of the page.
 *
 * @throws {Forbidden} but for admins, {Invalid} on a foreign cursor
 */
export async function listAudit(desk: Desk, actor: Actor, query: AuditQuery = {}): Promise<Page<AuditView>> {
  assertAdmin(actor)
  const limit = query.limit ?? 50
  const cursor = decodeCursor('audit', query.cursor, ['number', 'string'])
  const { where, args } = conditions(query, cursor)
  const order = cursor?.direction === 'prev' ? 'ASC' : 'DESC'
  const rows = await desk.db.all<Stored>(
    `SELECT e.*, coalesce(u.name, g.name) AS actorName, u.email AS actorEmail,
       CASE e.subjectKind WHEN 'user' THEN su.name ${subjectNames} END AS subjectName, su.email AS subjectEmail
     FROM audit e INDEXED BY ${indexFor(query)}
     LEFT JOIN users u ON e.actorKind = 'user' AND u.id = e.actorId
     LEFT JOIN agents g ON e.actorKind = 'agent' AND g.id = e.actorId
     LEFT JOIN users su ON e.subjectKind = 'user' AND su.id = e.subjectId
     ${where} ORDER BY e.at ${order}, e.id ${order} LIMIT ?`,
    [...args, limit + 1],
  )
  return pageOf('audit', rows.map(viewOf), limit, cursor, (entry) => [entry.at, entry.id])
}

/** What the subject is called now, where it is still there. */
const subjectNames = [
  ['agent', 'SELECT name FROM agents WHERE id = e.subjectId'],
  ['job', 'SELECT name FROM jobs WHERE id = e.subjectId'],
  ['token', 'SELECT name FROM api_tokens WHERE id = e.subjectId'],
  ['template', 'SELECT name FROM templates WHERE id = e.subjectId AND deletedAt IS NULL'],
  ['schedule', 'SELECT name FROM schedules WHERE id = e.subjectId AND deletedAt IS NULL'],
  ['batch', "SELECT 'a batch' FROM batches WHERE id = e.subjectId"],
]
  .map(([kind, select]) => `WHEN '${kind}' THEN (${select})`)
  .join('\n         ')

type Stored = Omit<AuditView, 'detail'> & { detail: string | null }

const viewOf = ({ detail, ...rest }: Stored): AuditView => ({
  ...rest,
  detail: detail === null ? null : (JSON.parse(detail) as Record<string, unknown>),
})

/** Each ends in (at, id), the page's order. What was done to one thing is little, whoever did it. */
function indexFor({ subject, actor, action }: AuditFilter): string {
  if (subject) return 'audit_subject'
  if (actor) return action ? 'audit_actor_action' : 'audit_actor'
  return action ? 'audit_action' : 'audit_at'
}

function conditions({ actor, action, subject, from, until }: AuditFilter, cursor: Cursor | null) {
  const all: [sql: string, ...args: InValue[]][] = []
  if (actor === 'system') all.push(['e.actorId IS NULL'])
  else if (actor) all.push(['e.actorId = coalesce((SELECT id FROM users WHERE email = ?), ?)', actor, actor])
  if (action) all.push(['e.action = ?', action])
  if (subject) all.push(['e.subjectId = ?', subject])
  if (from !== undefined) all.push(['e.at >= ?', from])
  if (until !== undefined) all.push(['e.at < ?', until])
  if (cursor) all.push([`(e.at, e.id) ${cursor.direction === 'prev' ? '>' : '<'} (?, ?)`, ...cursor.key])
  return {
    where: all.length > 0 ? `WHERE ${all.map(([sql]) => sql).join(' AND ')}` : '',
    args: all.flatMap(([, ...args]) => args),
  }
}
