import { nextStatus } from '~/domain/jobs/status'
import type { JobView } from '~/domain/jobs/view'
import type { JobStatus } from '~db/vocabulary'
import { useSending } from './sending'

/** Verbs whose form is at their own name, but for `send-back`. */
const paths = ['cancel', 'accept', 'send-back', 'answer', 'resubmit', 'undo', 'complete', 'reassign'] as const

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
  const known = paths.find((each) => each === path)
  if (!known || id !== job.id) return null
  const verb = known === 'send-back' ? 'sendBack' : known
  const { status, review } = job
  // whoever did it goes on, where nobody was named before, too; or somebody is named
  const hasAgent = job.assignedAgentId !== null || ['sendBack', 'answer', 'reassign'].includes(verb)
  return nextStatus(verb, { status, review, hasAgent, before, retriable: false })
}
