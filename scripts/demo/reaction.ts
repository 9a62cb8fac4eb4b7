import { answerJob } from '~/domain/jobs/answer.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { findJob } from '~/domain/jobs/queries.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { day, hour, laterAtWork, minute } from './calendar'
import type { Plan } from './plans'
import { look, type Stage, unlessRefused } from './play'
import type { Story } from './simulation'

/** What people do when an agent has ended an attempt, once they get round to it. */
export async function* reaction(stage: Stage, id: string): Story {
  const { desk, cast, simulation, random } = stage
  const plan: Partial<Plan> = stage.plans.get(id) ?? {}
  const job = await findJob(desk, cast.admin, id)
  const owner = [cast.admin, ...cast.users].find((user) => user.id === job.userId)
  if (!owner) throw new Error(`No owner of ${id}`)
  const later = (least: number, most: number) => laterAtWork(random, simulation.now, least, most)

  if (job.status === 'INPUT_REQUIRED') {
    if (!plan.answer) return
    yield later(2 * minute, 5 * hour)
    await unlessRefused(answerJob(desk, owner, id, { answer: plan.answer }))
    simulation.start(look(stage), simulation.now + 8)
  } else if (job.status === 'IN_REVIEW') {
    if (plan.neglected && typeof plan.afterwards !== 'object') return
    yield later(plan.neglected ? day : 3 * minute, plan.neglected ? 4 * day : 30 * hour)
    if (typeof plan.afterwards === 'object' && plan.neglected) {
      await unlessRefused(completeJob(desk, cast.admin, id, { reason: plan.afterwards.completedByAdmin }))
    } else if (plan.feedback) {
      const { feedback } = plan
      plan.feedback = undefined
      await unlessRefused(sendBackJob(desk, owner, id, { feedback }))
      simulation.start(look(stage), simulation.now + 8)
      return
    } else await unlessRefused(acceptJob(desk, owner, id, {}))
    yield* tidyUp(stage, id, plan)
  } else if (job.status === 'FAILED') {
    yield later(10 * minute, 2 * day)
    if (typeof plan.afterwards === 'object') {
      await unlessRefused(completeJob(desk, cast.admin, id, { reason: plan.afterwards.completedByAdmin }))
    } else if (plan.afterwards === 'resubmit') {
      plan.afterwards = undefined
      await unlessRefused(resubmitJob(desk, owner, id, {}))
      simulation.start(look(stage), simulation.now + 8)
    } else yield* tidyUp(stage, id, plan)
  } else if (job.status === 'COMPLETED') yield* tidyUp(stage, id, plan)

  async function* tidyUp(on: Stage, closed: string, { afterwards }: Partial<Plan>): Story {
    if (afterwards !== 'archive') return
    yield later(hour, 5 * day)
    await unlessRefused(archiveJob(on.desk, owner ?? cast.admin, closed, {}))
  }
}
