import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { moveJobsOfRetired } from '~/domain/agents/move-jobs.server'
import { claimNext } from '~/domain/attempts/claim.server'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import {
  drainAttempt,
  drainRestored,
  expireAttempts,
  expireOrphans,
  leasesOf,
  returnUnstarted,
} from '~/domain/attempts/interrupt.server'
import { ownLease } from '~/domain/attempts/lease'
import { LeaseWatch } from '~/domain/attempts/lease-watch'
import { type Desk, newId } from '~/domain/desk'
import { leaseClockOf } from '~/domain/lease-clock'
import type { AgentKind } from '~db/vocabulary'
import type { AgentAdapter } from './adapters/adapter'
import { type Running, runAttempt } from './run.server'

export interface DispatcherOptions {
  desk: Desk
  adapters: Record<AgentKind, AgentAdapter>
  /** Where attempts may make their work folders (absolute). */
  workRoot: string
  /** Told about what goes wrong in the loop; the loop goes on. */
  onError(error: unknown): void
  /** Whether this process alone owns the database: then every live attempt found at start is a dead process's. */
  ownsDatabase: boolean
  /** For tests: milliseconds until a stop gives back what has not ended by then. */
  drainMs?: number
  /** For tests: milliseconds between looks where no commit wakes it. */
  pollMs?: number
}

/** Commits come in bursts; one look serves all that fall into this time. */
const wakeDelayMs = 5
/** An agent has 2 s to end before it is killed; the server itself ends 8 s after it was told to stop. */
const drainMs = 6_000

interface AgentRow {
  id: string
  name: string
  kind: AgentKind
  version: number
  concurrency: number
  takesUnassigned: number
}

