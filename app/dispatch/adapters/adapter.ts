import type { JobBrief } from '~/domain/attempts/brief'
import type { AttemptEvent } from '~/domain/attempts/event'
import type { AgentKind } from '~db/vocabulary'

export type { EarlierAttempt, JobBrief } from '~/domain/attempts/brief'
export type AgentEvent = AttemptEvent

/** OpenTelemetry GenAI terms; every field is optional because not every agent has a model. */
export interface Usage {
  provider?: string
  requestModel?: string
  responseModel?: string
  inputTokens?: number
  outputTokens?: number
  cacheReadTokens?: number
  finishReason?: string
  durationMs?: number
  errorType?: string
  costUsd?: number
  costSource?: 'reported' | 'estimated'
}

export type RunOutcome =
  /** `result` is JSON text. */
  | { type: 'submit'; result: string; usage?: Usage }
  /** `retryAfterMs`: not to be tried again before so many milliseconds. */
  | ({ type: 'fail'; reason: string; retryable: boolean; retryAfterMs?: number } & Unsubmitted)
  | ({ type: 'requestInput'; question: string } & Unsubmitted)
  | ({ type: 'release'; reason: string } & Unsubmitted)

interface Unsubmitted {
  /** JSON text of a result that was printed and does not count: kept on the attempt. */
  unsubmittedResult?: string
  usage?: Usage
}

export interface RunContext {
  job: JobBrief
  /** Stable for the attempt; safe as a folder name. */
  attemptId: string
  agentName: string
  /** Validated by the kind's schema in `domain/agents/config.ts`. */
  config: unknown
  /** Where an attempt's work folder may be made (absolute). */
  workRoot: string
  /** The attempt's time limit in milliseconds; null where the job sets none. */
  timeoutMs: number | null
  /** Aborted on cancel, a lost lease, a time limit or a stop of the server: end everything at once. */
  signal: AbortSignal
  /** Records one event; resolves when it is on the record, rejects when the lease is lost. */
  emit(event: AgentEvent): Promise<void>
}

export interface TestReport {
  ok: boolean
  message: string
}

/** One kind of agent. `run` never throws for what an agent does wrong: it answers with a RunOutcome. */
export interface AgentAdapter {
  kind: AgentKind
  /** Really calls the agent with a trivial request, until `signal` aborts: whoever asks keeps the time. */
  test(config: unknown, signal: AbortSignal): Promise<TestReport>
  run(context: RunContext): Promise<RunOutcome>
  /** Ends what a killed server left running (process groups); called once at start. */
  cleanUp?(workRoot: string): Promise<void>
}
