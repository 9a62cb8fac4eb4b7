import { z } from 'zod'
import { catchUpPolicies } from '~db/vocabulary'
import { variableValues } from '../templates/input'
import { timeZoneField } from '../zones/input'
import { cronProblem, normalCron } from './cron'

/** What people and scripts send about schedules. Pure. */

const numeric = (value: unknown) =>
  value === '' ? undefined : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value

const anObject = 'Send an object with the fields.'

const cron = z
  .string('Give a cron expression.')
  .max(100, 'At most 100 characters.')
  .transform(normalCron)
  .superRefine((value, context) => {
    const message = value === '' ? 'Give a cron expression.' : cronProblem(value)
    if (message) context.addIssue({ code: 'custom', message })
  })

const fields = {
  name: z
    .string('Give the schedule a name.')
    .overwrite((value) => value.toWellFormed().trim())
    .min(1, 'Give the schedule a name.')
    .max(200, 'At most 200 characters.')
    .refine((value) => !/\p{Cc}/u.test(value), 'It holds a control character.'),
  /** The template says what fits. */
  values: variableValues,
  cron,
  timeZone: timeZoneField,
  catchUp: z.enum(catchUpPolicies, `Catch-up is ${catchUpPolicies.join(', ')}.`),
}

/** Where given, it must match. */
const version = z.preprocess(numeric, z.int('The version is a whole number.').min(1).nullish())

export const newScheduleInput = z.object(
  {
    ...fields,
    templateId: z
      .string('Choose a template.')
      .min(1, 'Choose a template.')
      .max(64, 'There is no such template.'),
    values: fields.values.default({}),
    timeZone: timeZoneField.default('UTC'),
    catchUp: fields.catchUp.default('latest'),
  },
  anObject,
)
export type NewScheduleInput = z.output<typeof newScheduleInput>

/** Only what is given changes; the template stays. */
export const scheduleChangeInput = z.object({ ...fields, version }, anObject).partial()
export type ScheduleChangeInput = z.output<typeof scheduleChangeInput>

export const scheduleVerbInput = z.object({ version }, anObject)

/** By form: `lastAt`, empty where there is none, must be the schedule's, so that a second click makes no second job. */
export const runNowForm = z.object({
  lastAt: z.preprocess(
    (value) => (value === '' || value === undefined ? null : numeric(value)),
    z.int('lastAt is a number.').nullable(),
  ),
})
/** By JSON: the same as an answer has it, where a script wants it so. */
export const runNowJson = z.object(
  {
    lastAt: z.iso
      .datetime({ offset: true, error: 'lastAt is a time as ISO 8601, or null.' })
      .transform((value) => Date.parse(value))
      .nullish(),
  },
  anObject,
)

/** What the next due times are asked of. */
export const timingInput = z.object({ cron, timeZone: timeZoneField.default('UTC') })
export type Timing = z.output<typeof timingInput>
