import type { ActorKind, AttemptOutcome, JobStatus, LogKind, ReviewPolicy } from '~db/vocabulary'
import type { WaitingFor } from './waiting-for'

/** What readers of jobs get; times are milliseconds since 1970 UTC, payloads are JSON text. */

export interface JobSummary {
  id: string
  name: string
  status: JobStatus
  priority: number
  userId: string
  ownerName: string
  assignedAgentId: string | null
  agentName: string | null
  /** Who did the newest attempt, where there is one. */
  lastAgentName: string | null
  failures: number
  attemptCount: number
  maxAttempts: number
  runAfter: number | null
  version: number
  createdAt: number
  updatedAt: number
  closedAt: number | null
  archivedAt: number | null
  /** Whether an admin completed it without a review, once. */
  completedByAdmin: boolean
  /** In lower case, sorted. */
  tags: string[]
  metadata: Record<string, string>
  /** Why it does not move, as of this reading; null where it is closed. */
  waitingFor: WaitingFor | null
}

/** @typeParam Result JSON text, or what a page makes of it */
export interface JobView<Result = string> extends JobSummary {
  description: string
  acceptanceCriteria: string
  /** null where nothing was handed in, and where it is longer than what comes along: see `resultBytes`. */
  result: Result | null
  /** Of the whole result, in UTF-8; null where there is none. */
  resultBytes: number | null
  timeoutSeconds: number | null
  review: ReviewPolicy
  /** What it was made from, where it was not typed. */
  templateId: string | null
  scheduleId: string | null
}

/** What a job was made from is called; null where that was not so, or where it is gone or not for the job's owner. */
export interface JobOrigin {
  templateName: string | null
  scheduleName: string | null
}

export interface AttemptView {
  id: string
  number: number
  agentId: string
  agentName: string
  outcome: AttemptOutcome
  /**
   * JSON text of what it handed in, or of what it printed and did not hand in where the outcome is another than SUBMITTED.
   * Null as well where it is longer than what comes along.
   */
  result: string | null
  resultBytes: number | null
  error: string | null
  question: string | null
  answer: string | null
  feedback: string | null
  /** JSON text in OpenTelemetry GenAI terms. */
  usage: string | null
  startedAt: number
  endedAt: number | null
}

/**
 * What a list of attempts shows. Of `answer` and `feedback` it is only the beginning, and so of `error` and
 * `question` of all but the newest.
 */
export interface AttemptSummary extends Omit<AttemptView, 'result' | 'resultBytes'> {
  /** The size of what it printed and did not hand in, in bytes; null where there is nothing. */
  unsubmittedBytes: number | null
}

/** @typeParam Payload JSON text, or what a page makes of it */
export interface LogView<Payload = string> {
  seq: number
  id: string
  number: number
  kind: LogKind
  status: JobStatus
  message: string | null
  requestPayload: Payload | null
  responsePayload: Payload | null
  actorKind: ActorKind
  actorId: string | null
  /** The person's or agent's name; null for Docket itself. */
  actorName: string | null
  agentId: string | null
  attempt: number | null
  version: number
  createdAt: number
}

/** JSON text as a page needs it. */
export interface PayloadBeginning {
  /** All of it where it is short, else its beginning, which may end within a string. */
  json: string
  /** Of the whole. */
  characters: number
  /** Whether something was taken out of the whole before it was kept. */
  isRedacted: boolean
}

/** One page by keyset: cursors are opaque text, null at either end. */
export interface Page<Row> {
  rows: Row[]
  nextCursor: string | null
  prevCursor: string | null
}

/** A page of a list that looks at so many rows at most. */
export interface ListPage<Row> extends Page<Row> {
  /** How far back it looked, milliseconds since 1970 UTC, where that was not to the end; a cursor goes on from there. */
  searchedTo: number | null
}

/** A page of a log; of a filtered one it looks at so many rows at the most. */
export interface LogPage<Row> extends Page<Row> {
  /** The number of the row that it looked as far as, where that was not to the end; a cursor goes on from there. */
  lookedTo: number | null
}

/** One change of a job, as a timeline shows it. */
export type TurnView = Pick<
  LogView,
  | 'number'
  | 'kind'
  | 'status'
  | 'actorKind'
  | 'actorId'
  | 'actorName'
  | 'agentId'
  | 'attempt'
  | 'message'
  | 'createdAt'
>

/** The newest change, where it can be undone: until when, and the status before it. */
export interface Undoable {
  until: number
  before: JobStatus
}

/** The same as it is drawn: whatever a life needs that may have thousands of them. */
export type LifeTurn = Pick<LogView, 'kind' | 'status' | 'attempt' | 'createdAt'>

export type StatusCounts = Record<JobStatus, number>
