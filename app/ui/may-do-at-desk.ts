import { canPurge, type Permission, type UserActor } from '~/domain/policy'
import type { JobVerb } from '~db/vocabulary'
import { mayDo, type Subject } from './may-do'

/** What an admin may do to the job, beyond what there is a verb for too. */
export const mayDoAtDesk = (viewer: UserActor, verb: JobVerb | 'purge', job: Subject): Permission =>
  verb === 'purge' ? canPurge(viewer, job) : mayDo(viewer, verb, job)
