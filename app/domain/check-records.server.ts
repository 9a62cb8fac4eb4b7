import type { Database } from '~db/client.server'

interface Rule {
  /** What is wrong with a row that `sql` finds, as a sentence's end. */
  problem: string
  /** Selects `id` of each record that breaks the rule. */
  sql: string
}

const closed = "('COMPLETED', 'FAILED', 'CANCELED')"

const rules: Rule[] = [
  {
    problem: 'does not have exactly the one running attempt that its status asks for',
    sql: `SELECT j.id FROM jobs j LEFT JOIN (SELECT jobId, count(*) AS live FROM attempts WHERE endedAt IS NULL GROUP BY jobId) t
        ON t.jobId = j.id
      WHERE coalesce(t.live, 0) <> (j.status = 'IN_PROGRESS')`,
  },
  {
    problem: 'has another number of attempts than it counts',
    sql: `SELECT j.id FROM jobs j LEFT JOIN (SELECT jobId, count(*) AS n FROM attempts GROUP BY jobId) t ON t.jobId = j.id
      WHERE coalesce(t.n, 0) <> j.attemptCount`,
  },
  {
    problem: 'is closed without a time, or open with one',
    sql: `SELECT id FROM jobs WHERE (closedAt IS NOT NULL) <> (status IN ${closed})`,
  },
  {
    problem: 'waits for review without a result',
    sql: "SELECT id FROM jobs WHERE status = 'IN_REVIEW' AND result IS NULL",
  },
  {
    problem: 'has a gap in its log',
    sql: `SELECT j.id FROM jobs j LEFT JOIN (SELECT jobId, count(*) AS n, max(number) AS last FROM job_logs GROUP BY jobId) l
        ON l.jobId = j.id
      WHERE l.n IS NULL OR l.n <> l.last`,
  },
  {
    problem: 'is not in the state that its log ends with',
    sql: `SELECT j.id FROM (SELECT jobId, max(number), status, version, failures, assignedAgentId, runAfter FROM job_logs GROUP BY jobId) l
        JOIN jobs j ON j.id = l.jobId
      WHERE (j.status, j.version, j.failures) <> (l.status, l.version, l.failures)
        OR j.assignedAgentId IS NOT l.assignedAgentId OR j.runAfter IS NOT l.runAfter`,
  },
  {
    problem: 'owns another number of jobs than are counted',
    sql: `SELECT DISTINCT ownerId AS id FROM (
        SELECT ownerId, status, count FROM job_counts WHERE ownerId <> '*' AND count <> 0
        EXCEPT SELECT userId, status, count(*) FROM jobs WHERE archivedAt IS NULL GROUP BY userId, status)`,
  },
]

/** Enough to see what kind of damage it is. */
const shown = 20

/**
 * Checks a whole database file: its pages and indexes, references between tables, and Docket's own rules. It reads
 * everything, some of it several times, and blocks meanwhile: for a stopped server.
 *
 * @returns a sentence for each problem, 20 of a kind at most; none if all is well
 */
export async function checkRecords(db: Database): Promise<string[]> {
  const pages = await db.all<{ integrity_check: string }>(`PRAGMA integrity_check(${shown})`)
  const damage = pages.map((row) => row.integrity_check).filter((text) => text !== 'ok')
  // on damaged pages the rest would find what is not there
  if (damage.length > 0) return damage.map((text) => `The file is damaged: ${text}`)
  const found: string[] = []
  const references = await db.all<{ table: string; rowid: number; parent: string }>(
    'PRAGMA foreign_key_check',
  )
  for (const { table, rowid, parent } of references.slice(0, shown)) {
    found.push(`Row ${rowid} of ${table} refers to a row of ${parent} that does not exist.`)
  }
  for (const { sql, problem } of rules) {
    const rows = await db.all<{ id: string }>(`${sql} LIMIT ${shown}`)
    found.push(...rows.map(({ id }) => `${id} ${problem}.`))
  }
  return found
}
