/** What every end of an attempt may report. */
export interface Ending {
  /** JSON text in OpenTelemetry GenAI terms. */
  usage?: string | null
}

export interface EndingWithoutResult extends Ending {
  /** JSON text of a result that was printed and does not count: kept on the attempt. */
  unsubmittedResult?: string
}
