import type { RunView, ScheduleDetailView, ScheduleView } from '~/domain/schedules/view'
import type { ZonedTime } from '~/domain/schedules/zoned'

/** Schedules as the API shows them: times as ISO 8601 UTC. */

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

export const presentSchedule = (schedule: ScheduleView) => ({
  id: schedule.id,
  name: schedule.name,
  templateId: schedule.templateId,
  templateName: schedule.templateName,
  values: schedule.values,
  cron: schedule.cron,
  words: schedule.words,
  timeZone: schedule.timeZone,
  catchUp: schedule.catchUp,
  state: schedule.state,
  nextAt: iso(schedule.nextAt),
  lastAt: iso(schedule.lastAt),
  problem: schedule.problem,
  failure: schedule.failure && { ...schedule.failure, since: iso(schedule.failure.since) },
  lastRun: schedule.lastRun && presentRun(schedule.lastRun),
  owner: { id: schedule.ownerId, name: schedule.ownerName },
  version: schedule.version,
  createdAt: iso(schedule.createdAt),
  updatedAt: iso(schedule.updatedAt),
})

export const presentScheduleDetail = (schedule: ScheduleDetailView) => ({
  ...presentSchedule(schedule),
  nextRuns: schedule.nextRuns.map(presentNextRun),
  runs: schedule.runs.map(presentRun),
})

/** A due time, and what the clocks of the schedule's zone show then. */
export const presentNextRun = ({ at, local, offset }: ZonedTime) => ({ at: iso(at), local, offset })

const presentRun = ({ dueAt, outcome, job, note, at }: RunView) => ({
  dueAt: iso(dueAt),
  outcome,
  job,
  note,
  at: iso(at),
})
