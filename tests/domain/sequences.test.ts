import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Claim } from '~/domain/attempts/brief'
import { renewLeases } from '~/domain/attempts/heartbeat.server'
import { expireAttempts, expireOrphans } from '~/domain/attempts/interrupt.server'
import { recordEvents } from '~/domain/attempts/record.server'
import { failAttempt, releaseAttempt, requestInput, submitAttempt } from '~/domain/attempts/settle.server'
import { DomainError } from '~/domain/errors'
import { answerJob } from '~/domain/jobs/answer.server'
import { archiveJob } from '~/domain/jobs/archive.server'
import { assignJob } from '~/domain/jobs/assign.server'
import { cancelJob } from '~/domain/jobs/cancel.server'
import { completeJob } from '~/domain/jobs/complete.server'
import { editJob } from '~/domain/jobs/edit.server'
import { reassignJob } from '~/domain/jobs/reassign.server'
import { resubmitJob } from '~/domain/jobs/resubmit.server'
import { acceptJob, sendBackJob } from '~/domain/jobs/review.server'
import { tagJob } from '~/domain/jobs/tag.server'
import { undoJob } from '~/domain/jobs/undo.server'
import type { UserActor } from '~/domain/policy'
import { agentStates } from '~db/vocabulary'
import { type AgentActor, addAgent, addUser, claim, handIn, setAgentState } from '../support/cast'
import { type TestDesk, testDesk } from '../support/desk'
import { violations } from '../support/invariants'
import { isOnRealServer } from '../support/on-real-server'

/** What is played on: three jobs, two agents, an owner and an admin, and every lease that was ever given out. */
interface Stage {
  desk: TestDesk['desk']
  advance: TestDesk['advance']
  jobs: string[]
  agents: AgentActor[]
  people: UserActor[]
  leases: Claim['lease'][]
}

type Step = [name: keyof typeof steps, job: number, agent: number, person: number]

const steps = {
  edit: (s: Stage, job: string, agent: AgentActor, person: UserActor) =>
    editJob(s.desk, person, job, { agentId: agent.id, priority: 3, maxAttempts: 2 }),
  unassign: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    editJob(s.desk, person, job, { agentId: null }),
  assign: (s: Stage, job: string, agent: AgentActor, person: UserActor) =>
    assignJob(s.desk, person, job, { agentId: agent.id }),
  reassign: (s: Stage, job: string, agent: AgentActor, person: UserActor) =>
    reassignJob(s.desk, person, job, { agentId: agent.id }),
  cancel: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    cancelJob(s.desk, person, job, {}),
  undo: (s: Stage, job: string, _agent: AgentActor, person: UserActor) => undoJob(s.desk, person, job, {}),
  cancelAndUndo: async (s: Stage, job: string, agent: AgentActor, person: UserActor) => {
    await steps.cancel(s, job, agent, person)
    await steps.undo(s, job, agent, person)
  },
  resubmit: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    resubmitJob(s.desk, person, job, {}),
  complete: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    completeJob(s.desk, person, job, { reason: 'enough', result: '1' }),
  archive: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    archiveJob(s.desk, person, job, {}),
  tag: (s: Stage, job: string, agent: AgentActor, person: UserActor) =>
    tagJob(s.desk, person, job, { add: [agent.name.toLowerCase()], remove: ['one'] }),
  accept: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    acceptJob(s.desk, person, job, {}),
  sendBack: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    sendBackJob(s.desk, person, job, { feedback: 'more' }),
  answer: (s: Stage, job: string, _agent: AgentActor, person: UserActor) =>
    answerJob(s.desk, person, job, { answer: 'yes' }),
  claim: async (s: Stage, _job: string, agent: AgentActor) => {
    for (const { lease } of await claim(s.desk, agent, 2)) s.leases.push(lease)
  },
  submit: (s: Stage, job: string, agent: AgentActor) =>
    submitAttempt(s.desk, agent, leaseFor(s, job), { result: '{"n":1}', usage }),
  fail: (s: Stage, job: string, agent: AgentActor) =>
    failAttempt(s.desk, agent, leaseFor(s, job), { reason: 'broke', retryable: true, usage }),
  failForGood: (s: Stage, job: string, agent: AgentActor) =>
    failAttempt(s.desk, agent, leaseFor(s, job), { reason: 'broke', retryable: false }),
  ask: (s: Stage, job: string, agent: AgentActor) =>
    requestInput(s.desk, agent, leaseFor(s, job), { question: 'which?' }),
  release: (s: Stage, job: string, agent: AgentActor) =>
    releaseAttempt(s.desk, agent, leaseFor(s, job), { reason: 'drain' }),
  say: (s: Stage, job: string, agent: AgentActor) =>
    recordEvents(s.desk, agent.id, leaseFor(s, job), [
      { kind: 'message', message: 'at it' },
      { kind: 'progress', message: 'half' },
    ]),
  renew: (s: Stage) => renewLeases(s.desk, s.leases, 10_000),
  /** Fails once and then hands in: a random walk rarely gets a job with failures behind it to a review. */
  stumble: async (s: Stage, job: string, agent: AgentActor, person: UserActor) => {
    await steps.claim(s, job, agent)
    await steps.fail(s, job, agent)
    await steps.wait(s)
    await steps.claim(s, job, agent)
    await steps.submit(s, job, agent)
    await steps.sendBack(s, job, agent, person)
  },
  expire: (s: Stage) => expireAttempts(s.desk),
  rescueAtStart: (s: Stage) => expireOrphans(s.desk),
  wait: async (s: Stage) => s.advance(11_000),
  pauseOrRetire: (s: Stage, job: string, agent: AgentActor) =>
    setAgentState(s.desk, agent, agentStates[s.jobs.indexOf(job) % agentStates.length] ?? 'ACTIVE'),
}

