import type { EventKind } from '~db/vocabulary'

/** One thing that happened while an agent worked; it becomes one log row of the job. */
export interface AttemptEvent {
  kind: Exclude<EventKind, 'late'>
  message?: string
  /** JSON text. Redacted and size-capped when it is recorded. */
  requestPayload?: string
  responsePayload?: string
  /** What the attempt has used up to now, in OpenTelemetry GenAI terms. */
  usage?: object
}
