/** How an agent wants its attempt to end. */
export type Verdict =
  /** `result` is JSON text, its numbers exactly as the agent wrote them. */
  | { type: 'submit'; result: string }
  | { type: 'fail'; reason: string; retryable: boolean }
  | { type: 'requestInput'; question: string }
  /** A line that was to say one of these and cannot be read. */
  | { type: 'broken'; reason: string }