/**
 * Claim, run, settle, rescue: for the agents that Docket runs itself. One a process; any number of processes may
 * share a database, because every claim and every settlement is decided by the database.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions
  readonly #workerId = `${hostname()}:${process.pid}:${newId(Date.now()).slice(-6)}`
  readonly #running = new Map<string, Running>()
  /** Settings of agents by their ids, as JSON text. */
  readonly #configs = new Map<string, { version: number; config: string }>()
  #timers: NodeJS.Timeout[] = []
  #stopListening: () => void = () => undefined
  #wakeTimer: NodeJS.Timeout | undefined
  #look: Promise<void> = Promise.resolve()
  #looking = false
  #lookAgain = false
  #stopped = false
  readonly #watch = new LeaseWatch()
  /** Until then a claim may turn up whose answer was lost, in milliseconds of `performance.now()`. */
  #mayTurnUpUntil = Number.NEGATIVE_INFINITY

  constructor(options: DispatcherOptions) {
    this.#options = options
  }

  async start(): Promise<void> {
    const { desk, ownsDatabase, adapters, workRoot } = this.#options
    for (const adapter of Object.values(adapters)) await adapter.cleanUp?.(workRoot)
    if (ownsDatabase) {
      await drainRestored(desk)
      await expireOrphans(desk)
    }
    await moveJobsOfRetired(desk)
    this.#stopListening = desk.db.onCommit(() => this.wake())
    this.#every(this.#options.pollMs ?? 1000, () => this.look())
    this.#every(ownLease.renewMs, () => this.renew())
    this.#every(ownLease.sweepMs, () => this.sweep())
    this.wake()
  }

  /** Gives running jobs back and lets go; resolves when all of them have ended, or after `drainMs`. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#stopListening()
    clearTimeout(this.#wakeTimer)
    for (const timer of this.#timers) clearInterval(timer)
    // a claim that is under way has yet to come back: it is given back too
    await this.#look.catch(this.#options.onError)
    const drained = Promise.all([...this.#running.values()].map((running) => running.stop('drain')))
    const late = new AbortController()
    await Promise.race([
      drained,
      pause(this.#options.drainMs ?? drainMs, undefined, late).catch(() => undefined),
    ])
    late.abort()
    // what does not end is given back as it is: the process is killed in a moment
    const { desk, onError } = this.#options
    const left = [...this.#running.values()].map(({ lease }) => drainAttempt(desk, lease).catch(onError))
    await Promise.all(left)
  }

  get runningCount(): number {
    return this.#running.size
  }

  /** Something was committed: look for work soon, once however many call. */
  wake(): void {
    if (this.#stopped || this.#wakeTimer) return
    this.#wakeTimer = setTimeout(() => {
      this.#wakeTimer = undefined
      void this.look().catch(this.#options.onError)
    }, wakeDelayMs)
  }

  /** Looks for work for every agent; a call during a look makes it look once more. */
  look(): Promise<void> {
    if (this.#looking) this.#lookAgain = true
    else if (!this.#stopped) {
      this.#looking = true
      this.#look = this.#lookUntilDone().finally(() => {
        this.#looking = false
      })
    }
    return this.#look
  }

  async #lookUntilDone(): Promise<void> {
    do {
      this.#lookAgain = false
      await this.#noticeLost()
      await this.#returnUnknown()
      await this.#claimForAll()
    } while (this.#lookAgain && !this.#stopped)
  }

  async #claimForAll(): Promise<void> {
    const { desk, adapters } = this.#options
    const kinds = Object.keys(adapters)
    const agents = await desk.db.all<AgentRow & { live: number }>(
      `SELECT a.id, a.name, a.kind, a.version, a.concurrency, a.takesUnassigned,
         (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS live
       FROM agents a WHERE a.state = 'ACTIVE' AND a.kind IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(kinds)],
    )
    for (const agent of agents) {
      const limit = agent.concurrency - agent.live
      if (limit > 0 && !this.#stopped) await this.#claimFor(agent, limit)
    }
  }

  async #claimFor(agent: AgentRow, limit: number): Promise<void> {
    const { desk, adapters, workRoot, onError } = this.#options
    const config = await this.#configOf(agent)
    let sentAt = performance.now()
    const claims = await this.#answered(() =>
      claimNext(desk, {
        agent: { id: agent.id, name: agent.name, takesUnassigned: agent.takesUnassigned === 1 },
        workerId: this.#workerId,
        leaseMs: ownLease.lengthMs,
        limit,
        onSend() {
          sentAt = performance.now()
        },
      }),
    )
    const isLate = performance.now() - sentAt > ownLease.lengthMs / 2
    for (const claim of claims) {
      if (this.#stopped || isLate) {
        await this.#answered(() => (this.#stopped ? drainAttempt : returnUnstarted)(desk, claim.lease))
        continue
      }
      const running = runAttempt({
        desk,
        adapter: adapters[agent.kind],
        agent: { ...agent, config },
        claim,
        workRoot,
        onError,
      })
      this.#running.set(claim.lease.attemptId, running)
      void running.ended.finally(() => {
        this.#running.delete(claim.lease.attemptId)
        this.wake()
      })
    }
  }

  /**
   * Gives back what this process holds and does not run: claims that were committed though their answer was lost. During a
   * look no other claim of this process is on its way.
   */
  async #returnUnknown(): Promise<void> {
    if (performance.now() > this.#mayTurnUpUntil) return
    const { desk } = this.#options
    const unknown = (await leasesOf(desk, this.#workerId)).filter(
      ({ attemptId }) => !this.#running.has(attemptId),
    )
    for (const lease of unknown) await returnUnstarted(desk, lease)
  }

  /** It may be long, so a look for work does without it. */
  async #configOf({ id, version }: AgentRow): Promise<string> {
    const known = this.#configs.get(id)
    if (known?.version === version) return known.config
    const { db } = this.#options.desk
    const row = await db.first<{ version: number; config: string }>(
      'SELECT version, config FROM agents WHERE id = ?',
      [id],
    )
    if (!row) throw new Error('An agent is never removed.')
    this.#configs.set(id, row)
    return row.config
  }

  /** A cancel, reassign or resubmit voided the lease of what runs here: end it at once. */
  async #noticeLost(): Promise<void> {
    const held = [...this.#running.values()].filter((running) => !running.settling)
    if (held.length === 0) return
    // on a read replica an attempt that was just claimed may not be there yet
    const ended = await this.#options.desk.db.all<{ id: string }>(
      `SELECT t.id FROM attempts t WHERE t.id IN (SELECT value FROM json_each(?)) AND t.endedAt IS NOT NULL`,
      [JSON.stringify(held.map((running) => running.lease.attemptId))],
    )
    const ids = new Set(ended.map(({ id }) => id))
    for (const running of held) if (ids.has(running.lease.attemptId)) void running.stop('lost')
  }

  async renew(): Promise<void> {
    const held = [...this.#running.values()]
    const leases = held.map((running) => running.lease)
    const alive = await this.#watched(() => renewLeases(this.#options.desk, leases, ownLease.lengthMs))
    for (const running of held) {
      if (!alive.has(running.lease.attemptId) && !running.settling) void running.stop('lost')
    }
  }

  /** Rescues lapsed leases, where they really are (see `LeaseWatch`), and what still waits for a retired agent. */
  async sweep(): Promise<void> {
    const { desk } = this.#options
    const observedAt = await this.#watched(() => leaseClockOf(desk).read())
    const step = this.#watch.observe(observedAt, performance.now())
    if (step === 'renew') await this.renew()
    if (step === 'expire') await expireAttempts(desk, { observedAt })
    await moveJobsOfRetired(desk)
  }

  async #watched<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await this.#answered(work)
    } catch (error) {
      this.#watch.distrust()
      throw error
    }
  }

  /** A stopped server may still take up what it was sent when it goes on. */
  async #answered<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      this.#mayTurnUpUntil = performance.now() + ownLease.lengthMs
      throw error
    }
  }

  #every(ms: number, task: () => Promise<void>): void {
    let busy = false
    const timer = setInterval(() => {
      if (busy || this.#stopped) return
      busy = true
      void task()
        .catch(this.#options.onError)
        .finally(() => {
          busy = false
        })
    }, ms)
    timer.unref()
    this.#timers.push(timer)
  }
}
