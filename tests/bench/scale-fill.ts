import { ensureAdmin } from '~/domain/accounts/setup.server'
import { newId } from '~/domain/desk'
import { type Database, openDatabase } from '~db/client.server'
import { migrate } from '~db/migrate.server'
import { ADMIN } from '../support/server'
import { told } from './scale-stories'
import { bigOwner, needle, rareWord, seeded, tags, text, zipf } from './scale-words'

const owners = 50
/** The part of all jobs that are the big owner's. */
const bigShare = 0.4
const slice = 10_000
const hour = 3_600_000
const twoYears = 2 * 365 * 24 * hour
/** What waits must go on waiting while it is measured around it. */
const someDay = Date.UTC(2099, 0, 1)

/**
 * Makes a database with so many jobs over two years, their logs and attempts: straight into the tables, as nothing else
 * may be. The triggers keep the counters and the text index as ever; the lists' indexes are dropped meanwhile and made
 * again by their own DDL.
 */
export async function fill(file: string, jobs: number): Promise<void> {
  const db = await openDatabase({ url: `file:${file}` })
  try {
    await migrate(db)
    await ensureAdmin({ db, now: Date.now }, ADMIN)
    await db.client.execute('PRAGMA synchronous = OFF')
    await db.client.execute('PRAGMA cache_size = -500000')
    const cast = await addCast(db)
    const indexes = await db.all<{ name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%' AND tbl_name IN ('jobs', 'attempts', 'job_logs')",
    )
    for (const { name } of indexes) await db.client.execute(`DROP INDEX ${name}`)
    await addSteps(db)
    const generate = generator(cast, jobs)
    for (let from = 0; from < jobs; from += slice) {
      const rows = Array.from({ length: Math.min(slice, jobs - from) }, (_, n) => generate(from + n))
      const args = { rows: JSON.stringify(rows) }
      await db.client.batch(
        [insertJobs, insertAttempts, insertLogs].map((sql) => ({ sql, args })),
        'write',
      )
    }
    for (const { sql } of indexes) await db.client.execute(sql)
    await db.client.batch([agentHours, 'DROP TABLE steps'], 'write')
    await db.release()
  } finally {
    db.close()
  }
}

interface Cast {
  /** The big one first. */
  owners: string[]
  agents: string[]
}

