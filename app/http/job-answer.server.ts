import type { Desk } from '~/domain/desk'
import { Invalid } from '~/domain/errors'
import { findJob } from '~/domain/jobs/queries.server'
import { isJsonResult, readResult } from '~/domain/jobs/results.server'
import type { JobView } from '~/domain/jobs/view'
import type { UserActor } from '~/domain/policy'
import { RawJson, storedJson, wellFormedSlices } from './json-text'
import { presentJob } from './present'

/** Jobs and attempts as scripts get them: with results that are short, or that `include=result` asks for. */

interface Asked {
  desk: Desk
  actor: UserActor
  url: URL
}

/** Whether `include=result` is asked for. @throws {Invalid} where anything else is */
export function includesResult({ searchParams }: URL): boolean {
  const asked = searchParams.getAll('include')
  if (asked.some((each) => each !== 'result')) throw new Invalid({ include: ['The only value is result.'] })
  return asked.length > 0
}

/** The JSON shape of a job. @throws {NotFound | Invalid} */
export async function jobAnswer(asked: Asked, id: string) {
  return presentFoundJob(asked, await findJob(asked.desk, asked.actor, id))
}

/** The same of a job that was read. @throws {NotFound | Invalid} */
export async function presentFoundJob({ desk, actor, url }: Asked, job: JobView) {
  const isWhole = job.resultBytes === null || job.result !== null
  if (!includesResult(url) || isWhole) return presentJob(job)
  return presentJob(job, await wholeResult(desk, actor, job.id))
}

/** A result of any length as stored, for an answer. @throws {NotFound} */
export async function wholeResult(desk: Desk, actor: UserActor, id: string, attempt?: number) {
  const slices = await readResult(desk, actor, id, attempt)
  const isJson = await isJsonResult(desk, id, attempt)
  return isJson ? new RawJson(wellFormedSlices(slices)) : storedJson(Buffer.concat(slices).toString())
}
