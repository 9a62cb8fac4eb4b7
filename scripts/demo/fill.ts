import { rmSync } from 'node:fs'
import type { Desk } from '~/domain/desk'
import { monotonicClock } from '~/domain/lease-clock'
import { day, hour } from './calendar'
import { assemble } from './cast'
import { workRoot } from './perform'
import { plans } from './plans'
import { handIn, look, pause, type Stage } from './play'
import { Random } from './random'
import { Simulation } from './simulation'

/**
 * Thirty days at the desk, played through the real verbs on a clock of their own; agents do the jobs with their real
 * code. Comes out the same each time, but for ids, lease tokens and how long programs took.
 *
 * @param desk an empty, migrated database; its own clock is not asked
 * @param at the end of the thirty days, in milliseconds since 1970 UTC
 */
export async function fillDemo(
  { db }: Pick<Desk, 'db'>,
  at: number,
): Promise<{ jobs: number; logRows: number }> {
  const simulation = new Simulation(at - 30 * day)
  const now = () => simulation.now
  const desk: Desk = { db, now, leaseClock: monotonicClock(now) }
  const random = new Random(20_260_101)
  const stage: Stage = {
    desk,
    simulation,
    random,
    cast: await assemble(desk),
    plans: new Map(),
    live: new Map(),
  }
  for (const plan of plans(random, at)) simulation.start(handIn(stage, plan), plan.at)
  // the setup's three example jobs wait already
  simulation.start(look(stage), simulation.now + hour)
  const nightShift = stage.cast.agents.get('Night shift')
  if (nightShift) simulation.start(pause(stage, nightShift), at - 6 * day)
  await simulation.play(at).finally(() => rmSync(workRoot, { recursive: true, force: true }))
  const { jobs, logRows } = (await db.first<{ jobs: number; logRows: number }>(
    'SELECT (SELECT count(*) FROM jobs) AS jobs, (SELECT count(*) FROM job_logs) AS logRows',
  )) ?? { jobs: 0, logRows: 0 }
  return { jobs, logRows }
}
