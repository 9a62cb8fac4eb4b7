import { createHash } from 'node:crypto'
import { Invalid } from '~/domain/errors'
import type { IdempotencyKey } from '~/domain/idempotency.server'
import type { Idempotency } from '~/domain/jobs/create.server'
import { toJson } from './json-text'
import { presentJob } from './present'

const hash = (text: string) => createHash('sha256').update(text).digest('hex')

/** The `Idempotency-Key` header of a JSON create. @throws {Invalid} where it is longer than 200 characters */
export function jsonKey(request: Request, route: string, text: string): IdempotencyKey | undefined {
  const key = request.headers.get('idempotency-key')?.trim()
  if (!key) return undefined
  if (key.length > 200) throw new Invalid({ 'Idempotency-Key': ['At most 200 characters.'] })
  return { key, route, bodyHash: hash(text) }
}

/** The same, for one job. @throws {Invalid} as `jsonKey` */
export function jsonIdempotency(request: Request, route: string, text: string): Idempotency | undefined {
  const key = jsonKey(request, route, text)
  return key && { ...key, answer: (job) => ({ status: 201, body: toJson(presentJob(job)) }) }
}

/** The hidden `idempotencyKey` of a form: a double click or a reload makes one job, without JavaScript. */
export function formIdempotency(form: FormData, route: string): Idempotency | undefined {
  const key = form.get('idempotencyKey')
  if (typeof key !== 'string' || key === '' || key.length > 200) return undefined
  const fields = [...form].filter(([name]) => name !== 'idempotencyKey')
  return {
    key,
    route,
    bodyHash: hash(JSON.stringify(fields.map(([name, value]) => [name, String(value)]))),
    answer: (job) => ({ status: 303, body: job.id }),
  }
}
