/** How an attempt is held: whoever has the token within its time may write. */
export interface Lease {
  attemptId: string
  jobId: string
  leaseToken: string
}

/** Leases of Docket's own attempts, in milliseconds. */
export const ownLease = { lengthMs: 10_000, renewMs: 3_000, sweepMs: 1_000 } as const

/** The attempt this token opens still runs: the guard of every write an agent makes. */
export const heldGuard = `EXISTS (SELECT 1 FROM attempts t WHERE t.id = :attemptId AND t.jobId = jobs.id
  AND t.leaseToken = :leaseToken AND t.endedAt IS NULL)`