const usage = JSON.stringify({ durationMs: 1, inputTokens: 7, outputTokens: 3, costUsd: 0.125 })

/** Any lease ever given out for the job, the live one or a void one: mostly the newest. */
function leaseFor(s: Stage, job: string): Claim['lease'] {
  const given = s.leases.filter((lease) => lease.jobId === job)
  return (
    given.at(given.length % 3 === 0 ? 0 : -1) ?? { jobId: job, attemptId: `${job}.1`, leaseToken: 'none' }
  )
}

const anyStep = fc.tuple(
  fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[])),
  fc.nat(2),
  fc.nat(1),
  fc.nat(1),
) satisfies fc.Arbitrary<Step>
/** Without these a random walk rarely gets a job to the end. */
const usualStep = fc.tuple(
  fc.constantFrom<keyof typeof steps>(
    'claim',
    'submit',
    'fail',
    'ask',
    'answer',
    'sendBack',
    'accept',
    'wait',
  ),
  fc.nat(2),
  fc.nat(1),
  fc.nat(1),
) satisfies fc.Arbitrary<Step>

async function play({ desk, advance }: TestDesk, sequence: Step[], together: boolean) {
  const people = [await addUser(desk, 'Olive'), await addUser(desk, 'Ada', 'ADMIN')]
  const agents = [
    await addAgent(desk, 'One', { concurrency: 2 }),
    await addAgent(desk, 'Two', { concurrency: 1 }),
  ]
  const jobs: string[] = []
  for (let n = 0; n < 3; n++) {
    jobs.push(await handIn(desk, people[0] as UserActor, { review: n === 1 ? 'none' : 'required' }))
  }
  const stage: Stage = { desk, advance, jobs, agents, people, leases: [] }
  const take = async ([name, job, agent, person]: Step) => {
    const act = steps[name] as (...args: [Stage, string, AgentActor, UserActor]) => Promise<unknown> | unknown
    try {
      await act(stage, jobs[job] as string, agents[agent] as AgentActor, people[person] as UserActor)
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
    }
  }
  for (let at = 0; at < sequence.length; at += together ? 4 : 1) {
    await Promise.all(sequence.slice(at, at + (together ? 4 : 1)).map(take))
  }
}

describe.each(['file', 'server'] as const)('on a %s', (on) => {
  let stage: TestDesk
  beforeAll(async () => {
    stage = await testDesk(on)
  })
  afterAll(() => stage.close())

  test.each([false, true])(
    'no sequence of verbs breaks the contract (several at once: %s)',
    async (together) => {
      const sequences = fc.array(fc.oneof(anyStep, usualStep), { minLength: 10, maxLength: 50 })
      await fc.assert(
        fc.asyncProperty(sequences, async (sequence) => {
          await play(stage, sequence, together)
          expect(await violations(stage.desk.db)).toEqual([])
        }),
        { numRuns: on === 'file' && !isOnRealServer ? 40 : 12, endOnFailure: true },
      )
    },
  )
})
