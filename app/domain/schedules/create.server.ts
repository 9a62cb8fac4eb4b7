import { type Desk, newId } from '../desk'
import { addError, Conflict, type FieldErrors, Invalid, NotFound } from '../errors'
import type { UserActor } from '../policy'
import { jsonArg, statement } from '../sql'
import { fillTemplate, normalValues } from '../templates/fill'
import { findTemplate } from '../templates/queries.server'
import type { TemplateView } from '../templates/view'
import { dueAfter } from './cron'
import type { NewScheduleInput } from './input'
import { findSchedule } from './queries.server'
import type { ScheduleView } from './view'

/** So many of one person's at the most. */
export const mostSchedules = 200

/** @throws {Invalid} where the template is not there or the values don't fit it, {Conflict} past the most */
export async function createSchedule(
  desk: Desk,
  actor: UserActor,
  input: NewScheduleInput,
): Promise<ScheduleView> {
  const { templateId, name, cron, timeZone, catchUp } = input
  const values = fittingValues(await templateFor(desk, actor, templateId), input.values)
  const at = desk.now()
  const id = newId(at)
  const args = {
    ...{ id, ownerId: actor.id, name, templateId, cron, timeZone, catchUp, at, most: mostSchedules },
    values: jsonArg(values),
    nextAt: dueAfter(cron, timeZone, at, 1)[0] ?? null,
  }
  const { rows } = await desk.db.write({
    statements: [statement(insert, args)],
    outcome: statement('SELECT id FROM schedules WHERE id = :id', args),
  })
  if (rows.length === 0) {
    // the template may have been removed meanwhile
    await templateFor(desk, actor, templateId)
    throw new Conflict(`${mostSchedules} schedules are the most. Remove one that is not needed.`, 'too_many')
  }
  return findSchedule(desk, actor, id)
}

const insert = `INSERT INTO schedules
    (id, ownerId, name, templateId, "values", cron, timeZone, catchUp, nextAt, createdAt, updatedAt)
  SELECT :id, :ownerId, :name, :templateId, :values, :cron, :timeZone, :catchUp, :nextAt, :at, :at
  WHERE (SELECT count(*) FROM schedules WHERE ownerId = :ownerId AND deletedAt IS NULL) < :most
    AND EXISTS (SELECT 1 FROM templates WHERE id = :templateId AND deletedAt IS NULL)`

/** @throws {Invalid} */
async function templateFor(desk: Desk, actor: UserActor, id: string): Promise<TemplateView> {
  try {
    return await findTemplate(desk, actor, id)
  } catch (error) {
    if (error instanceof NotFound) throw new Invalid({ templateId: ['There is no such template.'] })
    throw error
  }
}

/**
 * What would be refused at each run is refused at once, at the field `values.<name>`.
 *
 * @returns the values as they are kept
 * @throws {Invalid}
 */
export function fittingValues(
  template: TemplateView,
  values: Record<string, string>,
): Record<string, string> {
  const names = new Set(template.variables.map(({ name }) => name))
  const foreign = Object.keys(values).filter((name) => !names.has(name))
  const { errors } = fillTemplate(template, values)
  const fields: FieldErrors = {}
  for (const name of foreign) fields[`values.${name}`] = ['The template has no such variable.']
  for (const [field, messages] of Object.entries(errors)) {
    if (names.has(field)) fields[`values.${field}`] = messages
    // with these values the job itself would be refused
    else for (const each of messages) addError(fields, 'values', `The job’s ${field}: ${each}`)
  }
  if (Object.keys(fields).length > 0) throw new Invalid(fields)
  return normalValues(template, values)
}
