import type { AgentState, AttemptOutcome, JobStatus } from '~db/vocabulary'
import { backoff, releaseDelayMs } from './status'

/** Why an open job is where it is. */
export const waitingReasons = [
  'starting',
  'in_line',
  'agent_paused',
  'agent_retired',
  'takers_paused',
  'no_taker',
  'no_agent',
  'start_time',
  'backoff',
  'running',
  'lease_lapsed',
  'answer',
  'review',
] as const
export type WaitingReason = (typeof waitingReasons)[number]

export interface WaitingFor {
  reason: WaitingReason
  /** Who must act before it can go on; `nobody`: it goes on by itself. The owner's part an admin may do too. */
  who: 'owner' | 'admin' | 'agent' | 'nobody'
  /** Why, who must act, and what happens next: all of it, but for the time. */
  sentence: string
  /** What happens next: the end of the sentence. */
  next: string
  /** When the reason passes by itself (milliseconds UTC); null where no time is set for it. */
  at: number | null
  /** Its place among those that wait for the same, 1 is next; null where it is in no line or far back. */
  position: number | null
}

/** So many jobs ahead are counted; past that it is "more than". */
export const aheadCounted = 100

export interface AgentLoad {
  name: string
  state: AgentState
  takesUnassigned: boolean
  /** How many jobs it may do at once, and how many it does. */
  concurrency: number
  running: number
}

/** What the answer follows from. Times are milliseconds UTC. */
export interface WaitingFacts {
  now: number
  status: JobStatus
  ownerName: string
  runAfter: number | null
  failures: number
  maxAttempts: number
  /** The newest; null before the first. */
  attempt: {
    number: number
    agentName: string
    outcome: AttemptOutcome
    leaseExpiresAt: number
    endedAt: number | null
  } | null
  /** Who it is for; null: anyone who takes unassigned jobs. */
  agent: AgentLoad | null
  /** Every agent there is. */
  agents: readonly AgentLoad[]
  /** How many that may start now come before it among those for the same agent, or among the unassigned ones. */
  ahead: number
}

/** Why a job does not move, who must act, what happens next and when; null for a closed one. */
export function waitingFor(facts: WaitingFacts): WaitingFor | null {
  const { status, ownerName } = facts
  const doer = facts.attempt?.agentName ?? 'The agent'
  if (status === 'PENDING' || status === 'ASSIGNED') return beforeStart(facts)
  if (status === 'IN_PROGRESS') return inProgress(facts, doer)
  if (status === 'INPUT_REQUIRED') {
    const next = `${ownerName} has to answer; then the agent goes on.`
    return told({ reason: 'answer', who: 'owner', why: `${doer} has a question.`, next })
  }
  if (status === 'IN_REVIEW') {
    const next = `${ownerName} has to accept it or send it back.`
    return told({ reason: 'review', who: 'owner', why: `${doer} handed in a result.`, next })
  }
  return null
}

type Telling = Pick<WaitingFor, 'reason' | 'who' | 'next'> &
  Partial<Pick<WaitingFor, 'at' | 'position'>> & { why: string }

const told = ({ why, reason, who, next, at = null, position = null }: Telling): WaitingFor => ({
  reason,
  who,
  sentence: `${why} ${next}`,
  next,
  at,
  position,
})

/** A time to wait for comes first, but what stands in the way by then is said with it. */
function beforeStart(facts: WaitingFacts): WaitingFor {
  const pause = pauseOf(facts)
  const obstacle = obstacleOf(facts)
  if (!pause) return told(obstacle ?? turnOf(facts))
  if (!obstacle) return told(pause)
  return told({ ...pause, who: obstacle.who, why: `${pause.why} ${obstacle.why}`, next: obstacle.next })
}

function pauseOf(facts: WaitingFacts): Telling | null {
  const { now, runAfter, attempt, agent } = facts
  if (runAfter === null || runAfter <= now) return null
  if (attempt && isPauseAfter(attempt, facts.failures, runAfter)) {
    const why =
      attempt.outcome === 'RELEASED'
        ? `${attempt.agentName} gave the job back.`
        : `Attempt ${attempt.number} failed.`
    return { reason: 'backoff', who: 'nobody', why, next: 'It is tried again after a pause.', at: runAfter }
  }
  const next = `From then on ${agent?.name ?? 'any agent that takes unassigned jobs'} may begin.`
  return { reason: 'start_time', who: 'nobody', why: 'Its start time is yet to come.', next, at: runAfter }
}

