import { recorded } from '../audit.server'
import type { AuditAction } from '../audit-actions'
import { type Desk, newId } from '../desk'
import type { UserActor } from '../policy'
import { type Args, statement } from '../sql'
import type { ScheduleView } from './view'

interface ScheduleChange {
  /** For the audit, where it is an admin who does it to somebody else's. */
  action?: AuditAction
  /** `column = :value, ...` */
  set: string
  args?: Args
  /** More that must hold, beside that it is there. */
  guard: string
}

/**
 * Changes a schedule under its guard. What an admin does to somebody else's is on the record.
 *
 * @returns whether the guard was true
 */
export async function changeSchedule(
  desk: Desk,
  actor: UserActor,
  { id, ownerId, name }: Pick<ScheduleView, 'id' | 'ownerId' | 'name'>,
  { action, set, args, guard }: ScheduleChange,
): Promise<boolean> {
  const at = desk.now()
  const all = { ...args, id, writeId: newId(at) }
  const change = `UPDATE schedules SET ${set}, writeId = :writeId, version = version + 1, updatedAt = :at
    WHERE id = :id AND deletedAt IS NULL AND ${guard}`
  if (action && actor.id !== ownerId) {
    return recorded(desk, {
      ...{ actor, action, change, args: all, detail: { name } },
      subject: { kind: 'schedule', id },
    })
  }
  const { rows } = await desk.db.write({
    statements: [statement(change, { ...all, at })],
    outcome: statement('SELECT id FROM schedules WHERE id = :id AND writeId = :writeId', all),
  })
  return rows.length > 0
}
