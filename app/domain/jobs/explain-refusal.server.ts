import { type JobStatus, type JobVerb, jobVerbs } from '~db/vocabulary'
import type { Desk } from '../desk'
import { type Change, Conflict, Forbidden, NotFound } from '../errors'
import { type Actor, can, type Permission, partyOf } from '../policy'
import { statusesFor } from './status'

/** Why a verb changed nothing, read after the fact: what a person or script is told. */
export async function explainRefusal(
  desk: Desk,
  actor: Actor,
  verb: JobVerb,
  id: string,
  version?: number | null,
): Promise<Error> {
  const job = await desk.db.first<{ userId: string; status: JobStatus }>(
    'SELECT userId, status FROM jobs WHERE id = ?',
    [id],
  )
  if (!job) return new NotFound('This job')
  const party = partyOf(actor, job)
  if (party === 'stranger') return new NotFound('This job')
  if (statusesFor(verb, party).length === 0) {
    const permission = can(actor, verb, job)
    return new Forbidden(permission.allowed ? 'You can not do that.' : permission.reason)
  }
  const conflict = await explainConflict(desk, id, version, (now) =>
    verb === 'archive' && now.archivedAt !== null
      ? { allowed: false, reason: 'The job is archived already.' }
      : can(actor, verb, now),
  )
  return conflict ?? new NotFound('This job')
}

interface JobNow {
  userId: string
  status: JobStatus
  version: number
  archivedAt: number | null
}

/** The same for whoever may see the job; undefined where there is none. */
export async function explainConflict(
  desk: Desk,
  id: string,
  version: number | null | undefined,
  judge: (job: JobNow) => Permission,
): Promise<Conflict | undefined> {
  const job = await desk.db.first<JobNow>(
    'SELECT userId, status, version, archivedAt FROM jobs WHERE id = ?',
    [id],
  )
  if (!job) return undefined
  const changes = version != null && version < job.version ? await changesSince(desk, id, version) : undefined
  const permission = judge(job)
  const now = { jobId: id, version: job.version, changes }
  if (!permission.allowed) return new Conflict(permission.reason, 'wrong_status', now)
  if (version != null && version !== job.version) {
    return new Conflict(
      `The job has changed since you opened it (you saw version ${version}, it is at ${job.version} now). Look again, then decide.`,
      'stale_version',
      now,
    )
  }
  return new Conflict(
    'Somebody else changed the job at the same moment. Look again, then decide.',
    'lost_race',
    now,
  )
}

/** The newest ten at the most. A job's newest rows may be what an agent said: they change no version. */
async function changesSince(desk: Desk, id: string, version: number): Promise<Change[]> {
  const rows = await desk.db.all<Change>(
    `SELECT l.version, coalesce(l.message, l.kind) AS what, coalesce(u.name, a.name) AS who, l.createdAt AS at
     FROM (SELECT * FROM job_logs WHERE jobId = ? AND version > ? ORDER BY number DESC LIMIT 200) l
     LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
     LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
     WHERE l.kind IN (${verbs}) ORDER BY l.number DESC LIMIT 10`,
    [id, version],
  )
  return rows.reverse()
}

const verbs = jobVerbs.map((verb) => `'${verb}'`).join(', ')
