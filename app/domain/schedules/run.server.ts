import type { Role } from '~db/vocabulary'
import { type Desk, newId } from '../desk'
import { NotFound } from '../errors'
import { jobInsertion, jobsToInsert } from '../jobs/create.server'
import type { NewJobInput } from '../jobs/input'
import type { UserActor } from '../policy'
import { type Args, jsonArg, statement } from '../sql'
import { fillTemplate } from '../templates/fill'
import { findTemplate } from '../templates/queries.server'
import { templateIsGone } from '../templates/usage.server'

/** What a run has to know of its schedule and of whose it is. */
export interface Runnable {
  id: string
  name: string
  templateId: string
  /** JSON text. */
  values: string
  cron: string
  timeZone: string
  ownerId: string
  ownerName: string
  ownerRole: Role
  ownerDisabledAt: number | null
}

/** Without the values, which are long. */
export const runnableColumns = `s.id, s.name, s.templateId, s.cron, s.timeZone, s.ownerId,
  u.name AS ownerName, u.role AS ownerRole, u.disabledAt AS ownerDisabledAt`

/** For `withLongColumns`. */
export const valuesById =
  'SELECT id, "values" FROM schedules WHERE id IN (SELECT value FROM json_each(:keys))'

/** One due time that gets a job, and how its log says so: ` by the schedule …`. */
export interface Making {
  dueAt: number
  words: string
}

interface Run {
  making: Making[]
  skipped?: { dueAt: number; note: string } | null
  /** The schedule's new columns: `nextAt = :next`. */
  set: string
  /** Under which it is this process that makes the run. */
  guard: string
  /** @param made how many of `making` are made: of long jobs there may be more than one write takes */
  args(made: number): Args
}

export interface RunOutcome {
  dueAt: number
  outcome: 'MADE' | 'SKIPPED' | 'FAILED'
  jobId: string | null
  note: string | null
}

/** The most that one write makes, in bytes of JSON; a server takes no larger value. */
const mostBytes = 4_000_000
/** For how long runs are kept, in milliseconds. */
const keptMs = 366 * 86_400_000

/**
 * Makes the jobs of some due times: the schedule's step, the runs, the jobs and their logs are one unit. The guard lets
 * one process through, and the runs' key each due time once.
 *
 * @returns the runs that this made; none where somebody else did
 */
export async function runSchedule(
  desk: Desk,
  schedule: Runnable,
  { making, skipped, set, guard, args }: Run,
): Promise<RunOutcome[]> {
  const at = desk.now()
  const owner: UserActor = {
    ...{ kind: 'user', id: schedule.ownerId, name: schedule.ownerName, role: schedule.ownerRole },
  }
  const { input, problem } = making.length > 0 ? await inputOf(desk, owner, schedule) : nothing
  // all of them are made of the same values
  const fitting = input
    ? Math.max(1, Math.floor(mostBytes / Buffer.byteLength(jsonArg(input))))
    : making.length
  const jobs = making.slice(0, fitting).map(({ dueAt, words }) => ({ dueAt, words, id: newId(at) }))
  const rows = jobs.flatMap(({ dueAt, words, id }) => {
    const origin = { templateId: schedule.templateId, scheduleId: schedule.id, words }
    return input ? jobsToInsert(owner, [input], at, [id], origin).map((row) => ({ ...row, dueAt })) : []
  })
  const runs = [
    ...(skipped ? [{ ...skipped, outcome: 'SKIPPED', jobId: null }] : []),
    ...jobs.map(({ dueAt, id }) =>
      input
        ? { dueAt, outcome: 'MADE', jobId: id, note: null }
        : { dueAt, outcome: 'FAILED', jobId: null, note: problem },
    ),
  ]
  const all: Args = {
    ...args(jobs.length),
    ...{ scheduleId: schedule.id, actorId: owner.id, at, writeId: newId(at), keptSince: at - keptMs },
    ...{ rows: jsonArg(rows), runs: jsonArg(runs), problem, isTried: making.length > 0 ? 1 : 0, agentIsGone },
  }
  const step = `UPDATE schedules SET ${set}, writeId = :writeId,
      problem = CASE WHEN :isTried THEN :problem ELSE problem END
    WHERE id = :scheduleId AND deletedAt IS NULL AND ${guard}`
  const sqls = [step, forgetOldRuns, insertRuns, ...jobInsertion(isRun), markUnmade, tellUnmade]
  const { rows: told } = await desk.db.write({
    statements: sqls.map((sql) => statement(sql, all)),
    outcome: statement(outcome, all),
  })
  return told as unknown as RunOutcome[]
}

