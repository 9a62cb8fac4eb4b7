import { z } from 'zod'
import { type FieldErrors, Invalid } from '../errors'
import { newScheduleInput, scheduleChangeInput, timingInput } from './input'
import { showTyped, valueField } from './view'

/**
 * A schedule as its form sends it: each value in a field of its own. `show` asks for the next runs and saves nothing: of
 * the expression that is typed, or of one of the usual ones, which is its value then. Pure.
 */

type Sent = Record<string, unknown>

const scheduleForm = <Input>(schema: z.ZodType<Input>) =>
  z.unknown().transform((sent, context) => {
    const fields = sent as Sent
    const refuse = (error: z.ZodError) => {
      for (const { path, message } of error.issues)
        context.addIssue({ code: 'custom', path: [fieldFor(path.join('.'))], message })
      return z.NEVER
    }
    if (typeof fields.show === 'string') {
      const cron = fields.show === showTyped ? fields.cron : fields.show
      const timing = timingInput.safeParse({ ...fields, cron })
      return timing.success ? { show: timing.data, sent: { ...fields, cron } } : refuse(timing.error)
    }
    const parsed = schema.safeParse({ ...fields, values: valuesIn(fields) })
    return parsed.success ? { save: parsed.data } : refuse(parsed.error)
  })

export const newScheduleForm = scheduleForm(newScheduleInput)
export const scheduleChangeForm = scheduleForm(scheduleChangeInput)

const prefix = valueField('')

const valuesIn = (fields: Sent) =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([field]) => field.startsWith(prefix))
      .map(([field, value]) => [field.slice(prefix.length), value]),
  )

/** `values.topic` is at the field `value_topic`. */
const fieldFor = (place: string) =>
  place.startsWith('values.') ? valueField(place.slice('values.'.length)) : place

/** Waits for a verb; a value that it refuses is said at the value's field. */
export async function atFields<Done>(verb: Promise<Done>): Promise<Done> {
  try {
    return await verb
  } catch (error) {
    if (!(error instanceof Invalid)) throw error
    const fields: FieldErrors = {}
    for (const [place, messages] of Object.entries(error.fields)) fields[fieldFor(place)] = messages
    throw new Invalid(fields)
  }
}
