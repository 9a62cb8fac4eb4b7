import { failureRate, type Period } from '~/domain/overview/period'
import { verdictOf } from '~/domain/overview/verdict'
import type { JobFact, Overview, ScheduleFact, Usage } from '~/domain/overview/view'

const iso = (at: number) => new Date(at).toISOString()

/** The overview as the API has it: the page's facts, without its drawings. */
export function presentOverview(overview: Overview) {
  const { at, open, oldestWaiting, day, month, agents, retiredAgents, usage, needs, failingSchedules } =
    overview
  const { tone, headline, summary, concerns } = verdictOf(overview)
  return {
    at: iso(at),
    verdict: { tone, headline, summary, concerns },
    open,
    oldestWaiting: oldestWaiting && presentFact(oldestWaiting),
    day: presentPeriod(day),
    month: presentPeriod(month),
    agents,
    retiredAgents,
    usage: { day: presentUsage(usage.day), month: presentUsage(usage.month) },
    needs: {
      reviews: needs.reviews.map(presentFact),
      questions: needs.questions.map(presentFact),
      failures: needs.failures.map(presentFact),
      stuck: needs.stuck.map(presentFact),
      schedules: needs.schedules.map(presentFact),
    },
    failingSchedules,
  }
}

const presentFact = (fact: JobFact | ScheduleFact) => ({ ...fact, since: iso(fact.since) })

const presentUsage = ({ since, ...used }: Usage) => ({ since: iso(since), ...used })

const presentPeriod = ({ zone, buckets, total, before, exactSince }: Period) => ({
  timeZone: zone,
  buckets: buckets.map(({ at, ...flow }) => ({ from: iso(at), ...flow })),
  total: { ...total, failureRate: failureRate(total) },
  before: { ...before, failureRate: failureRate(before) },
  exactSince: exactSince === null ? null : iso(exactSince),
})
