import type { Lease } from './lease'

/** What an agent is told about an earlier attempt at the same job, oldest first. */
export interface EarlierAttempt {
  number: number
  outcome: string
  /** What it handed in: JSON text, or null. */
  result: string | null
  error: string | null
  question: string | null
  answer: string | null
  feedback: string | null
}

/** The job as an agent sees it. No owner, no token: only what the work needs. */
export interface JobBrief {
  id: string
  name: string
  description: string
  acceptanceCriteria: string
  tags: string[]
  metadata: Record<string, string>
  attempt: number
  earlier: EarlierAttempt[]
}

/** A job in an agent's hands. */
export interface Claim {
  lease: Lease
  job: JobBrief
  /** Time limit of the attempt in milliseconds; null where the job sets none. */
  timeoutMs: number | null
}
