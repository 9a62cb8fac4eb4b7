import type { JobStatus } from '~db/vocabulary'
import type { Desk } from '../desk'
import { Conflict } from '../errors'
import type { UserActor } from '../policy'
import { explainRefusal } from './explain-refusal.server'
import { transition, type VerbMove } from './transition.server'

/** A job after a change that was asked for. */
export interface Changed {
  id: string
  status: JobStatus
  version: number
  /** False if the job was as asked for already: then it has no new version and no log row. */
  isChanged: boolean
}

interface Asked {
  actor: UserActor
  id: string
  verb: VerbMove['verb']
  /** Must match if given. */
  version?: number | null
}

/** What to do to the job as it was read: a move, nothing, or a refusal of what it would become. */
type Plan = VerbMove | null | Error

/**
 * Changes a job by what it is now, so that its log can say what really changed: the move counts only for the version that
 * was read. If another change comes in between, the job is read again.
 *
 * @param columns of `jobs j` that the plan goes by
 * @throws {NotFound | Forbidden | Conflict} and what the plan refuses with, in this order
 */
export async function changeAsRead<Row>(
  desk: Desk,
  { actor, id, verb, version }: Asked,
  columns: string,
  plan: (before: Row) => Plan | Promise<Plan>,
): Promise<Changed> {
  for (;;) {
    const before = await desk.db.first<Row & { status: JobStatus; version: number }>(
      `SELECT j.status, j.version, ${columns} FROM jobs j WHERE j.id = ?`,
      [id],
    )
    const isCurrent = before !== undefined && (version == null || version === before.version)
    const planned = isCurrent ? await plan(before) : null
    if (before && planned && !(planned instanceof Error)) {
      const [moved] = await transition(desk, { ...planned, ids: [id], actor, version: before.version })
      if (moved) return { ...moved, isChanged: true }
    }
    const refusal = await explainRefusal(desk, actor, verb, id, version)
    const isPossible = refusal instanceof Conflict && refusal.reason === 'lost_race'
    if (!isPossible) throw refusal
    if (planned instanceof Error) throw planned
    if (before && isCurrent && planned === null) {
      return { id, status: before.status, version: before.version, isChanged: false }
    }
  }
}
