import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type JobPreview, type Line, mostWaiting, type Taker } from './preview'
import { findJobRecord, type LogAsked } from './queries.server'
import { queuesOf } from './queues.server'

/**
 * @param log as the page around it reads the job's log, so that both read once
 * @throws {NotFound}
 */
export async function previewJob(
  desk: Desk,
  actor: UserActor,
  id: string,
  log?: LogAsked,
): Promise<JobPreview> {
  const [record, queues] = await Promise.all([findJobRecord(desk, actor, id, log), queuesOf(desk)])
  const { result: _, description: __, ...job } = record.job
  const { attempts } = record
  const running = attempts.findLast(({ endedAt }) => endedAt === null)
  const asked = attempts.findLast(
    ({ number, outcome }) => number === job.attemptCount && outcome === 'WAITING',
  )
  const agents = [...queues.agents].map(([agentId, load]) => ({ id: agentId, ...load }))
  // a retired agent takes nothing, so its job goes to whoever takes unassigned ones
  const named = agents.find((agent) => agent.id === job.assignedAgentId && agent.state !== 'RETIRED')
  const takers = named
    ? [named]
    : agents.filter(({ state, takesUnassigned }) => state === 'ACTIVE' && takesUnassigned).sort(byName)
  const isInLine = job.status === (named ? 'ASSIGNED' : 'PENDING')
  const others = (named ? named.waiting : queues.unassigned) - (isInLine ? 1 : 0)
  return {
    job: { ...job, hasResult: job.resultBytes !== null },
    running: running
      ? { number: running.number, agentName: running.agentName, startedAt: running.startedAt }
      : null,
    question: asked?.question ?? null,
    takers: takers.map(
      ({ id, name, state, running, concurrency }): Taker => ({
        ...{ id, name, state, running, concurrency },
      }),
    ),
    waiting: Math.min(others, mostWaiting),
  }
}

const byName = (a: { name: string; id: string }, b: { name: string; id: string }) =>
  a.name.localeCompare(b.name, 'en') || (a.id < b.id ? -1 : 1)

/** How many jobs wait for each agent that any wait for, the longest line first. */
export async function waitingLines(desk: Desk): Promise<Line[]> {
  const { agents } = await queuesOf(desk)
  return [...agents.values()]
    .filter(({ state, waiting }) => state !== 'RETIRED' && waiting > 0)
    .map(({ name, waiting }) => ({ name, waiting: Math.min(waiting, mostWaiting) }))
    .sort((a, b) => b.waiting - a.waiting)
}
