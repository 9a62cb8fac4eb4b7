import type { Desk } from '../desk'
import { Invalid } from '../errors'
import { type Created, createJob, type Idempotency } from '../jobs/create.server'
import type { UserActor } from '../policy'
import { fillTemplate } from './fill'
import { findTemplate } from './queries.server'

/**
 * Hands in a job made from a template.
 *
 * @param values by the variable's name
 * @throws {Invalid} at the variable's name, or at the job's field; {Conflict} as createJob; {NotFound}
 */
export async function makeJob(
  desk: Desk,
  actor: UserActor,
  templateId: string,
  values: Record<string, string>,
  idempotency?: Idempotency,
): Promise<Created> {
  const template = await findTemplate(desk, actor, templateId)
  const unknown = Object.keys(values).find((name) => !template.variables.some((each) => each.name === name))
  if (unknown !== undefined) throw new Invalid({ [unknown]: ['The template has no such variable.'] })
  const { input, errors } = fillTemplate(template, values)
  if (!input) throw new Invalid(errors)
  return createJob(desk, actor, input, idempotency, {
    templateId,
    words: ` from the template “${template.name}”`,
  })
}
