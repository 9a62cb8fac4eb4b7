import { eventKinds, type LogKind } from '~db/vocabulary'
import type { Desk } from '../desk'
import { bytesAtOnce, sizeOf } from '../long-columns.server'
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
 * A stretch of the log in the order of `seq`. It ends early where its texts are long: after `bytesAtOnce` no further row is
 * read.
 *
 * @returns the rows that are followed, the last row that was looked at (`upTo` where all were), and whether all were
 */
export async function readStretch(
  { db }: Pick<Desk, 'db'>,
  followed: Followed,
  { after, upTo = Number.MAX_SAFE_INTEGER, limit }: Stretch,
): Promise<{ rows: FeedEntry[]; lookedTo: number; isWhole: boolean }> {
  const { ownerId, jobId, isBeyond } = followed
  const read = await db.all<FeedEntry & { looked: number }>(
    `SELECT l.seq, l.id, l.number, l.kind, l.status, l.message, l.requestPayload, l.responsePayload, l.actorKind,
       l.actorId, coalesce(u.name, a.name) AS actorName, l.agentId, l.attempt, l.version, l.createdAt, l.jobId,
       j.name AS jobName, l.ownerId, w.looked
     FROM (SELECT seq, count(*) OVER () AS looked,
         sum(bytes) OVER (ORDER BY seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS bytesBefore
       FROM (SELECT l.seq, ${sizeOf('l.message', 'l.requestPayload', 'l.responsePayload')} AS bytes
         FROM job_logs l WHERE ${placesOf(followed)} LIMIT :limit)) w
     CROSS JOIN job_logs l ON l.seq = w.seq
     LEFT JOIN jobs j ON j.id = l.jobId
     LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
     LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
     WHERE w.bytesBefore IS NULL OR w.bytesBefore < ${bytesAtOnce}`,
    {
      ...{ after, upTo, limit },
      ...(jobId === undefined ? {} : { jobId }),
      ...(ownerId === undefined || jobId !== undefined || isBeyond ? {} : { ownerId }),
    },
  )
  const rows = read.map(({ looked: _, ...row }) => row).sort((a, b) => a.seq - b.seq)
  const looked = read[0]?.looked ?? 0
  const isWhole = looked < limit && rows.length === looked
  const lookedTo = isWhole ? upTo : (rows.at(-1)?.seq ?? upTo)
  return { rows: rows.filter((row) => isFollowed(followed, row)), lookedTo, isWhole }
}

/** The newest row's `seq`; 0 where there is none. */
export async function newestSeq({ db }: Pick<Desk, 'db'>): Promise<number> {
  const row = await db.first<{ seq: number }>('SELECT seq FROM job_logs ORDER BY seq DESC LIMIT 1')
  return row?.seq ?? 0
}
