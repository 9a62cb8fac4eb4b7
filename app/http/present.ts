import { setImmediate as yieldToEventLoop } from 'node:timers/promises'
import { parse, stringify } from 'lossless-json'
import type { InvitationView, TokenView, UserView } from '~/domain/accounts/view'
import { passRate } from '~/domain/agents/stats'
import type { AgentChoice, AgentPeriod, AgentStats, AgentView } from '~/domain/agents/view'
import type { AuditView } from '~/domain/audit-view'
import type { BackupView } from '~/domain/backup-files.server'
import type { BackupState } from '~/domain/backups.server'
import type { Change } from '~/domain/errors'
import type { AttemptView, JobSummary, JobView, ListPage, LogPage, LogView, Page } from '~/domain/jobs/view'
import type { WaitingFor } from '~/domain/jobs/waiting-for'
import { wellFormedJson } from '~/domain/well-formed'
import { apiPaths, paths } from '~/paths'
import { storedJson } from './json-text'

/** The shapes of the API: the seed's names, times as ISO 8601 UTC, payloads as the JSON they are. */

type Result = ReturnType<typeof storedJson>

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** One field of a JSON object's text as JSON text of its own, with every digit; undefined where it can't be had exactly. */
export function exactField(text: string, field: string): string | undefined {
  try {
    const whole = parse(wellFormedJson(text)) as Record<string, unknown>
    return Object.hasOwn(whole, field) ? stringify(whole[field]) : undefined
  } catch {
    return undefined
  }
}

export const presentWaitingFor = ({ at, ...waiting }: WaitingFor) => ({ ...waiting, at: iso(at) })

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
  completedByAdmin: job.completedByAdmin,
  tags: job.tags,
  metadata: job.metadata,
  waitingFor: job.waitingFor && presentWaitingFor(job.waitingFor),
})

/** @param result where it is more than comes along by itself */
export const presentJob = (job: JobView, result: Result = storedJson(job.result)) => ({
  ...presentSummary(job),
  description: job.description,
  acceptanceCriteria: job.acceptanceCriteria,
  result,
  resultBytes: job.resultBytes,
  resultUrl: job.resultBytes === null ? null : apiPaths.result(job.id),
  timeoutSeconds: job.timeoutSeconds,
  review: job.review,
  templateId: job.templateId,
  scheduleId: job.scheduleId,
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
  requestPayload: storedJson(log.requestPayload),
  responsePayload: storedJson(log.responsePayload),
  createdAt: iso(log.createdAt),
})

/** @param result as of a job */
export const presentAttempt = (
  attempt: AttemptView,
  jobId: string,
  result: Result = storedJson(attempt.result),
) => ({
  id: attempt.id,
  number: attempt.number,
  agentId: attempt.agentId,
  outcome: attempt.outcome,
  result,
  resultBytes: attempt.resultBytes,
  resultUrl: attempt.resultBytes === null ? null : paths.attemptResult(jobId, attempt.number),
  resultSubmitted: attempt.resultBytes === null ? null : attempt.outcome === 'SUBMITTED',
  error: attempt.error,
  question: attempt.question,
  answer: attempt.answer,
  feedback: attempt.feedback,
  usage: storedJson(attempt.usage),
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
  accepted: agent.accepted,
  sentBack: agent.sentBack,
  passRate: passRate(agent),
})

export const presentAgent = (agent: AgentView) => ({
  ...presentAgentChoice(agent),
  config: agent.config,
  warnings: agent.warnings,
  version: agent.version,
  successorId: agent.successor?.id ?? null,
  lastSeenAt: iso(agent.lastSeenAt),
  createdAt: iso(agent.createdAt),
  updatedAt: iso(agent.updatedAt),
})

export const presentAgentStats = ({ runs, waiting, last24Hours, last30Days }: AgentStats) => ({
  runs: runs.map(({ startedAt, ...run }) => ({ ...run, startedAt: iso(startedAt) })),
  waiting,
  last24Hours: presentPeriod(last24Hours),
  last30Days: presentPeriod(last30Days),
})

const presentPeriod = ({ since, ...figures }: AgentPeriod) => ({
  since: iso(since),
  ...figures,
  passRate: passRate(figures),
})

export const presentUser = (user: UserView) => ({
  id: user.id,
  name: user.name,
  email: user.email,
  role: user.role,
  disabledAt: iso(user.disabledAt),
  createdAt: iso(user.createdAt),
  twoFactorAt: iso(user.twoFactorAt),
})

export const presentInvitation = (invitation: InvitationView) => ({
  id: invitation.id,
  email: invitation.email,
  role: invitation.role,
  createdAt: iso(invitation.createdAt),
  expiresAt: iso(invitation.expiresAt),
})

export const presentAudit = (entry: AuditView) => ({
  id: entry.id,
  at: iso(entry.at),
  actor: { kind: entry.actorKind, id: entry.actorId, name: entry.actorName },
  action: entry.action,
  subject: entry.subjectKind && { kind: entry.subjectKind, id: entry.subjectId, name: entry.subjectName },
  detail: entry.detail,
  address: entry.address,
})

export const presentToken = (token: TokenView) => ({
  id: token.id,
  name: token.name,
  hint: token.hint,
  scopes: token.scopes,
  createdAt: iso(token.createdAt),
  expiresAt: iso(token.expiresAt),
  lastUsedAt: iso(token.lastUsedAt),
})

export const presentBackup = (backup: BackupView) => ({ ...backup, takenAt: iso(backup.takenAt) })

export const presentBackupState = ({ running, failure }: BackupState) => ({
  running: running && { name: running.name, startedAt: iso(running.startedAt) },
  failure: failure && { at: iso(failure.at), reason: failure.reason },
})

/** A step that came between, in a 409. */
export const presentChange = ({ at, ...change }: Change) => ({ ...change, at: iso(at) })

export const presentPage = <Row, Shown>(page: Page<Row>, present: (row: Row) => Shown) => ({
  data: page.rows.map(present),
  nextCursor: page.nextCursor,
  prevCursor: page.prevCursor,
})

/** The same where rows have long texts: other requests come in between. */
export async function presentLongPage<Row, Shown>(
  page: Page<Row>,
  present: (row: Row) => Shown | Promise<Shown>,
) {
  const data: Shown[] = []
  for (const row of page.rows) {
    data.push(await present(row))
    if (data.length % 10 === 0) await yieldToEventLoop()
  }
  return { ...presentPage(page, () => null), data }
}

/** `lookedTo`: the number of the row that a filtered log looked as far as where that was not to the end. */
export const presentLogPage = async (page: LogPage<LogView>) => ({
  ...(await presentLongPage(page, presentLog)),
  lookedTo: page.lookedTo,
})

/** `searchedTo`: how far back it looked where that was not to the end. */
export const presentList = (page: ListPage<JobSummary>) => ({
  ...presentPage(page, presentSummary),
  searchedTo: iso(page.searchedTo),
})