/** All with the admin's password, and agents of which none takes what is here. */
async function addCast(db: Database): Promise<Cast> {
  const at = Date.now()
  const people = Array.from({ length: owners }, (_, n) => ({
    id: newId(at),
    email: n === 0 ? bigOwner : `owner${n + 1}@example.com`,
    name: `Owner ${n + 1}`,
  }))
  const agents = ['Atlas', 'Boreas', 'Ceres', 'Dione', 'Eos', 'Faunus'].map((name) => ({
    id: newId(at),
    name,
  }))
  await db.client.batch(
    [
      {
        sql: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt)
          SELECT p.value ->> 'id', p.value ->> 'email', p.value ->> 'name', a.passwordHash, 'USER', :at, :at
          FROM json_each(:people) p, users a WHERE a.role = 'ADMIN'`,
        args: { people: JSON.stringify(people), at },
      },
      {
        sql: `INSERT INTO agents (id, name, kind, state, createdAt, updatedAt)
          SELECT value ->> 'id', value ->> 'name', 'toolbox', 'PAUSED', :at, :at FROM json_each(:agents)`,
        args: { agents: JSON.stringify(agents), at },
      },
    ],
    'write',
  )
  return { owners: people.map(({ id }) => id), agents: agents.map(({ id }) => id) }
}

async function addSteps(db: Database) {
  const steps = told.flatMap(({ rows }, story) => rows.map((row) => ({ story, ...row })))
  await db.client.batch(
    [
      `CREATE TABLE steps (story INTEGER, number INTEGER, kind TEXT, status TEXT, attempt INTEGER, version INTEGER,
        failures INTEGER, PRIMARY KEY (story, number)) WITHOUT ROWID`,
      {
        sql: `INSERT INTO steps SELECT value ->> 'story', value ->> 'number', value ->> 'kind', value ->> 'status',
          value ->> 'attempt', value ->> 'version', value ->> 'failures' FROM json_each(?)`,
        args: [JSON.stringify(steps)],
      },
    ],
    'write',
  )
}

/** @returns what makes the nth of so many jobs, from the oldest to the newest, as columns in the order of `insertJobs` */
function generator(cast: Cast, jobs: number) {
  const random = seeded(jobs)
  const begun = Date.now() - twoYears
  const byShare = told.flatMap(({ share, hasAgent }, story) =>
    Array(hasAgent ? share * 4 : share).fill(story),
  )
  return (n: number) => {
    const at = begun + Math.floor((n / jobs) * (twoYears - hour))
    const id = newId(at)
    const story = byShare[Math.floor(random() * byShare.length)] as number
    const { status, version, failures, attempts, hasAgent } = told[story] as (typeof told)[number]
    const words = [
      ...(n % 500 === 250 ? [rareWord] : []),
      ...(n === Math.floor(jobs / 3) ? [needle] : []),
      text(25 + Math.floor(random() * 30), random),
    ]
    const waits = attempts.length === 0
    const ended = at + version * 60_000
    const closed = ['COMPLETED', 'FAILED', 'CANCELED'].includes(status)
    const labels = [zipf(tags, random), zipf(tags, random), zipf(tags, random)]
    return [
      ...[id, random() < bigShare ? cast.owners[0] : zipf(cast.owners.slice(1), random)],
      ...[text(3 + Math.floor(random() * 5), random), words.join(' '), 'It says what was asked for'],
      status,
      attempts.at(-1) === 'SUBMITTED' ? JSON.stringify(text(20, random)) : null,
      Math.max(0, Math.floor(random() * 14) - 4),
      waits ? someDay : null,
      hasAgent ? zipf(cast.agents, random) : null,
      ...[failures, attempts.length, version, at, ended, closed ? ended : null],
      JSON.stringify([...new Set(labels.slice(Math.floor(random() * 4)))].sort()),
      random() < 0.3
        ? JSON.stringify({
            customer: `c${Math.floor(200 ** random())}`,
            env: random() < 0.8 ? 'prod' : 'test',
          })
        : '{}',
      ...[story, attempts],
    ]
  }
}

const column = (at: number) => `r.value ->> ${at}`
const columns = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, n) => column(from + n)).join(', ')
const [at, story, attempts] = [column(13), column(18), column(19)]
/** Who worked on it: the agent that it names, or one that takes whatever names none. */
const worker = `coalesce(${column(9)}, (SELECT min(id) FROM agents WHERE state = 'PAUSED'))`

const insertJobs = `INSERT INTO jobs (id, userId, name, description, acceptanceCriteria, status, result, priority,
    runAfter, assignedAgentId, failures, attemptCount, version, createdAt, updatedAt, closedAt, tags, metadata, writeId)
  SELECT ${columns(0, 18)}, ${column(0)} FROM json_each(:rows) r`

const insertAttempts = `INSERT INTO attempts (id, jobId, number, agentId, workerId, leaseToken, leaseExpiresAt, outcome, result,
    error, question, startedAt, endedAt)
  SELECT ${column(0)} || '.' || (t.key + 1), ${column(0)}, t.key + 1, ${worker}, 'scale', '', ${at}, t.value,
    iif(t.value = 'SUBMITTED', ${column(6)}, NULL), iif(t.value = 'FAILED', 'It did not work out', NULL),
    iif(t.value = 'WAITING', 'Which one?', NULL), ${at} + t.key * 60000, ${at} + t.key * 60000 + 45000
  FROM json_each(:rows) r, json_each(${attempts}) t`

const insertLogs = `INSERT INTO job_logs (id, jobId, ownerId, number, kind, status, message, actorKind, actorId, agentId, attempt,
    assignedAgentId, version, failures, runAfter, createdAt)
  SELECT ${column(0)} || '.' || s.number, ${column(0)}, ${column(1)}, s.number, s.kind, s.status,
    iif(s.kind = 'message', 'Reading what is to be done', NULL),
    iif(s.kind IN ('create', 'edit', 'accept', 'cancel'), 'user', 'agent'),
    iif(s.kind IN ('create', 'edit', 'accept', 'cancel'), ${column(1)}, ${worker}),
    iif(s.attempt IS NULL, NULL, ${worker}), s.attempt, ${column(9)}, s.version, s.failures, ${column(8)},
    ${at} + (s.number - 1) * 30000
  FROM json_each(:rows) r CROSS JOIN steps s WHERE s.story = ${story}`

/** Kept by a trigger on the end of attempts, which these had from the start; the reviews are counted by the log. */
const agentHours = `INSERT INTO agent_hours (agentId, hour, done, failed)
  SELECT agentId, endedAt / 3600000, sum(outcome IN ('SUBMITTED', 'WAITING')), sum(outcome = 'FAILED')
  FROM attempts WHERE true GROUP BY agentId, endedAt / 3600000
  ON CONFLICT (agentId, hour) DO UPDATE SET done = excluded.done, failed = excluded.failed`
