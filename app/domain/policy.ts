import type { JobStatus, JobVerb, Role } from '~db/vocabulary'
import { isOpen, type Party, statusesFor, statusLabels } from './jobs/status'

/** Who asks. Routes make a user, the dispatcher and the pull API make agents, sweepers are the system. */
export type Actor =
  | {
      kind: 'user'
      id: string
      name: string
      role: Role
      /** Where the request comes from, for the audit. */
      address?: string
      /** What this request brought besides a session: the password, or an API token. */
      confirmedBy?: 'password' | 'token'
    }
  | { kind: 'agent'; id: string; name: string }
  | { kind: 'system' }

export type UserActor = Extract<Actor, { kind: 'user' }>
export const system: Actor = { kind: 'system' }

export type Permission = { allowed: true } | { allowed: false; reason: string }

export function partyOf(actor: Actor, job: { userId: string }): Party | 'stranger' {
  if (actor.kind !== 'user') return actor.kind
  if (actor.role === 'ADMIN') return 'admin'
  return actor.id === job.userId ? 'owner' : 'stranger'
}

const say: Partial<Record<JobVerb, string>> = {
  requestInput: 'ask about',
  sendBack: 'send back',
}

/** The one predicate for showing a button and for refusing; the same table guards the write in SQL. */
export function can(actor: Actor, verb: JobVerb, job: { userId: string; status: JobStatus }): Permission {
  const party = partyOf(actor, job)
  if (party === 'stranger') return { allowed: false, reason: 'This job is not yours.' }
  const from = statusesFor(verb, party)
  if (from.includes(job.status)) return { allowed: true }
  if (from.length === 0) return { allowed: false, reason: `Only an admin can ${say[verb] ?? verb} a job.` }
  const needed = from.map((status) => statusLabels[status].toLowerCase())
  const list = needed.length > 1 ? `${needed.slice(0, -1).join(', ')} or ${needed.at(-1)}` : needed[0]
  return {
    allowed: false,
    reason: `You can ${say[verb] ?? verb} a job that is ${list}; this one is ${statusLabels[job.status].toLowerCase()}.`,
  }
}

/** Purging is no transition: nothing is left of the job that could be in a status. */
export function canPurge(actor: Actor, job: { userId: string; status: JobStatus }): Permission {
  if (partyOf(actor, job) !== 'admin') return { allowed: false, reason: 'Only an admin can purge a job.' }
  if (!isOpen(job.status)) return { allowed: true }
  return {
    allowed: false,
    reason: `Only a closed job can be purged; this one is ${statusLabels[job.status].toLowerCase()}.`,
  }
}
