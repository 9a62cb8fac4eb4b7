import { ownLease } from './lease'

/** What a sweep may do now: take back lapsed leases, renew its own first, or only wait. */
export type SweepStep = 'expire' | 'renew' | 'wait'

/** The two clocks may drift apart by so much between two sweeps before it counts as a jump, in milliseconds. */
const toleranceMs = 2_000

/**
 * Tells whether leases that look lapsed really are. After a stall of this process, an outage of the database or a jump of
 * the lease clock they only look so: then the own leases are renewed first, and nothing is taken back until every other
 * process has had the length of a lease to do the same.
 */
export class LeaseWatch {
  #last: { lease: number; monotonic: number } | null = null
  #expiresFrom = Number.NEGATIVE_INFINITY

  /**
   * Once a sweep. Both times are in milliseconds.
   *
   * @param lease the lease clock
   * @param monotonic the clock of this process, `performance.now()`
   */
  observe(lease: number, monotonic: number): SweepStep {
    const last = this.#last
    this.#last = { lease, monotonic }
    const passed = last ? monotonic - last.monotonic : Number.POSITIVE_INFINITY
    const jumped = last ? Math.abs(lease - last.lease - passed) > toleranceMs : false
    if (jumped || passed > ownLease.sweepMs * 3) {
      this.#expiresFrom = monotonic + ownLease.lengthMs
      return 'renew'
    }
    return monotonic < this.#expiresFrom ? 'wait' : 'expire'
  }

  /** A renewal or a sweep failed, so leases may have lapsed though their processes are alive. */
  distrust(): void {
    this.#last = null
  }
}
