import type { NewJobInput } from '~/domain/jobs/input'
import { awkward } from './awkward'
import { day, hour, laterAtWork, minute, nextMonday, officeTime, second } from './calendar'
import type { AgentName } from './cast'
import * as write from './content'
import type { Random } from './random'

/** What is to become of a job: who hands it in, what goes wrong, and how people react. The agents do the rest. */
export interface Plan {
  at: number
  /** Which of the users. */
  owner: number
  task: write.Task
  agent?: AgentName
  input?: Partial<NewJobInput>
  /** Instead of the agent's own work, attempt by attempt: it fails for a while, or is never heard of again. */
  trouble?: ({ fails: string } | 'vanishes')[]
  /** How long an attempt takes, in milliseconds; without it as long as it really took. */
  takes?: number
  /** Once, instead of accepting. */
  feedback?: string
  /** The owner never gets round to looking at it. */
  neglected?: boolean
  answer?: string
  /** After it is closed. */
  afterwards?: 'archive' | 'resubmit' | { completedByAdmin: string }
  /** So long after it was handed in: the owner changes or cancels it, an admin gives it to another agent. */
  changes?: { after: number; what: 'cancel' | { priority: number } | { reassign: AgentName } }
}

const days = 30

/** Some 200 jobs over the thirty days before `now`, oldest first. */
export function plans(random: Random, now: number): Plan[] {
  const from = now - days * day + 2 * hour
  const anyTime = () => officeTime(random, from, now - 3 * minute)
  const owner = () => (random.chance(0.5) ? 0 : random.int(1, 2))
  const usual = Array.from({ length: 145 }, () => everyday(random, anyTime(), owner()))
  const odd = awkward(random).map((task): Plan => ({ at: anyTime(), owner: owner(), task }))
  const all = [
    ...usual,
    ...odd,
    ...slow(random, now),
    ...nights(random, now, owner),
    ...ahead(random, now, owner),
  ]
  for (const back of [26, 3]) {
    const at = officeTime(random, now - (back + 20) * hour, now - back * hour)
    all.push({ at, owner: 0, task: write.guests(random, at, false), agent: 'Sorter' })
  }
  // something of the last hour, whenever this runs
  for (const back of [55, 41, 28, 16, 9, 4]) {
    all.push({ ...everyday(random, now - back * minute, owner()), neglected: true, trouble: undefined })
  }
  return all.toSorted((a, b) => a.at - b.at)
}

const outages = [
  {
    fails:
      'The program ended with exit code 1. The last lines of stderr:\nfetch failed: connect ECONNREFUSED 10.0.4.17:443',
  },
  { fails: 'The program ended with exit code 137. The last lines of stderr:\nKilled' },
  { fails: 'The time limit of 300 s passed.' },
]

function everyday(random: Random, at: number, owner: number): Plan {
  const plan: Plan = { at, owner, task: write.minutes(random, at) }
  const kind = random.next()
  if (kind < 0.2) plan.task = write.sales(random, at)
  else if (kind < 0.34) plan.task = write.settings(random)
  else if (kind < 0.52) plan.task = write.contacts(random, at)
  else if (kind < 0.67) {
    plan.task = write.summary(random, at)
    plan.agent = 'Local command'
    if (random.chance(0.15)) plan.feedback = `Too long. ${random.int(1, 2)} sentences will do.`
    if (random.chance(0.2)) plan.trouble = random.some([...outages, 'vanishes' as const], random.int(1, 2))
    // a bad day: it never gets through
    if (random.chance(0.1)) plan.trouble = Array(3).fill(random.pick(outages))
  } else if (kind < 0.73) {
    const ordered = random.chance(0.35)
    plan.task = write.guests(random, at, ordered)
    plan.agent = 'Sorter'
    if (!ordered && random.chance(0.75))
      plan.answer = random.pick(['Ascending, please.', 'Descending: the caterer starts from Z.'])
  } else if (kind < 0.8) plan.task = write.beyond(random)
  if (random.chance(0.12)) plan.input = { priority: random.pick([3, 5, 7, 9]) }
  if (random.chance(0.14)) plan.input = { ...plan.input, review: 'none' }
  if (random.chance(0.07)) plan.neglected = true
  const end = random.next()
  if (end < 0.12) plan.afterwards = 'archive'
  else if (end < 0.25) plan.afterwards = 'resubmit'
  else if (end < 0.4)
    plan.afterwards = { completedByAdmin: 'Settled by telephone; nobody needs the result any more.' }
  return plan
}

