import { parse, stringify } from 'lossless-json'
import type { TokenView, UserView } from '~/domain/accounts/view'
import type { AgentChoice, AgentView } from '~/domain/agents/view'
import type { BackupView } from '~/domain/backups.server'
import type { Change } from '~/domain/errors'
import type { AttemptView, JobSummary, JobView, LogView, Page } from '~/domain/jobs/view'

/** The shapes of the API: the seed's names, times as ISO 8601 UTC, payloads as the JSON they are. */

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** JSON text as a value whose numbers keep every digit; text that is no JSON stays text. */
const exact = (json: string | null): unknown => {
  if (json === null) return null
  try {
    return parse(json)
  } catch {
    return json
  }
}

export const presentSummary = (job: JobSummary) => ({
  id: job.id,
  name: job.name,
  status: job.status,
  priority: job.priority,
  userId: job.userId,
  assignedAgentId: job.assignedAgentId,
  failures: job.failures,
  attempts: job.attemptCount,
  maxAttempts: job.maxAttempts,
  runAfter: iso(job.runAfter),
  version: job.version,
  createdAt: iso(job.createdAt),
  updatedAt: iso(job.updatedAt),
  closedAt: iso(job.closedAt),
  archivedAt: iso(job.archivedAt),
})

export const presentJob = (job: JobView) => ({
  ...presentSummary(job),
  description: job.description,
  acceptanceCriteria: job.acceptanceCriteria,
  result: exact(job.result),
  timeoutSeconds: job.timeoutSeconds,
  review: job.review,
  completedByAdmin: job.completedByAdmin,
})

export const presentLog = (log: LogView) => ({
  seq: log.seq,
  number: log.number,
  id: log.id,
  kind: log.kind,
  status: log.status,
  message: log.message,
  actor: { kind: log.actorKind, id: log.actorId, name: log.actorName },
  agentId: log.agentId,
  attempt: log.attempt,
  version: log.version,
  requestPayload: exact(log.requestPayload),
  responsePayload: exact(log.responsePayload),
  createdAt: iso(log.createdAt),
})

export const presentAttempt = (attempt: AttemptView) => ({
  id: attempt.id,
  number: attempt.number,
  agentId: attempt.agentId,
  outcome: attempt.outcome,
  result: exact(attempt.result),
  error: attempt.error,
  question: attempt.question,
  answer: attempt.answer,
  feedback: attempt.feedback,
  usage: exact(attempt.usage),
  startedAt: iso(attempt.startedAt),
  endedAt: iso(attempt.endedAt),
})

export const presentAgentChoice = (agent: AgentChoice) => ({
  id: agent.id,
  name: agent.name,
  description: agent.description,
  kind: agent.kind,
  state: agent.state,
  takesUnassigned: agent.takesUnassigned,
  running: agent.running,
  concurrency: agent.concurrency,
})

export const presentAgent = (agent: AgentView) => ({
  ...presentAgentChoice(agent),
  config: agent.config,
  version: agent.version,
  lastSeenAt: iso(agent.lastSeenAt),
  createdAt: iso(agent.createdAt),
  updatedAt: iso(agent.updatedAt),
})

export const presentUser = (user: UserView) => ({
  id: user.id,
  name: user.name,
  email: user.email,
  role: user.role,
  createdAt: iso(user.createdAt),
})

export const presentToken = (token: TokenView) => ({
  id: token.id,
  name: token.name,
  createdAt: iso(token.createdAt),
  expiresAt: iso(token.expiresAt),
})

export const presentBackup = (backup: BackupView) => ({ ...backup, takenAt: iso(backup.takenAt) })

/** A step that came between, in a 409. */
export const presentChange = ({ at, ...change }: Change) => ({ ...change, at: iso(at) })

export const presentPage = <Row, Shown>(page: Page<Row>, present: (row: Row) => Shown) => ({
  data: page.rows.map(present),
  nextCursor: page.nextCursor,
  prevCursor: page.prevCursor,
})

/** JSON text of a presented value, with exact numbers. */
export const toJson = (value: unknown): string => stringify(value) ?? 'null'
