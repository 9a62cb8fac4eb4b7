import type { Database } from '~db/client.server'
import type { Attempt, agentHours, JobLog, jobQuarters } from '~db/schema'

/**
 * Counts anew what triggers have counted by the hour. A purged job stays counted, so after a purge there may be more
 * than is found now, never less.
 *
 * @param logs of all jobs, each job's rows in their order
 * @returns a sentence for each counter that is wrong
 */
export async function hourViolations(
  db: Database,
  attempts: Attempt[],
  logs: Map<string, JobLog[]>,
): Promise<string[]> {
  const purged = (await db.first('SELECT 1 FROM retention WHERE wordsLeftAt IS NOT NULL')) !== undefined
  const kept = new Map<string, number>()
  const quarters = await db.all<typeof jobQuarters.$inferSelect>('SELECT * FROM job_quarters')
  for (const { quarter, minutes, ...counts } of quarters) {
    // a row from before there were quarters stands for its hour
    const place = minutes === 15 ? quarter : `hour ${quarter / 4}`
    for (const [name, count] of Object.entries(counts)) kept.set(`jobs ${name} at ${place}`, count)
  }
  const coarse = new Set(quarters.filter(({ minutes }) => minutes === 60).map(({ quarter }) => quarter / 4))
  for (const { hour, agentId, ...counts } of await db.all<typeof agentHours.$inferSelect>(
    'SELECT * FROM agent_hours',
  )) {
    for (const [name, count] of Object.entries(counts)) kept.set(`${agentId} ${name} at ${hour}`, count)
  }
  const found = new Map([...jobCounts(logs, coarse), ...agentCounts(attempts, logs)])
  return [...new Set([...kept.keys(), ...found.keys()])].flatMap((key) => {
    const [is, should] = [kept.get(key) ?? 0, found.get(key) ?? 0]
    const wrong = purged ? is < should - 1e-9 : Math.abs(is - should) > 1e-9
    return wrong ? [`counter ${key} is ${is}, should be ${should}`] : []
  })
}

const hourOf = (at: number) => Math.floor(at / 3_600_000)
const quarterOf = (at: number) => Math.floor(at / 900_000)

class Tally extends Map<string, number> {
  add(key: string, amount = 1) {
    this.set(key, (this.get(key) ?? 0) + amount)
  }
}

/** By what a job became, not by which verb made it so. @param coarse hours whose jobs are counted in one row */
function jobCounts(logs: Map<string, JobLog[]>, coarse: Set<number>): Tally {
  const placeOf = (at: number) => (coarse.has(hourOf(at)) ? `hour ${hourOf(at)}` : quarterOf(at))
  const tally = new Tally()
  const names = { COMPLETED: 'completed', FAILED: 'failed', CANCELED: 'canceled' } as const
  for (const [first, ...rest] of logs.values()) {
    if (!first) continue
    tally.add(`jobs created at ${placeOf(first.createdAt)}`)
    let before = first
    let turn = first
    for (const log of rest) {
      if (log.kind === 'undo') tally.add(`jobs canceled at ${placeOf(turn.createdAt)}`, -1)
      if (log.kind !== 'late') turn = log
      const name = log.status in names ? names[log.status as keyof typeof names] : undefined
      if (name && log.status !== before.status) tally.add(`jobs ${name} at ${placeOf(log.createdAt)}`)
      before = log
    }
  }
  return tally
}

function agentCounts(attempts: Attempt[], logs: Map<string, JobLog[]>): Tally {
  const tally = new Tally()
  const agentOf = new Map<string, string>()
  for (const { jobId, number, agentId, outcome, endedAt, usage } of attempts) {
    agentOf.set(`${jobId}.${number}`, agentId)
    if (endedAt === null) continue
    const add = (name: string, amount?: number) =>
      tally.add(`${agentId} ${name} at ${hourOf(endedAt)}`, amount)
    if (outcome === 'SUBMITTED' || outcome === 'WAITING') add('done')
    if (outcome === 'FAILED' || outcome === 'EXPIRED') add('failed')
    const used = JSON.parse(usage ?? '{}') as Record<string, number | undefined>
    for (const name of ['inputTokens', 'outputTokens', 'costUsd']) add(name, used[name] ?? 0)
  }
  for (const { jobId, kind, attempt, createdAt } of [...logs.values()].flat()) {
    const name = kind === 'accept' ? 'accepted' : kind === 'sendBack' ? 'sentBack' : null
    if (name) tally.add(`${agentOf.get(`${jobId}.${attempt}`)} ${name} at ${hourOf(createdAt)}`)
  }
  return tally
}
