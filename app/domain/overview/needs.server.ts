import { beginning } from '../beginning'
import type { Desk } from '../desk'
import { failingCount, failureColumn, isFailing, readFailure } from '../schedules/failing.server'
import { jsonRows, roughBeginning } from '../sql'
import type { JobFact, Needs, Overview } from './view'

const each = 5
/** The most of a question or an error that is shown, in characters. */
const maxWhy = 200
/** Since when a job has been waiting: the expression of the index `jobs_line_since`. */
const since = 'CASE WHEN runAfter > updatedAt THEN runAfter ELSE updatedAt END'

/** Each agent's line, and the one of the jobs that name none, by whether an active agent takes them. */
const lines = (taken: 0 | 1) => `SELECT a.id AS agentId, a.name AS agentName FROM agents a
    WHERE (a.state = 'ACTIVE') = ${taken}
  UNION ALL SELECT NULL, NULL
    WHERE ${taken} = EXISTS (SELECT 1 FROM agents taker WHERE taker.state = 'ACTIVE' AND taker.takesUnassigned)`

/** What waits and could be done now, the longest first: of the heads of those lines, each found by its index. */
const waiting = (
  taken: 0 | 1,
  most: number,
) => `SELECT j.id, j.name, j.status, (SELECT u.name FROM users u WHERE u.id = j.userId) AS ownerName,
    line.agentName, ${since} AS since, NULL AS why
  FROM (${lines(taken)}) line CROSS JOIN jobs j ON j.no IN (
    SELECT no FROM jobs WHERE status IN ('PENDING', 'ASSIGNED') AND assignedAgentId IS line.agentId
      AND ${since} <= :at ORDER BY ${since}, id LIMIT ${most})
  ORDER BY since, j.id LIMIT ${most}`

const attemptOf = 'JOIN attempts t ON t.jobId = j.id AND t.number = j.attemptCount'
/** Those that wait for a person change by nothing but what ends the wait, so `updatedAt` is when it began. */
const oldest = (status: string, why: string) => `SELECT * FROM (
  SELECT j.id, j.name, j.status, u.name AS ownerName, a.name AS agentName, j.updatedAt AS since, ${why} AS why
  FROM jobs j INDEXED BY jobs_people_since CROSS JOIN users u ON u.id = j.userId CROSS ${attemptOf} CROSS JOIN agents a ON a.id = t.agentId
  WHERE j.status IN ('IN_REVIEW', 'INPUT_REQUIRED') AND j.status = '${status}' ORDER BY j.updatedAt, j.id LIMIT :each)`
const forPeople = `${oldest('IN_REVIEW', 'NULL')} UNION ALL ${oldest('INPUT_REQUIRED', roughBeginning('t.question', maxWhy))}`

/** The newest, by the index of what failed: the planner would begin elsewhere, and sort. */
const failed = `SELECT j.id, j.name, j.status, u.name AS ownerName, a.name AS agentName, j.closedAt AS since,
    ${roughBeginning('t.error', maxWhy)} AS why
  FROM jobs j INDEXED BY jobs_failed CROSS JOIN users u ON u.id = j.userId CROSS ${attemptOf} CROSS JOIN agents a ON a.id = t.agentId
  WHERE j.status = 'FAILED' AND j.archivedAt IS NULL AND j.closedAt >= :from
  ORDER BY j.closedAt DESC, j.id DESC LIMIT :each`

const schedules = `SELECT s.id, s.name, u.name AS ownerName, ${failureColumn} AS failure
  FROM schedules s INDEXED BY schedules_failing CROSS JOIN users u ON u.id = s.ownerId
  WHERE ${isFailing('s')} ORDER BY s.createdAt DESC, s.id DESC LIMIT :each`

const fact = ['id', 'name', 'status', 'ownerName', 'agentName', 'since', 'why']
const sql = `SELECT ${jsonRows(fact, forPeople)} AS people, ${jsonRows(fact, failed)} AS failures,
  ${jsonRows(fact, waiting(0, each))} AS stuck, ${jsonRows(fact, waiting(1, 1))} AS first,
  ${jsonRows(['id', 'name', 'ownerName', 'failure'], schedules)} AS schedules, ${failingCount('all')} AS failingSchedules`

type Row = Record<'people' | 'failures' | 'stuck' | 'first' | 'schedules', string> & {
  failingSchedules: number
}
interface StoredSchedule {
  id: string
  name: string
  ownerName: string
  failure: string
}

/**
 * What needs someone, and the first in line of those that an active agent takes: each list at its index's end.
 * @param from since when failures count
 */
export async function needs(
  desk: Desk,
  at: number,
  from: number,
): Promise<{ needs: Needs; first: JobFact | null } & Pick<Overview, 'failingSchedules'>> {
  const row = await desk.db.first<Row>(sql, {
    ...{ at, each, from },
  })
  const read = (list: string | undefined) =>
    (JSON.parse(list ?? '[]') as JobFact[]).map((fact) => ({
      ...fact,
      why: fact.why && beginning(fact.why, maxWhy),
    }))
  const people = read(row?.people)
  return {
    needs: {
      reviews: people.filter(({ status }) => status === 'IN_REVIEW'),
      questions: people.filter(({ status }) => status === 'INPUT_REQUIRED'),
      failures: read(row?.failures),
      stuck: read(row?.stuck),
      schedules: (JSON.parse(row?.schedules ?? '[]') as StoredSchedule[]).flatMap(
        ({ failure, ...schedule }) => {
          const why = readFailure(failure)
          return why ? [{ ...schedule, ...why }] : []
        },
      ),
    },
    first: read(row?.first)[0] ?? null,
    failingSchedules: row?.failingSchedules ?? 0,
  }
}
