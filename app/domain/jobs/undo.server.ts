import type { JobVerb } from '~db/vocabulary'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { explainRefusal } from './explain-refusal.server'
import { undoWindow } from './status'
import { type Moved, transition, type VerbMove } from './transition.server'
import { newestChange, stateBefore } from './turns.server'
import type { TurnView, Undoable } from './view'

/**
 * Takes back a cancel: status, agent, result, question, start time and failures are as they were before it. A job that was
 * running goes back to its queue. For the person who canceled it and for admins, for `undoWindow`, while nothing else
 * has changed the job.
 *
 * @throws {NotFound | Conflict} `wrong_status`, `stale_version`, `not_undoable`
 */
export async function undoJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  { version }: { version?: number | null },
): Promise<Moved> {
  const [moved] = await transition(desk, { ...undoMove(desk.now(), actor), ids: [id], actor, version })
  if (moved) return moved
  throw await whyNot(desk, actor, id, version)
}

const undoMove = (now: number, actor: UserActor): VerbMove => ({
  verb: 'undo',
  guard: `${newestChange('kind')} = 'cancel' AND ${newestChange('createdAt')} >= :since
    AND (:isAdmin OR ${newestChange('actorId')} = :actorId)`,
  agent: stateBefore('assignedAgentId'),
  set: { runAfter: stateBefore('runAfter'), failures: stateBefore('failures') },
  message: `'Cancel undone.' || CASE WHEN ${stateBefore('status', { job: 'j', back: 2 })} = 'IN_PROGRESS'
    THEN ' The attempt that was running was stopped, so the job is back in its queue.' ELSE '' END`,
  args: { since: now - undoWindow.ms - undoWindow.graceMs, isAdmin: actor.role === 'ADMIN' ? 1 : 0 },
})

/** @param turns what changed the job, oldest first @returns null where `undoJob` would be refused, but for the time */
export function undoable(actor: UserActor, turns: TurnView[]): Undoable | null {
  const [before, newest] = turns.slice(-2)
  if (!before || newest?.kind !== 'cancel') return null
  if (actor.role !== 'ADMIN' && newest.actorId !== actor.id) return null
  return { until: newest.createdAt + undoWindow.ms, before: before.status }
}

/** Read after the fact: what the newest change is, and whose. */
async function whyNot(desk: Desk, actor: UserActor, id: string, version?: number | null): Promise<Error> {
  const refusal = await explainRefusal(desk, actor, 'undo', id, version)
  if (!(refusal instanceof Conflict) || refusal.reason !== 'lost_race') return refusal
  const newest = await desk.db.first<{ kind: JobVerb; actorId: string | null }>(
    `SELECT ${newestChange('kind', ':id')} AS kind, ${newestChange('actorId', ':id')} AS actorId`,
    { id },
  )
  const say = (sentence: string) =>
    new Conflict(`${sentence} You can resubmit the job instead.`, 'not_undoable', { jobId: id })
  if (newest?.kind !== 'cancel') return say('The job has changed since it was canceled.')
  if (actor.role !== 'ADMIN' && newest.actorId !== actor.id) {
    return say('Only the person who canceled the job or an admin can undo that.')
  }
  return say(`A cancel can be undone for ${undoWindow.ms / 1000} seconds, and that time is over.`)
}
