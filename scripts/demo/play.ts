import { pauseAgent } from '~/domain/agents/pause.server'
import { listAgents } from '~/domain/agents/queries.server'
import type { AgentView } from '~/domain/agents/view'
import { claimNext } from '~/domain/attempts/claim.server'
import { type Lease, ownLease } from '~/domain/attempts/lease'
import type { Desk } from '~/domain/desk'
import { Conflict } from '~/domain/errors'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { createJob } from '~/domain/jobs/create.server'
import { editJob } from '~/domain/jobs/edit.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { attempt } from './attempt'
import type { Cast } from './cast'
import type { Plan } from './plans'
import type { Random } from './random'
import type { Simulation, Step, Story } from './simulation'

/** All that the stories share. */
export interface Stage {
  desk: Desk
  cast: Cast
  random: Random
  simulation: Simulation
  /** By the job's id. */
  plans: Map<string, Plan>
  /** What runs and is heard of. */
  live: Map<string, Lease>
}

/** A lost race is part of the story: the job was canceled or given away meanwhile. */
export async function unlessRefused(work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    return true
  } catch (error) {
    if (error instanceof Conflict) return false
    throw error
  }
}

export async function* handIn(stage: Stage, plan: Plan): Story {
  const { desk, cast } = stage
  const owner = cast.users[plan.owner]
  const agentId = plan.agent && cast.agents.get(plan.agent)?.id
  if (!owner) throw new Error(`No user ${plan.owner}`)
  const { id } = await createJob(desk, owner, { ...plan.task, ...plan.input, agentId })
  stage.plans.set(id, plan)
  stage.simulation.start(look(stage), (plan.input?.runAfter ?? stage.simulation.now) + 8)
  if (!plan.changes) return
  yield stage.simulation.now + plan.changes.after
  const { what } = plan.changes
  if (what === 'cancel') await unlessRefused(cancelJob(desk, owner, id, {}))
  else if ('priority' in what) await unlessRefused(editJob(desk, owner, id, what))
  else
    await unlessRefused(
      reassignJob(desk, cast.admin, id, { agentId: cast.agents.get(what.reassign)?.id ?? '' }),
    )
  stage.simulation.start(look(stage))
}

export const pause =
  (stage: Stage, agent: AgentView): Step =>
  async () => {
    await pauseAgent(stage.desk, stage.cast.admin, agent.id)
  }

/** The dispatcher's look for work: each agent claims what it has room for. */
export const look =
  (stage: Stage): Step =>
  async () => {
    for (const agent of await listAgents(stage.desk)) {
      const limit = agent.concurrency - agent.running
      if (agent.state !== 'ACTIVE' || limit < 1) continue
      const claims = await claimNext(stage.desk, {
        agent,
        workerId: 'demo',
        leaseMs: ownLease.lengthMs,
        limit,
      })
      for (const claim of claims) stage.simulation.start(attempt(stage, agent, claim))
    }
  }
