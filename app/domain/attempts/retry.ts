import { backoff } from '../jobs/status'

/** SQL about what follows an attempt that ended without a result. It reads the argument `:retryable` (0 or 1). */

/** Whether the job is tried again after one more failure. Over the row of `jobs` before the change. */
export const retriable = ':retryable AND failures + 1 < maxAttempts'

const delay = `CAST(min(${backoff.maxMs}, ${backoff.baseMs} * (1 << min(failures, 10)))
  * (1 - ${backoff.jitter} * (abs(random() % 1000) / 1000.0)) AS INTEGER)`

/** When it is tried again. `:waitMs`: what was asked for, which counts where it is longer. */
export const retryAt = `CASE WHEN ${retriable} THEN :at + max(${delay}, :waitMs) END`

/** The end of a log message. Over the row `j` after the change. */
export const whatFollows = `CASE WHEN j.status = 'FAILED' THEN
    CASE WHEN :retryable THEN ' That was failure ' || j.failures || ' of ' || j.maxAttempts || ': no more tries.'
      ELSE ' Trying again would not help.' END
  ELSE ' It is tried again (failure ' || j.failures || ' of ' || j.maxAttempts || ').' END`
