import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapters } from '~/dispatch/adapters'
import type { AgentEvent, RunOutcome } from '~/dispatch/adapters/adapter'
import type { AgentView } from '~/domain/agents/view'
import type { Claim } from '~/domain/attempts/brief'

export interface Performance {
  /** What the agent said, in order. */
  events: AgentEvent[]
  outcome: RunOutcome
  /** In milliseconds. */
  took: number
}

export const workRoot = join(tmpdir(), `docket-demo-${process.pid}`)

/** So much faster than it says, or filling the database would take hours. */
const speed = 50_000

/** The agent really does the job: the same code and the same programs as on a running server. */
export async function perform(agent: AgentView, claim: Claim): Promise<Performance> {
  const events: AgentEvent[] = []
  const startedAt = performance.now()
  const outcome = await adapters[agent.kind].run({
    job: claim.job,
    attemptId: claim.lease.attemptId,
    agentName: agent.name,
    config:
      agent.kind === 'command'
        ? { ...(agent.config as object), env: { PAINT_SPEED: String(speed) } }
        : agent.config,
    workRoot,
    timeoutMs: claim.timeoutMs,
    signal: new AbortController().signal,
    emit: async (event) => {
      events.push(event)
    },
  })
  return { events, outcome, took: Math.max(2, Math.round(performance.now() - startedAt)) }
}

/** As if it had taken `took` milliseconds: the program's own account of its end would contradict that. */
export function stretched({ events, outcome }: Performance, took: number): Performance {
  return {
    events: events.filter(({ message }) => !message?.includes(' ended with exit code ')),
    outcome: { ...outcome, usage: { ...outcome.usage, durationMs: took } },
    took,
  }
}
