/**
 * SQL for the time of a job's next log row: `at`, or the time of its newest row where the wall clock was set back since.
 * So nothing in a job's life ends before it began.
 *
 * @param jobId SQL for the job's id
 */
export const logTime = (at: string, jobId: string): string =>
  `max(${at}, coalesce((SELECT c.createdAt FROM job_logs c WHERE c.jobId = ${jobId} ORDER BY c.number DESC LIMIT 1), 0))`
