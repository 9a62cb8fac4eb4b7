import { lengthText } from '../length'
import { maxFailingCounted } from '../schedules/view'
import { failureRate } from './period'
import { type AgentLoad, type JobFact, mostWaiting, type Overview } from './view'

const minute = 60_000

/** From when on a figure is a worry. */
export const limits = {
  /** How long the first in the queue has waited, in milliseconds. */
  slowMs: 15 * minute,
  stalledMs: 60 * minute,
  /** How long a result or a question has waited for a person. */
  patientMs: 3 * 24 * 60 * minute,
  /** The share that failed, where at least so many came to an end. */
  someFail: 0.2,
  manyFail: 0.5,
  least: 5,
} as const

export type ConcernTone = 'danger' | 'warn'

export interface Concern {
  tone: ConcernTone
  /** A whole sentence. */
  text: string
  /** What to look at. */
  about: { kind: 'job' | 'agent' | 'schedule'; id: string } | { kind: 'agents' | 'failed' | 'schedules' }
}

export interface Verdict {
  tone: 'good' | ConcernTone
  /** The answer to "is all well?", in a sentence. */
  headline: string
  /** What is going on, in a sentence. */
  summary: string
  /** What is wrong, the worst first. */
  concerns: Concern[]
}

/** Is all well? From what the overview shows and nothing else. */
export function verdictOf(overview: Overview): Verdict {
  const concerns = [
    ...unassigned(overview),
    ...stale(overview),
    ...closing(overview),
    ...patience(overview),
    ...failingSchedules(overview),
    ...overview.agents.flatMap(agentConcerns),
  ].sort((a, b) => Number(b.tone === 'danger') - Number(a.tone === 'danger'))
  const summary = summaryOf(overview)
  const [worst] = concerns
  if (!worst) return { tone: 'good', headline: 'All is well.', summary, concerns }
  const headline = worst.tone === 'danger' ? 'Something is wrong.' : 'Something needs attention.'
  return { tone: worst.tone, headline, summary, concerns }
}

export const takers = (agents: AgentLoad[]) =>
  agents.filter(({ state, takesUnassigned }) => state === 'ACTIVE' && takesUnassigned)

function unassigned({ open, agents }: Overview): Concern[] {
  if (open.PENDING === 0 || takers(agents).length > 0) return []
  const wait =
    open.PENDING === 1
      ? '1 job that names no agent waits'
      : `${shown(open.PENDING)} jobs that name no agent wait`
  const nobody = agents.some(({ state }) => state === 'ACTIVE')
    ? 'no active agent takes such jobs'
    : 'no agent is active'
  return [{ tone: 'danger', text: `${wait}, and ${nobody}.`, about: { kind: 'agents' } }]
}

/** A job that waits for a paused agent or for nobody is spoken of elsewhere. */
function stale({ at, firstInLine: first }: Overview): Concern[] {
  if (!first || at - first.since < limits.slowMs) return []
  const waited = at - first.since
  return [
    {
      tone: waited < limits.stalledMs ? 'warn' : 'danger',
      text: `The first in the queue has waited for ${lengthText(waited)}.`,
      about: { kind: 'job', id: first.id },
    },
  ]
}

function closing({ day: { total } }: Overview): Concern[] {
  const tone = toneOfFailures(total)
  if (!tone) return []
  const { failed } = total
  const all = failed + total.completed
  const text = `${shown(failed)} of the ${shown(all)} jobs that ended in the last 24 hours failed.`
  return [{ tone, text, about: { kind: 'failed' } }]
}

function patience({ at, open, needs }: Overview): Concern[] {
  const waits = (jobs: JobFact[], count: number, one: string, many: string): Concern[] => {
    const oldest = jobs.toSorted((a, b) => a.since - b.since)[0]
    if (!oldest || at - oldest.since < limits.patientMs) return []
    const long = lengthText(at - oldest.since)
    const text =
      count === 1 ? `1 ${one}, for ${long} now.` : `${shown(count)} ${many}, one of them for ${long} now.`
    return [{ tone: 'warn', text, about: { kind: 'job', id: oldest.id } }]
  }
  return [
    ...waits(
      needs.questions,
      open.INPUT_REQUIRED,
      'question waits for an answer',
      'questions wait for an answer',
    ),
    ...waits(needs.reviews, open.IN_REVIEW, 'result waits for review', 'results wait for review'),
  ]
}

function failingSchedules({ needs: { schedules }, failingSchedules: count }: Overview): Concern[] {
  const [first] = schedules
  if (!first) return []
  if (count > 1) {
    const many = count < maxFailingCounted ? shown(count) : `${shown(maxFailingCounted)} or more`
    return [{ tone: 'warn', text: `${many} schedules are failing.`, about: { kind: 'schedules' } }]
  }
  const what = first.job ? 'the last of its jobs failed' : 'its last run made no job'
  const text = `The schedule “${first.name}” is failing: ${what}.`
  return [{ tone: 'warn', text, about: { kind: 'schedule', id: first.id } }]
}

function agentConcerns(agent: AgentLoad): Concern[] {
  const about = { kind: 'agent', id: agent.id } as const
  const found: Concern[] = []
  if (isHeldUp(agent)) {
    const wait = agent.waiting === 1 ? '1 job waits' : `${waitingText(agent.waiting)} jobs wait`
    found.push({ tone: 'warn', text: `${agent.name} is paused, and ${wait} for it.`, about })
  }
  if (isFailing(agent)) {
    const all = shown(agent.done + agent.failed)
    found.push({
      tone: 'warn',
      text: `${agent.name} failed ${shown(agent.failed)} of its ${all} attempts in the last 24 hours.`,
      about,
    })
  }
  return found
}

export const isHeldUp = ({ state, waiting }: AgentLoad) => state === 'PAUSED' && waiting > 0
export const isFailing = ({ done, failed }: AgentLoad) =>
  toneOfFailures({ completed: done, failed }) === 'danger'

function toneOfFailures(flow: { completed: number; failed: number }): ConcernTone | null {
  const rate = failureRate(flow)
  if (rate === null || flow.completed + flow.failed < limits.least || rate < limits.someFail) return null
  return rate < limits.manyFail ? 'warn' : 'danger'
}

function summaryOf({ open, day }: Overview): string {
  const waiting = open.PENDING + open.ASSIGNED
  const people = open.IN_REVIEW + open.INPUT_REQUIRED
  if (waiting + people + open.IN_PROGRESS === 0) {
    return day.total.created > 0 ? 'No job is open: all of them are done.' : 'No job is open.'
  }
  const parts = [
    open.IN_PROGRESS > 0 && `${shown(open.IN_PROGRESS)} in progress`,
    waiting > 0 && `${shown(waiting)} waiting for an agent`,
    people > 0 && `${shown(people)} waiting for a person`,
  ].filter((part) => part !== false)
  return `Open jobs: ${parts.join(', ')}.`
}

const shown = (amount: number) => amount.toLocaleString('en')
export const waitingText = (waiting: number) =>
  waiting < mostWaiting ? shown(waiting) : `${shown(mostWaiting)} or more`
