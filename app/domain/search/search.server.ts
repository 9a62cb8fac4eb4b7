import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { readJobFilter } from '../jobs/list-filter.server'
import { listJobs } from '../jobs/queries.server'
import { namesJoined, type StoredRow, stored, summaryColumns } from '../jobs/stored.server'
import type { JobSummary } from '../jobs/view'
import type { UserActor } from '../policy'
import { statement } from '../sql'
import { utc } from '../zones/clock'
import { type Found, type FoundAgent, mostAgents, mostJobs } from './view'

/**
 * Jobs and agents by what somebody typed: a word, a job's id or its first characters, all that the qualifier box takes.
 * Users find their own jobs and the agents they can name; admins everyone's jobs, and retired agents as well.
 *
 * @param timeZone whose days are meant
 * @throws {Invalid} on `q`, where it means nothing
 */
export async function search(desk: Desk, actor: UserActor, text: string, timeZone = utc): Promise<Found> {
  const asked = text.trim()
  if (asked === '') return { jobs: [], agents: [], hasMore: false }
  const scope = actor.role === 'ADMIN' ? 'all' : 'own'
  const { filter, errors } = await readJobFilter(desk, actor, scope, { q: asked }, timeZone)
  if (Object.keys(errors).length > 0) throw new Invalid({ q: Object.values(errors).flat() })
  const [named, listed, agents] = await Promise.all([
    jobsById(desk, actor, asked),
    listJobs(desk, actor, { scope, filter, limit: mostJobs }),
    agentsByName(desk, actor, asked),
  ])
  const others = listed.rows.filter(({ id }) => named.every((job) => job.id !== id))
  const jobs = [...named, ...others]
  return {
    jobs: jobs.slice(0, mostJobs),
    agents,
    hasMore: listed.nextCursor !== null || jobs.length > mostJobs,
  }
}

/** Eight characters of an id are one second: so many jobs of it are looked at, whosever they are. */
const mostOfASecond = 1000
const idBeginning = /^0[0-9a-hjkmnp-tv-z]{7,25}$/i

/** Archived ones, too: whoever has an id knows what they look for. */
async function jobsById(desk: Desk, actor: UserActor, text: string): Promise<Found['jobs']> {
  if (!idBeginning.test(text)) return []
  const from = text.toLowerCase()
  const { sql, args } = statement(
    `SELECT ${summaryColumns}
     FROM (SELECT no FROM jobs WHERE id >= :from AND id < :to ORDER BY id DESC LIMIT :most) w
       CROSS JOIN jobs j ON j.no = w.no ${namesJoined}
     ${actor.role === 'ADMIN' ? '' : 'WHERE j.userId = :userId'} LIMIT :limit`,
    // no id has a character behind z
    { from, to: `${from}{`, most: mostOfASecond, userId: actor.id, limit: mostJobs },
  )
  return (await desk.db.all<StoredRow<JobSummary>>(sql, args)).map(stored)
}

/** Those of whose name a word begins so. They are few, and all of them are looked at. */
function agentsByName(desk: Desk, actor: UserActor, text: string): Promise<FoundAgent[]> {
  return desk.db.all<FoundAgent>(
    `SELECT a.id, a.name, a.state FROM agents a
     WHERE instr(' ' || lower(a.name), :word) > 0 ${actor.role === 'ADMIN' ? '' : "AND a.state <> 'RETIRED'"}
     ORDER BY a.state = 'RETIRED', a.name COLLATE NOCASE, a.id LIMIT :limit`,
    {
      word: ` ${text
        .toWellFormed()
        .replaceAll(/\p{Cc}/gu, ' ')
        .toLowerCase()}`,
      limit: mostAgents,
    },
  )
}
