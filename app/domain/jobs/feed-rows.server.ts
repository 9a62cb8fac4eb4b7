import { eventKinds, type LogKind } from '~db/vocabulary'
import type { Desk } from '../desk'
import type { FeedEntry } from './feed'

/** Which log rows somebody follows; no field says: all of them, everyone's. */
export interface Followed {
  /** The jobs of one person. */
  ownerId?: string
  /** One job. */
  jobId?: string
  /** Only what changed a job, and all that is said about these. */
  linesOf?: ReadonlySet<string>
  /** Whether some of these are somebody else's. */
  isBeyond?: boolean
}

const said = new Set<LogKind>(eventKinds)

/** Whether a row is among those that are followed. */
export function isFollowed({ ownerId, jobId, linesOf }: Followed, row: FeedEntry): boolean {
  if (linesOf?.has(row.jobId)) return true
  if (ownerId !== undefined && row.ownerId !== ownerId) return false
  if (jobId !== undefined && row.jobId !== jobId) return false
  return linesOf === undefined || !said.has(row.kind)
}

interface Stretch {
  /** The row before the first. */
  after: number
  /** The last there may be. */
  upTo?: number
  limit: number
}

const everything = 'l.seq > :after AND l.seq <= :upTo ORDER BY l.seq'

/** How a stretch of the log is read by an index, in the order of `seq`. */
function placesOf({ ownerId, jobId, isBeyond }: Followed): string {
  // its own numbers rise with `seq`: the newest row up to `after` is found from the end
  if (jobId !== undefined)
    return `l.jobId = :jobId AND l.seq <= :upTo AND l.number > coalesce((SELECT b.number FROM job_logs b
      WHERE b.jobId = :jobId AND b.seq <= :after ORDER BY b.number DESC LIMIT 1), 0) ORDER BY l.number`
  if (ownerId !== undefined && !isBeyond)
    return 'l.ownerId = :ownerId AND l.seq > :after AND l.seq <= :upTo ORDER BY l.seq'
  return everything
}

/**
 * A stretch of the log in the order of `seq`.
 * @returns the rows that are followed, and the last row that was looked at (`upTo` where all were)
 */
export async function readStretch(
  { db }: Pick<Desk, 'db'>,
  followed: Followed,
  { after, upTo = Number.MAX_SAFE_INTEGER, limit }: Stretch,
): Promise<{ rows: FeedEntry[]; lookedTo: number }> {
  const { ownerId, jobId, isBeyond } = followed
  const rows = await db.all<FeedEntry>(
    `SELECT l.seq, l.id, l.number, l.kind, l.status, l.message, l.requestPayload, l.responsePayload, l.actorKind,
       l.actorId, coalesce(u.name, a.name) AS actorName, l.agentId, l.attempt, l.version, l.createdAt, l.jobId,
       j.name AS jobName, l.ownerId
     FROM job_logs l
     LEFT JOIN jobs j ON j.id = l.jobId
     LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
     LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
     WHERE ${placesOf(followed)} LIMIT :limit`,
    {
      ...{ after, upTo, limit },
      ...(jobId === undefined ? {} : { jobId }),
      ...(ownerId === undefined || jobId !== undefined || isBeyond ? {} : { ownerId }),
    },
  )
  const lookedTo = rows.length < limit ? upTo : (rows.at(-1)?.seq ?? upTo)
  return { rows: rows.filter((row) => isFollowed(followed, row)), lookedTo }
}

/** The newest row's `seq`; 0 where there is none. */
export async function newestSeq({ db }: Pick<Desk, 'db'>): Promise<number> {
  const row = await db.first<{ seq: number }>('SELECT seq FROM job_logs ORDER BY seq DESC LIMIT 1')
  return row?.seq ?? 0
}
