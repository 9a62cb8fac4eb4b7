import { useNavigation } from '@remix-run/react'
import { nextStatus } from '~/domain/jobs/status'
import type { JobView } from '~/domain/jobs/view'
import type { JobStatus, JobVerb } from '~db/vocabulary'

const verbs: Record<string, JobVerb> = {
  cancel: 'cancel',
  accept: 'accept',
  'send-back': 'sendBack',
  answer: 'answer',
  resubmit: 'resubmit',
  complete: 'complete',
}

/**
 * The status that a verb on its way leads to: shown at once, and taken back where it is refused. Null while none is on
 * its way.
 */
export function useComingStatus(
  job: Pick<JobView<unknown>, 'id' | 'status' | 'assignedAgentId' | 'review'>,
): JobStatus | null {
  const { state, formAction, formMethod } = useNavigation()
  if (state === 'idle' || formMethod !== 'POST' || !formAction) return null
  const [, id, path = ''] = /\/jobs\/([^/?]+)\/([\w-]+)/.exec(formAction) ?? []
  const verb = verbs[path]
  if (!verb || id !== job.id) return null
  const { status, review } = job
  return nextStatus(verb, { status, review, hasAgent: job.assignedAgentId !== null, retriable: false })
}
