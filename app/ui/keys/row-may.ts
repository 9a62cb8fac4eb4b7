import { statusesFor } from '~/domain/jobs/status'
import type { JobStatus, ListScope } from '~db/vocabulary'

/** `data-may` of a job's row: what a key may do to it from there, as its owner or at the admins' desk. */
export const rowMay = (status: JobStatus, scope: ListScope) =>
  statusesFor('resubmit', scope === 'own' ? 'owner' : 'admin').includes(status) ? 'resubmit' : undefined
