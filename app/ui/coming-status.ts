import { nextStatus } from '~/domain/jobs/status'
import type { JobView } from '~/domain/jobs/view'
import { lookup } from '~/domain/lookup'
import type { JobStatus, JobVerb } from '~db/vocabulary'
import { useSending } from './sending'

const verbs: Record<string, JobVerb> = {
  cancel: 'cancel',
  accept: 'accept',
  'send-back': 'sendBack',
  answer: 'answer',
  resubmit: 'resubmit',
  undo: 'undo',
  complete: 'complete',
  reassign: 'reassign',
}

/**
 * The status that a verb on its way leads to: shown at once, and taken back where it is refused. Null while none is on
 * its way.
 *
 * @param before the status that an undo restores
 */
export function useComingStatus(
  job: Pick<JobView<unknown>, 'id' | 'status' | 'assignedAgentId' | 'review'>,
  before?: JobStatus,
): JobStatus | null {
  const [, id, path = ''] = /\/jobs\/([^/?]+)\/([\w-]+)/.exec(useSending() ?? '') ?? []
  const verb = lookup(verbs, path)
  if (!verb || id !== job.id) return null
  const { status, review } = job
  // whoever did it goes on, where nobody was named before, too; or somebody is named
  const hasAgent = job.assignedAgentId !== null || ['sendBack', 'answer', 'reassign'].includes(verb)
  return nextStatus(verb, { status, review, hasAgent, before, retriable: false })
}
