import type { JobView } from '~/domain/jobs/view'
import { can, type Permission, type UserActor } from '~/domain/policy'
import type { JobVerb } from '~db/vocabulary'

export type Subject = Pick<JobView, 'id' | 'userId' | 'status' | 'version' | 'archivedAt'>

/** What may be done to the job, and why not where not: the same predicate that refuses it. */
export function mayDo(viewer: UserActor, verb: JobVerb, job: Subject): Permission {
  if (verb === 'archive' && job.archivedAt !== null) {
    return { allowed: false, reason: 'This job is archived already.' }
  }
  return can(viewer, verb, job)
}
