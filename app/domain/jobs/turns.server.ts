import type { JobLog } from '~db/schema'
import { eventKinds } from '~db/vocabulary'
import { beginning } from '../beginning'
import { roughBeginning } from '../sql'
import { logGroups } from './log-filter'
import type { LifeTurn, TurnView } from './view'

/** What changed a job `j`, and how far it is, each a value in a larger statement. The indexes `job_logs_turns` and `job_logs_marks` are for them. */

const quoted = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ')

/** What changed the job, and not what was said: the words of the index. */
export const turnsOnly = (alias: string) => `${alias}.kind NOT IN (${quoted(eventKinds)})`

/**
 * A column of the log's row of an earlier version, in SQL.
 * @param job the alias of the job's row
 * @param back how many versions before the one that the row has
 */
export const stateBefore = (column: keyof JobLog, { job = 'jobs', back = 1 } = {}) =>
  `(SELECT l.${column} FROM job_logs l WHERE l.jobId = ${job}.id AND ${turnsOnly('l')}
    AND l.version = ${job}.version - ${back} ORDER BY l.number DESC LIMIT 1)`

/** A column of the newest change's row, in SQL. */
export const newestChange = (column: keyof JobLog, jobId = 'jobs.id') =>
  `(SELECT l.${column} FROM job_logs l WHERE l.jobId = ${jobId} AND ${turnsOnly('l')} ORDER BY l.number DESC LIMIT 1)`

/** Of the rows of the kinds of `errors` those that say what went wrong: a job may be given back for good reasons. */
export const saysWhatWentWrong = (alias: string) =>
  `(${alias}.kind <> 'release' OR ${alias}.status = 'FAILED')`

/** So many are listed, their texts cut. */
export const mostTurns = 50
const maxMessage = 160

/** So many are drawn: of a job that changed more often its newest part. */
export const mostLived = 5000

export const turnColumns = [
  ...([
    'number',
    'kind',
    'status',
    'actorKind',
    'actorId',
    'actorName',
    'agentId',
    'attempt',
    'message',
  ] as const),
  'createdAt',
] satisfies (keyof TurnView)[]

/** Newest first. */
export const turnsOf = `SELECT l.number, l.kind, l.status, l.actorKind, l.actorId, coalesce(u.name, a.name) AS actorName, l.agentId,
    l.attempt, ${roughBeginning('l.message', maxMessage)} AS message, l.createdAt
  FROM job_logs l
  LEFT JOIN users u ON l.actorKind = 'user' AND u.id = l.actorId
  LEFT JOIN agents a ON l.actorKind = 'agent' AND a.id = l.actorId
  WHERE l.jobId = j.id AND ${turnsOnly('l')} ORDER BY l.number DESC LIMIT ${mostTurns}`

/** @param text rows of `turnsOf` @returns oldest first */
export const readTurns = (text: string): TurnView[] =>
  (JSON.parse(text) as TurnView[])
    .reverse()
    .map((turn) => ({ ...turn, message: turn.message && beginning(turn.message, maxMessage) }))

/** Its whole life, newest first, in no more words than a drawing needs: there may be thousands. */
export const lifeOf = `(SELECT json_group_array(json_array(kind, status, attempt, createdAt)) FROM (
  SELECT l.kind, l.status, l.attempt, l.createdAt FROM job_logs l
  WHERE l.jobId = j.id AND ${turnsOnly('l')} ORDER BY l.number DESC LIMIT ${mostLived}))`

/** @param text what `lifeOf` gave @returns oldest first */
export const readLife = (text: string): LifeTurn[] =>
  (JSON.parse(text) as [LifeTurn['kind'], LifeTurn['status'], number | null, number][])
    .reverse()
    .map(([kind, status, attempt, createdAt]) => ({ kind, status, attempt, createdAt }))

export const newestErrorOf = `(SELECT e.number FROM job_logs e
  WHERE e.jobId = j.id AND ${turnsOnly('e')} AND e.kind IN (${quoted(logGroups.errors)}) AND ${saysWhatWentWrong('e')}
  ORDER BY e.number DESC LIMIT 1)`

/**
 * What the live attempt said last of how far it is, a JSON object or null. The newest one of the whole job is looked at
 * alone: there may be thousands of earlier attempts' before it.
 */
export const progressOfLive = `(SELECT json_object('number', number, 'message', message, 'createdAt', createdAt) FROM (
  SELECT p.number, p.message, p.createdAt, p.attempt FROM job_logs p
  WHERE p.jobId = j.id AND p.kind IN ('progress', 'late') AND p.kind = 'progress' ORDER BY p.number DESC LIMIT 1)
  WHERE j.status = 'IN_PROGRESS' AND attempt = j.attemptCount)`
