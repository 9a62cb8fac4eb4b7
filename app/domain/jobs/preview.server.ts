import type { Desk } from '../desk'
import type { UserActor } from '../policy'
import { type JobPreview, type Line, mostWaiting, type RunningAttempt, type Taker } from './preview'
import { findJob } from './queries.server'
import type { JobView } from './view'

/** @throws {NotFound} */
export async function previewJob(desk: Desk, actor: UserActor, id: string): Promise<JobPreview> {
  const { result, description: _, ...job } = await findJob(desk, actor, id)
  const [running, asked, line] = await Promise.all([
    desk.db.first<RunningAttempt>(
      `SELECT t.number, a.name AS agentName, t.startedAt FROM attempts t JOIN agents a ON a.id = t.agentId
       WHERE t.jobId = ? AND t.endedAt IS NULL`,
      [id],
    ),
    desk.db.first<{ question: string | null }>(
      "SELECT question FROM attempts WHERE jobId = ? AND number = ? AND outcome = 'WAITING'",
      [id, job.attemptCount],
    ),
    lineOf(desk, job),
  ])
  return {
    job: { ...job, hasResult: result !== null },
    running: running ?? null,
    question: asked?.question ?? null,
    ...line,
  }
}

const load = `a.id, a.name, a.state, a.concurrency,
  (SELECT count(*) FROM attempts t WHERE t.agentId = a.id AND t.endedAt IS NULL) AS running`

/** A retired agent takes nothing, so its job goes to whoever takes unassigned ones. */
async function lineOf(desk: Desk, { id, assignedAgentId: agentId }: Pick<JobView, 'id' | 'assignedAgentId'>) {
  const named = agentId
    ? await desk.db.first<Taker>(`SELECT ${load} FROM agents a WHERE a.id = ? AND a.state <> 'RETIRED'`, [
        agentId,
      ])
    : undefined
  const takers = named
    ? [named]
    : await desk.db.all<Taker>(
        `SELECT ${load} FROM agents a WHERE a.state = 'ACTIVE' AND a.takesUnassigned = 1
         ORDER BY a.name COLLATE NOCASE, a.id`,
      )
  const line = named ? "j.status = 'ASSIGNED' AND j.assignedAgentId = :agentId" : "j.status = 'PENDING'"
  const row = await desk.db.first<{ waiting: number }>(
    `SELECT count(*) AS waiting FROM (SELECT 1 FROM jobs j WHERE ${line} AND j.id <> :id LIMIT :most)`,
    { most: mostWaiting, id, ...(named ? { agentId } : {}) },
  )
  return { takers, waiting: row?.waiting ?? 0 }
}

/** How many jobs wait for each agent that any wait for, the longest line first. */
export async function waitingLines(desk: Desk): Promise<Line[]> {
  const lines = await desk.db.all<Line>(
    `SELECT a.name, (SELECT count(*) FROM (
       SELECT 1 FROM jobs j WHERE j.status = 'ASSIGNED' AND j.assignedAgentId = a.id LIMIT :most)) AS waiting
     FROM agents a WHERE a.state <> 'RETIRED'`,
    { most: mostWaiting },
  )
  return lines.filter(({ waiting }) => waiting > 0).sort((a, b) => b.waiting - a.waiting)
}