/** Long logs, a cancellation in mid-job, and at the end two that run and two that wait for them. */
function slow(random: Random, now: number): Plan[] {
  const watch = (at: number, owner: number, what: string, coats: number, minutes: number): Plan => ({
    at,
    owner,
    task: write.paint(random, what, coats, minutes),
    agent: 'Paint watcher',
    takes: coats * minutes * minute + second,
    input: { timeoutSeconds: 7200 },
  })
  const past = (back: number) => officeTime(random, now - (back + 3) * day, now - back * day)
  return [
    watch(past(24), 0, 'the north wall', 1, 5),
    { ...watch(past(15), 1, 'the fire door', 2, 2.5), feedback: 'Once more, it still smells.' },
    { ...watch(past(10), 2, 'the new shelves', 1, 4), trouble: ['vanishes'] },
    { ...watch(past(5), 0, 'the loading bay', 3, 20), changes: { after: 3 * minute, what: 'cancel' } },
    watch(now - 100 * second, 0, 'the reception desk', 2, 4),
    watch(now - 70 * second, 1, 'the garden gate', 1, 6),
    watch(now - 50 * second, 2, 'the letter box', 1, 2),
    {
      ...watch(now - 40 * second, 0, 'the sign above the door', 1, 3),
      input: { priority: 7, timeoutSeconds: 7200 },
    },
  ]
}

/** For the agent that is paused six days before the end: what came before is done, what came after waits. */
function nights(random: Random, now: number, owner: () => number): Plan[] {
  const night = (at: number): Plan => ({
    at,
    owner: owner(),
    task: write.checksums(random, at),
    agent: 'Night shift',
  })
  const before = Array.from({ length: 6 }, () => night(officeTime(random, now - 28 * day, now - 7 * day)))
  const since = Array.from({ length: 6 }, () => night(officeTime(random, now - 5 * day, now - 30 * minute)))
  const [first, second, third] = since
  if (first) first.changes = { after: 2 * hour, what: { reassign: 'Local command' } }
  if (second) second.changes = { after: hour, what: 'cancel' }
  if (third) third.changes = { after: 20 * minute, what: { priority: 9 } }
  return [...before, ...since]
}

/** Handed in for later: some of it was for a day that has come, some was dropped, most waits for next week. */
function ahead(random: Random, now: number, owner: () => number): Plan[] {
  const scheduled = (at: number, runAfter: number): Plan => ({
    at,
    owner: owner(),
    task: random.chance(0.5) ? write.sales(random, runAfter) : write.minutes(random, runAfter),
    input: { runAfter },
  })
  const past = Array.from({ length: 6 }, () => {
    const at = officeTime(random, now - 26 * day, now - 6 * day)
    return scheduled(at, nextMonday(at))
  })
  const dropped = Array.from({ length: 5 }, (): Plan => {
    const at = officeTime(random, now - 20 * day, now - 4 * day)
    const after = laterAtWork(random, at, hour, 2 * day) - at
    return { ...scheduled(at, at + 9 * day), changes: { after, what: 'cancel' } }
  })
  const coming = Array.from({ length: 11 }, (_, n) =>
    scheduled(
      officeTime(random, now - 4 * day, now - 10 * minute),
      nextMonday(now) + random.int(0, 4) * day + n * 5 * minute,
    ),
  )
  return [...past, ...dropped, ...coming]
}
