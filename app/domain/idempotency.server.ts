import type { Desk } from './desk'
import { Conflict } from './errors'
import type { UserActor } from './policy'
import type { Args } from './sql'

/** A request that says it was seen before: same key and body, same answer; the keys live 24 hours. */
export interface IdempotencyKey {
  key: string
  /** `POST /api/jobs`, or the form's path. */
  route: string
  /** SHA-256 (hex) of the request's body. */
  bodyHash: string
}

export interface Answer {
  status: number
  body: string
}

export const idempotencyHours = 24

/**
 * The arguments of the statements below, but for `:actorId` and `:at`.
 *
 * @param answer kept with the key, so that a repetition gets the same
 * @param subjectId what the request makes
 */
export const keyArgs = (
  { key, route, bodyHash }: IdempotencyKey,
  answer: Answer,
  subjectId: string,
  at: number,
): Args => ({
  ...{ key, route, bodyHash, keyStatus: answer.status, keyBody: answer.body, subjectId },
  expired: at - idempotencyHours * 3_600_000,
})

const byKey = 'userId = :actorId AND route = :route AND key = :key'
const forgetExpiredKey = `DELETE FROM idempotency_keys WHERE ${byKey} AND createdAt < :expired`
const keepKey = `INSERT INTO idempotency_keys (userId, route, key, bodyHash, status, body, subjectId, createdAt)
  VALUES (:actorId, :route, :key, :bodyHash, :keyStatus, :keyBody, :subjectId, :at) ON CONFLICT DO NOTHING`

/** Keep the key, unless another request has it: first in the unit. */
export const keepingKey = [forgetExpiredKey, keepKey]
/** Whether it was this request that kept the key: the guard of what follows. */
export const keyIsOurs = `EXISTS (SELECT 1 FROM idempotency_keys WHERE ${byKey} AND subjectId = :subjectId)`
/** A key whose job was refused must not stand in the way of the corrected request. */
export const dropUnusedKey = `DELETE FROM idempotency_keys WHERE ${byKey} AND subjectId = :subjectId
  AND NOT EXISTS (SELECT 1 FROM jobs WHERE id = :subjectId)`

/** What was answered to the first request with this key. @throws {Conflict} where the key came with another body */
export async function earlierAnswer(
  desk: Desk,
  actor: UserActor,
  { route, key, bodyHash }: IdempotencyKey,
): Promise<{ id: string; answer: Answer } | undefined> {
  const seen = await desk.db.first<{ bodyHash: string; status: number; body: string; subjectId: string }>(
    'SELECT bodyHash, status, body, subjectId FROM idempotency_keys WHERE userId = ? AND route = ? AND key = ?',
    [actor.id, route, key],
  )
  if (!seen) return undefined
  if (seen.bodyHash !== bodyHash) {
    throw new Conflict(
      'This idempotency key was used before with other content. Use a new key for a new request.',
      'idempotency_key_reused',
      { jobId: seen.subjectId },
    )
  }
  return { id: seen.subjectId, answer: { status: seen.status, body: seen.body } }
}
