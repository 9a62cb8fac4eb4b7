import type { ResultSet } from '@libsql/client'
import type { Desk } from '../desk'
import { beginningOfString } from '../payload.server'
import { jsonRows } from '../sql'
import { wellFormedJson } from '../well-formed'
import type { Claim, EarlierAttempt, JobBrief } from './brief'
import { readUntilAvailable } from './until-available.server'

/** The longest brief that comes with the claim itself, in bytes, and how many of them: an answer has at most 10 MB. */
const maxBytes = 128 * 1024
const maxBriefs = 24
const maxEarlier = 20

const columns = ['id', 'name', 'description', 'acceptanceCriteria', 'tags', 'metadata', 'timeoutSeconds']
const earlierColumns = [
  'number',
  'outcome',
  'result',
  'resultBytes',
  'error',
  'question',
  'answer',
  'feedback',
] as const
/** The most that is told of an earlier result, in bytes. */
const maxResult = 20_000
const whole = "CASE WHEN outcome = 'SUBMITTED' THEN octet_length(result) END"
const submitted = `CASE WHEN outcome = 'SUBMITTED'
  THEN iif(octet_length(result) <= ${maxResult}, result, substr(result, 1, ${maxResult})) END`

/** @param jobId SQL @param number SQL of the attempt's own number */
const earlierThan = (jobId: string, number: string) =>
  `FROM attempts e WHERE e.jobId = ${jobId} AND e.number < ${number} AND e.number >= ${number} - ${maxEarlier}`

const long = ['description', 'acceptanceCriteria', 'metadata'].map((column) => `octet_length(j.${column})`)
const longEarlier = [submitted, 'error', 'question', 'answer', 'feedback'].map(
  (column) => `coalesce(octet_length(${column}), 0)`,
)
const bytes = `${long.join(' + ')}
  + coalesce((SELECT sum(${longEarlier.join(' + ')}) ${earlierThan('j.id', 't.number')}), 0)`

const earlier = jsonRows(
  earlierColumns,
  `SELECT number, outcome, ${submitted} AS result, ${whole} AS resultBytes, error, question, answer, feedback
    ${earlierThan('j.id', 't.number')} ORDER BY number`,
)
const brief = `json_object(${columns.map((name) => `'${name}', j.${name}`).join(', ')},
  'attempt', t.number, 'earlier', json(${earlier}))`

/**
 * The outcome of a claim: the leases of `:writeId` with their briefs, so that a claim starts from the rows of its own
 * write. A read replica shows them to other reads only later. What is too long is left out.
 */
export const claimsOutcome = `SELECT t.id AS attemptId, t.jobId, t.number, t.leaseToken,
    CASE WHEN row_number() OVER (ORDER BY l.id) <= ${maxBriefs} AND ${bytes} <= ${maxBytes} THEN ${brief} END AS brief
  FROM job_logs l JOIN attempts t ON t.jobId = l.jobId AND t.number = l.attempt JOIN jobs j ON j.id = l.jobId
  WHERE l.id > :writeId || '.' AND l.id < :writeId || '/'`

interface Row {
  attemptId: string
  jobId: string
  number: number
  leaseToken: string
  /** JSON text. */
  brief: string | null
}

/** What agents are handed for attempts just opened: the job, its lease, and what came before (the newest 20). */
export const claimsOf = (desk: Desk, { rows }: ResultSet): Promise<Claim[]> =>
  Promise.all((rows as unknown as Row[]).map((row) => claimOf(desk, row)))

async function claimOf(
  desk: Desk,
  { attemptId, jobId, number, leaseToken, brief: text }: Row,
): Promise<Claim> {
  const { timeoutSeconds, ...job } =
    text === null ? await longBrief(desk, jobId, number) : (JSON.parse(text) as Brief)
  return {
    lease: { attemptId, jobId, leaseToken },
    job: {
      ...job,
      tags: JSON.parse(job.tags) as string[],
      metadata: JSON.parse(job.metadata) as Record<string, string>,
      earlier: job.earlier.map(({ resultBytes, ...each }) => ({
        ...each,
        result: each.result && wellFormedJson(earlierResult(each.result, resultBytes)),
      })),
    },
    timeoutMs: timeoutSeconds === null ? null : timeoutSeconds * 1000,
  }
}

/**
 * JSON text of a result of which only the beginning was read: the beginning of a text, with the cut marked, or
 * `{"truncated": true, "bytes": <of the whole>, "head": "<the beginning>"}`.
 */
function earlierResult(json: string, bytes: number | null): string {
  if (bytes === null || Buffer.byteLength(json) >= bytes) return json
  const head = json.slice(0, maxResult)
  const text = beginningOfString(head)
  if (text === undefined) return JSON.stringify({ truncated: true, bytes, head: head.toWellFormed() })
  return JSON.stringify(`${text.toWellFormed()}… [cut: ${bytes.toLocaleString('en')} bytes in all]`)
}

type StoredAttempt = EarlierAttempt & { resultBytes: number | null }
type Brief = Omit<JobBrief, 'tags' | 'metadata' | 'earlier'> & {
  earlier: StoredAttempt[]
  /** JSON text, both. */
  tags: string
  metadata: string
  timeoutSeconds: number | null
}

/** An earlier attempt at a time. */
async function longBrief(desk: Desk, jobId: string, number: number): Promise<Brief> {
  const [job] = await readUntilAvailable<Omit<Brief, 'attempt' | 'earlier'>>(
    desk.db,
    `SELECT ${columns.join(', ')} FROM jobs WHERE id = :jobId`,
    { jobId },
  )
  const numbers = await readUntilAvailable<{ number: number }>(
    desk.db,
    `SELECT e.number ${earlierThan(':jobId', ':number')} ORDER BY e.number`,
    { jobId, number },
  )
  const before: StoredAttempt[] = []
  for (const { number: earlierNumber } of numbers) {
    before.push(
      ...(await readUntilAvailable<StoredAttempt>(
        desk.db,
        `SELECT number, outcome, ${submitted} AS result, ${whole} AS resultBytes, error, question, answer, feedback
         FROM attempts WHERE jobId = :jobId AND number = :number`,
        { jobId, number: earlierNumber },
      )),
    )
  }
  if (!job) throw new Error('A job was purged while it was claimed.')
  return { ...job, attempt: number, earlier: before }
}