const nothing = { input: null, problem: null }

/** The job that the template makes today, or why it makes none. */
async function inputOf(
  desk: Desk,
  owner: UserActor,
  schedule: Runnable,
): Promise<{ input: NewJobInput | null; problem: string | null }> {
  if (schedule.ownerDisabledAt !== null)
    return { input: null, problem: 'The account of its owner is disabled.' }
  try {
    const template = await findTemplate(desk, owner, schedule.templateId)
    const { input, errors } = fillTemplate(template, JSON.parse(schedule.values) as Record<string, string>)
    if (input) return { input, problem: null }
    const labels = new Map(template.variables.map(({ name, label }) => [name, label]))
    const why = Object.entries(errors).flatMap(([field, messages]) =>
      messages.map((message) => `${labels.get(field) ?? field}: ${message}`),
    )
    return { input: null, problem: `The values no longer fit the template. ${why.join(' ')}` }
  } catch (error) {
    if (error instanceof NotFound) return { input: null, problem: templateIsGone }
    throw error
  }
}

const agentIsGone = 'The agent that the template names is retired. Choose another one in the template.'

const isOurs = 'EXISTS (SELECT 1 FROM schedules WHERE id = :scheduleId AND writeId = :writeId)'
const forgetOldRuns = `DELETE FROM schedule_runs WHERE scheduleId = :scheduleId AND dueAt < :keptSince AND ${isOurs}`
const insertRuns = `INSERT INTO schedule_runs (scheduleId, dueAt, outcome, jobId, note, at)
  SELECT :scheduleId, r.value ->> 'dueAt', r.value ->> 'outcome', r.value ->> 'jobId', r.value ->> 'note',
    max(r.value ->> 'dueAt', :at)
  FROM json_each(:runs) r WHERE ${isOurs} ON CONFLICT DO NOTHING`
/** A due time that had its run before keeps that one's job. */
const isRun = `EXISTS (SELECT 1 FROM schedule_runs d WHERE d.scheduleId = :scheduleId
  AND d.dueAt = r.value ->> 'dueAt' AND d.jobId = r.value ->> 'id')`
const ofThisUnit = `scheduleId = :scheduleId AND dueAt IN (SELECT r.value ->> 'dueAt' FROM json_each(:runs) r) AND ${isOurs}`
const markUnmade = `UPDATE schedule_runs SET outcome = 'FAILED', jobId = NULL, note = :agentIsGone
  WHERE ${ofThisUnit} AND outcome = 'MADE' AND jobId IN (SELECT r.value ->> 'id' FROM json_each(:rows) r)
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = jobId)`
const tellUnmade = `UPDATE schedules SET problem = :agentIsGone
  WHERE id = :scheduleId AND writeId = :writeId AND EXISTS (
    SELECT 1 FROM schedule_runs WHERE ${ofThisUnit} AND outcome = 'FAILED' AND note = :agentIsGone)`
/** The jobs' ids prove the unit even after another change of the schedule. */
const outcome = `SELECT dueAt, outcome, jobId, note FROM schedule_runs
  WHERE scheduleId = :scheduleId AND dueAt IN (SELECT r.value ->> 'dueAt' FROM json_each(:runs) r)
    AND (${isOurs} OR jobId IN (SELECT r.value ->> 'jobId' FROM json_each(:runs) r)) ORDER BY dueAt`
