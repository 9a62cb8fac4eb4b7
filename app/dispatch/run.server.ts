import type { Claim } from '~/domain/attempts/brief'
import type { AttemptEvent } from '~/domain/attempts/event'
import { drainAttempt } from '~/domain/attempts/interrupt.server'
import { keepUnsubmitted } from '~/domain/attempts/late.server'
import type { Lease } from '~/domain/attempts/lease'
import { recordEvents } from '~/domain/attempts/record.server'
import {
  failAttempt,
  NewerVersion,
  releaseAttempt,
  requestInput,
  submitAttempt,
} from '~/domain/attempts/settle.server'
import { patientDesk } from '~/domain/attempts/until-available.server'
import { usageJson } from '~/domain/attempts/usage.server'
import type { Desk } from '~/domain/desk'
import { Conflict } from '~/domain/errors'
import type { Actor } from '~/domain/policy'
import type { AgentAdapter, RunOutcome } from './adapters/adapter'

/** An attempt that runs in this process. */
export interface Running {
  lease: Lease
  /** Resolves when the agent has ended and the outcome is on the record; never rejects. */
  ended: Promise<void>
  /** Whether the outcome is being written just now. */
  readonly settling: boolean
  /** `lost`: the job is no longer ours, end quietly; `drain`: give it back. */
  stop(why: 'lost' | 'drain'): Promise<void>
}

export interface RunOptions {
  desk: Desk
  adapter: AgentAdapter
  agent: { id: string; name: string; config: string }
  claim: Claim
  workRoot: string
  onError(error: unknown): void
}

/** Beyond the agent's own limit, so that the adapter's cleaner message wins where it keeps time itself. */
const graceMs = 2_000

/** Runs one claimed attempt to its end: every way out leads to one settlement, or to none where the lease is lost. */
export function runAttempt({ adapter, agent, claim, workRoot, onError, ...options }: RunOptions): Running {
  const desk = patientDesk(options.desk)
  const { lease, job, timeoutMs } = claim
  const actor: Actor & { kind: 'agent' } = { kind: 'agent', id: agent.id, name: agent.name }
  const abort = new AbortController()
  const events = eventLine(desk, agent.id, lease)
  let stopped: 'lost' | 'drain' | 'late' | null = null
  let settling = false

  const timer = timeoutMs === null ? undefined : setTimeout(() => end('late'), timeoutMs + graceMs)
  function end(why: 'lost' | 'drain' | 'late') {
    stopped ??= why
    abort.abort()
  }

  async function run() {
    const startedAt = performance.now()
    let outcome: RunOutcome
    try {
      outcome = await adapter.run({
        job,
        attemptId: lease.attemptId,
        agentName: agent.name,
        config: JSON.parse(agent.config) as unknown,
        workRoot,
        timeoutMs,
        signal: abort.signal,
        emit: events.emit,
      })
    } catch (error) {
      onError(error)
      outcome = {
        type: 'fail',
        reason: 'The agent broke down inside Docket; the log of the server says more.',
        retryable: true,
      }
    }
    const said = await events.flushed().catch((error: unknown) => {
      onError(error)
      return 'refused' as const
    })
    const lost = said === 'lost' || stopped === 'lost'
    if (said === 'refused' && outcome.type !== 'submit') {
      const reason = 'The database refused what the agent said; the log of the server says more.'
      outcome = { ...outcome, type: 'fail', reason, retryable: false }
    }
    const durationMs = Math.round(performance.now() - startedAt)
    settling = true
    // a result that came in spite of it is kept as a late row
    if (lost && outcome.type !== 'submit') {
      const left = leftBy(outcome, durationMs)
      return keepUnsubmitted(desk, actor, lease, left)
    }
    // what was reported in time counts, whatever was to stop the agent
    if (stopped === 'drain' && outcome.type !== 'submit' && outcome.type !== 'requestInput') {
      const left = leftBy(outcome, durationMs)
      return drainAttempt(desk, lease, left)
    }
    if (stopped === 'late' && outcome.type === 'release') {
      const reason = `The time limit of ${(timeoutMs ?? 0) / 1000} s passed.`
      outcome = { ...outcome, type: 'fail', reason, retryable: true }
    }
    try {
      await settle(desk, actor, lease, outcome, durationMs)
    } catch (error) {
      if (!(error instanceof NewerVersion)) throw error
      await drainAttempt(desk, lease, leftBy(outcome, durationMs))
    }
  }

  const ended = run()
    .catch((error: unknown) => {
      // a lost lease is no fault: the rightful change is on the record already
      if (!(error instanceof Conflict)) onError(error)
    })
    .finally(() => clearTimeout(timer))
  return {
    lease,
    ended,
    get settling() {
      return settling
    },
    stop(why) {
      end(why)
      return ended
    },
  }
}

const usageText = ({ usage }: RunOutcome, durationMs: number) => usageJson({ durationMs, ...usage })

/** What is kept of an attempt whose outcome is not taken. */
const leftBy = (outcome: RunOutcome, durationMs: number) => ({
  unsubmittedResult: outcome.type === 'submit' ? outcome.result : outcome.unsubmittedResult,
  usage: usageText(outcome, durationMs),
})

/** Puts the outcome of an attempt on the record. @throws {Conflict} `lease_lost` */
export function settle(
  desk: Desk,
  actor: Actor & { kind: 'agent' },
  lease: Lease,
  outcome: RunOutcome,
  durationMs: number,
) {
  const usage = usageText(outcome, durationMs)
  switch (outcome.type) {
    case 'submit':
      return submitAttempt(desk, actor, lease, { ...outcome, usage })
    case 'fail':
      return failAttempt(desk, actor, lease, { ...outcome, usage })
    case 'requestInput':
      return requestInput(desk, actor, lease, { ...outcome, usage })
    case 'release':
      return releaseAttempt(desk, actor, lease, { ...outcome, usage })
  }
}

/** Events that come while one write is under way go together in the next: order is kept, syncs are shared. */
function eventLine(desk: Desk, agentId: string, lease: Lease) {
  let waiting: AttemptEvent[] = []
  let last: Promise<void> = Promise.resolve()
  return {
    emit(event: AttemptEvent): Promise<void> {
      waiting.push(event)
      const before = last
      last = before.then(async () => {
        const batch = waiting
        waiting = []
        await recordEvents(desk, agentId, lease, batch)
      })
      // a rejection reaches whoever emitted; this keeps it from being reported as unhandled as well
      last.catch(() => undefined)
      return last
    },
    /** Resolves when all is written, or says that the lease was lost meanwhile. */
    flushed: () =>
      last.then(
        () => 'written' as const,
        (error: unknown) => {
          if (error instanceof Conflict) return 'lost' as const
          throw error
        },
      ),
  }
}
