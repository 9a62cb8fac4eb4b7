import type { ActorKind } from '~db/vocabulary'
import type { AuditAction } from './audit-actions'
import type { AuditSubjectKind } from './audit-view'
import { type Desk, newId } from './desk'
import type { Actor } from './policy'
import { type Args, jsonArg, statement } from './sql'

export interface AuditEntry {
  actor: Actor
  action: AuditAction
  subject?: { kind: AuditSubjectKind; id: string | null }
  /** What else is worth knowing. Never a secret. */
  detail?: Record<string, unknown>
  /** Where the request came from, where the actor does not say it. */
  address?: string | null
}

interface Recorded extends AuditEntry {
  /** The change, with its guard. */
  change: string
  /** What belongs to it: each statement asks `onRecord` whether the change took place. */
  also?: string[]
  args?: Args
}

/** True in `also` and in later statements where the change took place. */
export const onRecord = 'EXISTS (SELECT 1 FROM audit WHERE id = :auditId)'

/**
 * A guarded change and its audit row, whole or not at all: the row is written where the change found its guard
 * true, and whatever follows looks for that row.
 *
 * @returns whether the change took place
 * @throws the database's own error where a constraint refuses it
 */
export async function recorded(
  desk: Desk,
  { change, also = [], args, ...entry }: Recorded,
): Promise<boolean> {
  const at = desk.now()
  const all = { ...args, ...auditArgs(at, entry) }
  const sqls = [change, `${insertAudit} WHERE changes() > 0`, ...also]
  const { rows } = await desk.db.write({
    statements: sqls.map((sql) => statement(sql, all)),
    outcome: statement('SELECT id FROM audit WHERE id = :auditId', all),
  })
  return rows.length > 0
}

/** The row alone, for what happens outside the database's tables. */
export async function record(desk: Desk, entry: AuditEntry): Promise<void> {
  const args = auditArgs(desk.now(), entry)
  await desk.db.write({
    statements: [statement(insertAudit, args)],
    outcome: statement('SELECT id FROM audit WHERE id = :auditId', args),
  })
}

const insertAudit = `INSERT INTO audit (id, at, actorKind, actorId, action, subjectKind, subjectId, detail, address)
  SELECT :auditId, :at, :actorKind, :actorId, :action, :subjectKind, :subjectId, :detail, :address`

const auditArgs = (at: number, { actor, action, subject, detail, address }: AuditEntry) => ({
  auditId: newId(at),
  at,
  actorKind: actor.kind satisfies ActorKind,
  actorId: actor.kind === 'system' ? null : actor.id,
  action,
  subjectKind: subject?.kind ?? null,
  subjectId: subject?.id ?? null,
  detail: detail ? jsonArg(detail) : null,
  address: address ?? (actor.kind === 'user' ? actor.address : null) ?? null,
})