/** Whether Docket itself set that time when the attempt ended; a later one is a person's wish. */
function isPauseAfter(
  { outcome, endedAt }: NonNullable<WaitingFacts['attempt']>,
  failures: number,
  runAfter: number,
): boolean {
  if (endedAt === null) return false
  if (outcome === 'RELEASED') return runAfter - endedAt === releaseDelayMs
  if (outcome !== 'FAILED' && outcome !== 'EXPIRED') return false
  return failures > 0 && runAfter - endedAt <= Math.min(backoff.maxMs, backoff.baseMs * 2 ** (failures - 1))
}

/** What a person has to clear away, or Docket is about to. */
function obstacleOf({ agent, agents, ownerName }: WaitingFacts): Telling | null {
  const before = 'before the job can start.'
  if (agent?.state === 'PAUSED') {
    const next = `An admin has to resume it ${before}`
    return { reason: 'agent_paused', who: 'admin', why: `${agent.name} is paused.`, next }
  }
  if (agent?.state === 'RETIRED') {
    const next = 'Docket hands the job on in a moment.'
    return { reason: 'agent_retired', who: 'nobody', why: `${agent.name} is retired.`, next }
  }
  const takers = takersOf(agents)
  if (agent || takers.some(isActive)) return null
  const [only, ...others] = takers
  if (only) {
    return {
      reason: 'takers_paused',
      who: 'admin',
      why:
        others.length > 0
          ? 'Every agent that takes unassigned jobs is paused.'
          : `${only.name} is paused, and no other agent takes unassigned jobs.`,
      next: `An admin has to resume ${others.length > 0 ? 'one' : 'it'} ${before}`,
    }
  }
  if (agents.some(isActive)) {
    const next = `${ownerName} has to name an agent ${before}`
    return { reason: 'no_taker', who: 'owner', why: 'No agent takes unassigned jobs.', next }
  }
  const next = `An admin has to add or resume one ${before}`
  return { reason: 'no_agent', who: 'admin', why: 'No agent is active.', next }
}

/** It may start as far as it goes: now, or when a place is free and it is its turn. */
function turnOf({ agent, agents, ahead }: WaitingFacts): Telling {
  const able = agent ? [agent] : takersOf(agents).filter(isActive)
  const [free, ...others] = able.filter(({ running, concurrency }) => running < concurrency)
  if (free) {
    const why = `${others.length > 0 ? 'More than one agent' : free.name} has a free place.`
    return { reason: 'starting', who: 'nobody', why, next: 'The job starts in a moment.' }
  }
  const [full] = able
  const alone = full && able.length === 1 ? full : null
  const line = alone ? 'its line' : 'their line'
  const place =
    ahead === 0
      ? `is next in ${line}`
      : ahead > aheadCounted
        ? `has more than ${aheadCounted} others ahead of it in ${line}`
        : `is number ${ahead + 1} in ${line}`
  return {
    reason: 'in_line',
    who: 'nobody',
    why: alone
      ? `${alone.name} is at its limit of ${alone.concurrency} ${alone.concurrency === 1 ? 'job' : 'jobs'}.`
      : 'Every agent that takes unassigned jobs is at its limit.',
    next: `The job ${place} and starts when its turn comes.`,
    position: ahead > aheadCounted ? null : ahead + 1,
  }
}

function inProgress({ now, attempt, failures, maxAttempts }: WaitingFacts, doer: string): WaitingFor {
  const last = failures + 1 >= maxAttempts
  const until = attempt?.leaseExpiresAt ?? null
  if (until !== null && until < now) {
    const next = `Docket takes the job back in a moment, and it ${last ? 'fails' : 'is tried again'}.`
    return told({ reason: 'lease_lapsed', who: 'nobody', why: `${doer} is not heard of any more.`, next })
  }
  const then = last ? 'fails' : 'is taken back and tried again'
  return told({
    reason: 'running',
    who: 'agent',
    why: attempt ? `${doer} is doing attempt ${attempt.number}.` : `${doer} is doing it.`,
    next: `Should its lease lapse without word from it, the job ${then}.`,
    at: until,
  })
}

const takersOf = (agents: readonly AgentLoad[]) =>
  agents.filter(({ takesUnassigned, state }) => takesUnassigned && state !== 'RETIRED')
const isActive = ({ state }: AgentLoad) => state === 'ACTIVE'
