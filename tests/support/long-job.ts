import type { Database } from '~db/client.server'
import type { JobStatus, LogKind } from '~db/vocabulary'

export interface LongJob {
  id: string
  ownerId: string
  /** Ids; the first one does the first ten attempts, the others the rest in turn. */
  agents: string[]
  attempts: number
  /** Lines that an agent says in each attempt, the second one its progress. */
  lines: number
  /** Milliseconds since 1970. */
  begin: number
  end: number
  /** Whether the last attempt goes on; else its result waits for a review. */
  isRunning?: boolean
  /** An attempt whose result came when all else was over. */
  lateOf?: number
}

interface Row {
  number: number
  kind: LogKind
  status: JobStatus
  message: string | null
  agentId: string | null
  attempt: number | null
  at: number
}

/** Puts a job that was tried again and again straight into the tables: what takes days otherwise. */
export async function addLongJob(db: Database, job: LongJob): Promise<Row[]> {
  const { id, ownerId, agents, attempts, lines, begin, end } = job
  const rows: Row[] = []
  const tries: object[] = []
  const each = (end - begin) / attempts
  const add = (kind: LogKind, status: JobStatus, at: number, more: Partial<Row> = {}) =>
    rows.push({
      ...{ number: rows.length + 1, kind, status, message: null, agentId: null, attempt: null },
      at: Math.round(at),
      ...more,
    })
  add('create', 'ASSIGNED', begin, { agentId: agents[0] })
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const agentId = agents[attempt <= 10 ? 0 : 1 + (attempt % (agents.length - 1))] as string
    const [from, to] = [begin + (attempt - 0.5) * each, begin + attempt * each]
    const isLast = attempt === attempts
    const goesOn = isLast && job.isRunning === true
    add('claim', 'IN_PROGRESS', from, { agentId, attempt })
    for (let line = 0; line < lines; line++) {
      const message = line === 1 ? `${attempt % 101}%: half of ${attempt}` : `Line ${line} of ${attempt}`
      add(line === 1 ? 'progress' : 'message', 'IN_PROGRESS', from + line, { agentId, attempt, message })
    }
    if (!goesOn && isLast) add('submit', 'IN_REVIEW', to, { agentId, attempt })
    else if (!goesOn) {
      const message = `Failed: the model's server said no, for the ${attempt}th time. It is tried again.`
      add('fail', 'ASSIGNED', to, { agentId, attempt, message })
    }
    tries.push({
      ...{ attempt, agentId, outcome: goesOn ? 'RUNNING' : isLast ? 'SUBMITTED' : 'FAILED' },
      ...{ error: isLast ? null : "The model's server said no.", from: Math.round(from) },
      to: goesOn ? null : Math.round(to),
    })
  }
  const last = rows.at(-1) as Row
  if (job.lateOf) {
    const agentId = agents[job.lateOf <= 10 ? 0 : 1 + (job.lateOf % (agents.length - 1))] as string
    add('late', last.status, end, { agentId, attempt: job.lateOf, message: 'It came too late.' })
  }
  // all rows of a very long job are too much text for one argument on a libSQL server
  const parts = Array.from({ length: Math.ceil(rows.length / 10_000) }, (_, n) =>
    rows.slice(n * 10_000, (n + 1) * 10_000),
  )
  await db.client.batch(
    [
      {
        sql: `INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, assignedAgentId, attemptCount,
            version, createdAt, updatedAt, writeId)
          VALUES (:id, :ownerId, 'A long one', 'd', 'c', '${last.status}', NULL, :attempts, 2, :begin, :end, :id)`,
        args: { id, ownerId, attempts, begin, end },
      },
      {
        sql: `INSERT INTO attempts (id, jobId, number, agentId, workerId, leaseToken, leaseExpiresAt, outcome, error,
            startedAt, endedAt)
          SELECT :id || '.' || (value ->> 'attempt'), :id, value ->> 'attempt', value ->> 'agentId', 'long', 't', :end,
            value ->> 'outcome', value ->> 'error', value ->> 'from', value ->> 'to' FROM json_each(:tries)`,
        args: { id, end, tries: JSON.stringify(tries) },
      },
      ...parts.map((part) => ({
        sql: `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, actorId, agentId, attempt,
            version, failures, createdAt)
          SELECT :id || '.' || (value ->> 'number'), :id, :ownerId, value ->> 'number', value ->> 'kind',
            value ->> 'status', value ->> 'message', iif(value ->> 'attempt' IS NULL, 'user', 'agent'),
            iif(value ->> 'attempt' IS NULL, :ownerId, value ->> 'agentId'), value ->> 'agentId', value ->> 'attempt',
            2, 0, value ->> 'at' FROM json_each(:rows)`,
        args: { id, ownerId, rows: JSON.stringify(part) },
      })),
    ],
    'write',
  )
  return rows
}
