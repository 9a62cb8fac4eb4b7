import { nextStatus } from '~/domain/jobs/status'
import type { AttemptOutcome, JobStatus, JobVerb } from '~db/vocabulary'

/** What happened to a job so far, one log row each. */
type Step = JobVerb | 'message'

interface Story {
  /** How many jobs of 1,000 it is of. */
  share: number
  steps: Step[]
}

/** Four rows a job, six where an attempt failed and was followed by another. None is at work: no lease outlives a start. */
const stories: Story[] = [
  { share: 760, steps: ['create', 'claim', 'submit', 'accept'] },
  { share: 80, steps: ['create', 'claim', 'fail', 'claim', 'submit', 'accept'] },
  { share: 60, steps: ['create', 'claim', 'message', 'fail'] },
  { share: 50, steps: ['create', 'claim', 'message', 'cancel'] },
  { share: 20, steps: ['create', 'claim', 'message', 'submit'] },
  { share: 10, steps: ['create', 'claim', 'message', 'requestInput'] },
  { share: 20, steps: ['create', 'edit', 'edit', 'edit'] },
]

export interface Told {
  share: number
  hasAgent: boolean
  status: JobStatus
  version: number
  failures: number
  attempts: AttemptOutcome[]
  rows: {
    number: number
    kind: Step
    status: JobStatus
    attempt: number | null
    version: number
    failures: number
  }[]
}

const outcomes: Partial<Record<Step, AttemptOutcome>> = {
  submit: 'SUBMITTED',
  fail: 'FAILED',
  cancel: 'CANCELED',
  requestInput: 'WAITING',
}

/** Each story for a job that names an agent, and for one that names none: by the house's own table of transitions. */
export const told: Told[] = stories.flatMap((story) => [true, false].map((hasAgent) => tell(story, hasAgent)))

function tell({ share, steps }: Story, hasAgent: boolean): Told {
  const job = { status: 'PENDING' as JobStatus, version: 0, failures: 0 }
  const attempts: AttemptOutcome[] = []
  const rows = steps.map((kind, at) => {
    if (kind !== 'message') {
      job.version++
      if (kind === 'fail') job.failures++
      const retriable = kind === 'fail' && steps.includes('claim', at)
      job.status = nextStatus(kind, { status: job.status, hasAgent, review: 'required', retriable })
    }
    if (kind === 'claim') attempts.push('RUNNING')
    const outcome = outcomes[kind]
    if (outcome) attempts[attempts.length - 1] = outcome
    return { number: at + 1, kind, attempt: attempts.length || null, ...job }
  })
  return { share, hasAgent, ...job, attempts, rows }
}
