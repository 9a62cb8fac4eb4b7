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
  /** Its place in the order they start in, 1 is next; null where it is in no line or far back. */
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
  /** Whose account is disabled can't sign in: an admin acts in their place. */
  ownerDisabled: boolean
  runAfter: number | null
  /** When anybody last changed the job. */
  updatedAt: number
  failures: number
  /** The newest; null before the first. */
  attempt: {
    number: number
    agentName: string
    agentState: AgentState
    outcome: AttemptOutcome
    leaseExpiresAt: number
    endedAt: number | null
  } | null
  /** Who it is for; null: anyone who takes unassigned jobs. */
  agent: AgentLoad | null
  /** Every agent there is. */
  agents: readonly AgentLoad[]
  /** How many that may start now are claimed before it: by its agent or the only one that takes it, else unassigned ones. */
  ahead: number
}

/** Why a job does not move, who must act, what happens next and when; null for a closed one. */
export function waitingFor(facts: WaitingFacts): WaitingFor | null {
  const { status } = facts
  if (status === 'PENDING' || status === 'ASSIGNED') return beforeStart(facts)
  if (status === 'IN_PROGRESS') return inProgress(facts)
  if (status === 'INPUT_REQUIRED') {
    const { who, name, doer, but, fate } = deciderOf(facts)
    const next = `${name} has to answer; then ${fate ?? 'the agent goes on'}.`
    return told({ reason: 'answer', who, why: `${doer} has a question${but}.`, next })
  }
  if (status === 'IN_REVIEW') {
    const { who, name, doer, but, fate } = deciderOf(facts)
    const next = `${name} has to accept it or send it back${fate ? `; sent back, ${fate}` : ''}.`
    return told({ reason: 'review', who, why: `${doer} handed in a result${but}.`, next })
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

/** The owner, or where that account is disabled an admin; `also` says so in the middle of a sentence. */
const ownerOf = ({ ownerName, ownerDisabled }: WaitingFacts) =>
  ownerDisabled
    ? { who: 'admin' as const, name: 'An admin', also: `${ownerName}’s account is disabled` }
    : { who: 'owner' as const, name: ownerName, also: null }

/** Who has to decide, and what comes of a job that goes back to the agent of its newest attempt. */
function deciderOf(facts: WaitingFacts) {
  const { who, name, also } = ownerOf(facts)
  const { agentName, agentState } = facts.attempt ?? { agentName: 'The agent', agentState: 'ACTIVE' }
  const state = agentState === 'ACTIVE' ? '' : ` and is ${agentState.toLowerCase()} now`
  return { who, name, doer: agentName, but: `${state}${also ? `, but ${also}` : ''}`, fate: fateOf(facts) }
}

/** Where a job that goes back to its agent stays or goes instead; null: that agent goes on with it. */
function fateOf({ attempt, agents }: WaitingFacts): string | null {
  if (!attempt || attempt.agentState === 'ACTIVE') return null
  if (attempt.agentState === 'PAUSED') return `it waits until an admin resumes ${attempt.agentName}`
  const takers = takersOf(agents)
  if (takers.some(isActive)) return 'any agent that takes unassigned jobs may do it'
  if (takers.length === 0) return 'it waits until an agent is named for it'
  return 'it waits until an admin resumes an agent that takes unassigned jobs'
}

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
  if (attempt && isPauseAfter(attempt, facts, runAfter)) {
    return {
      reason: 'backoff',
      who: 'nobody',
      why: endOf(attempt),
      next: 'It is tried again after a pause.',
      at: runAfter,
    }
  }
  const next = `From then on ${agent?.name ?? 'any agent that takes unassigned jobs'} may begin.`
  return { reason: 'start_time', who: 'nobody', why: 'Its start time is yet to come.', next, at: runAfter }
}

function endOf({ outcome, agentName, number }: NonNullable<WaitingFacts['attempt']>): string {
  if (outcome === 'RELEASED') return `${agentName} gave the job back.`
  return `Attempt ${number} ${outcome === 'FAILED' || outcome === 'EXPIRED' ? 'failed' : 'was interrupted'}.`
}

/** After these a job rests for `releaseDelayMs`. */
const resting: readonly AttemptOutcome[] = ['RELEASED', 'DRAINED', 'INTERRUPTED']
const failing: readonly AttemptOutcome[] = ['FAILED', 'EXPIRED', 'INTERRUPTED']

/**
 * Whether Docket itself set that time when the attempt ended: nobody changed the job since then, or it is within a
 * pause. Any other is a person's wish.
 */
function isPauseAfter(
  { outcome, endedAt }: NonNullable<WaitingFacts['attempt']>,
  { failures, updatedAt }: WaitingFacts,
  runAfter: number,
): boolean {
  if (endedAt === null) return false
  const isUnchanged = updatedAt === endedAt
  if (resting.includes(outcome) && (isUnchanged || runAfter - endedAt === releaseDelayMs)) return true
  if (!failing.includes(outcome) || failures === 0) return false
  // a model server may ask for a longer pause than Docket's own
  if (isUnchanged) return true
  return runAfter - endedAt <= Math.min(backoff.maxMs, backoff.baseMs * 2 ** (failures - 1))
}

/** What a person has to clear away, or Docket is about to. */
function obstacleOf(facts: WaitingFacts): Telling | null {
  const { agent, agents } = facts
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
    const { who, name, also } = ownerOf(facts)
    const why = `No agent takes unassigned jobs${also ? `, and ${also}` : ''}.`
    return { reason: 'no_taker', who, why, next: `${name} has to name an agent ${before}` }
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
  const line = alone ? 'in its line' : 'among the unassigned ones'
  const place =
    ahead === 0
      ? `is next ${line}`
      : ahead > aheadCounted
        ? `has more than ${aheadCounted} others ahead of it ${line}`
        : `is number ${ahead + 1} ${line}`
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

function inProgress({ now, attempt }: WaitingFacts): WaitingFor {
  const doer = attempt?.agentName ?? 'The agent'
  const until = attempt?.leaseExpiresAt ?? null
  if (attempt && until !== null && until < now) {
    const why = `Attempt ${attempt.number} by ${doer} has stopped responding.`
    const next = 'Docket takes the job back in a moment, and it is tried again.'
    return told({ reason: 'lease_lapsed', who: 'nobody', why, next })
  }
  return told({
    reason: 'running',
    who: 'agent',
    why: attempt ? `${doer} is doing attempt ${attempt.number}.` : `${doer} is doing it.`,
    next: 'Should its lease lapse without word from it, the job is taken back and tried again.',
    at: until,
  })
}

const takersOf = (agents: readonly AgentLoad[]) =>
  agents.filter(({ takesUnassigned, state }) => takesUnassigned && state !== 'RETIRED')
const isActive = ({ state }: AgentLoad) => state === 'ACTIVE'
