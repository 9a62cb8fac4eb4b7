import { settle } from '~/dispatch/run.server'
import type { AgentView } from '~/domain/agents/view'
import type { Claim } from '~/domain/attempts/brief'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { expireAttempts } from '~/domain/attempts/interrupt.server'
import { ownLease } from '~/domain/attempts/lease'
import { recordEvents } from '~/domain/attempts/record.server'
import { findJob } from '~/domain/jobs/queries.server'
import { second } from './calendar'
import { perform, stretched } from './perform'
import { look, type Stage, unlessRefused } from './play'
import { reaction } from './reaction'
import type { Story } from './simulation'

/** One attempt from its claim to its end, and what follows from it. */
export async function* attempt(stage: Stage, agent: AgentView, claim: Claim): Story {
  const { lease, job } = claim
  const trouble = stage.plans.get(job.id)?.trouble?.[job.attempt - 1]
  stage.live.set(lease.attemptId, lease)
  if (trouble === 'vanishes') yield* vanish(stage, agent, claim)
  else if (trouble) yield* fall(stage, agent, claim, trouble.fails)
  else yield* work(stage, agent, claim)
  stage.live.delete(lease.attemptId)

  const { simulation } = stage
  const { status, runAfter } = await findJob(stage.desk, stage.cast.admin, job.id)
  const waits = status === 'ASSIGNED' || status === 'PENDING'
  simulation.start(look(stage), waits && runAfter !== null ? runAfter : simulation.now + 8)
  simulation.start(reaction(stage, job.id))
}

const actorOf = ({ id, name }: AgentView) => ({ kind: 'agent', id, name }) as const

async function* work(stage: Stage, agent: AgentView, claim: Claim): Story {
  const { desk, simulation, plans } = stage
  const takes = plans.get(claim.job.id)?.takes
  const done = await perform(agent, claim)
  const { events, outcome, took } = takes === undefined ? done : stretched(done, takes)
  const startedAt = simulation.now
  if (took < 5 * second) {
    yield startedAt + took
    if (!(await unlessRefused(recordEvents(desk, agent.id, claim.lease, events)))) return
  } else {
    for (const [n, event] of events.entries()) {
      yield startedAt + Math.round(((n + 1) * took) / (events.length + 1))
      // canceled or given away meanwhile: a real agent is told within seconds
      if (!(await unlessRefused(recordEvents(desk, agent.id, claim.lease, [event])))) return
    }
    yield startedAt + took
  }
  await unlessRefused(settle(desk, actorOf(agent), claim.lease, outcome, took))
}

async function* fall(stage: Stage, agent: AgentView, claim: Claim, reason: string): Story {
  const startedAt = stage.simulation.now
  yield startedAt + stage.random.int(2, 90) * second
  const took = stage.simulation.now - startedAt
  await unlessRefused(
    settle(stage.desk, actorOf(agent), claim.lease, { type: 'fail', reason, retryable: true }, took),
  )
}

/** Its lease lapses and the sweep takes the job back; half a minute later its result comes, too late. */
async function* vanish(stage: Stage, agent: AgentView, claim: Claim): Story {
  const { desk, live } = stage
  live.delete(claim.lease.attemptId)
  const { outcome, took } = await perform(agent, claim)
  yield stage.simulation.now + ownLease.lengthMs + second
  await renewLeases(desk, [...live.values()], ownLease.lengthMs)
  await expireAttempts(desk)
  stage.simulation.start(late, stage.simulation.now + 30 * second)

  async function late(): Promise<void> {
    await unlessRefused(settle(desk, actorOf(agent), claim.lease, outcome, took + 40 * second))
  }
}
