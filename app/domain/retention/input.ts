import { z } from 'zod'
import { maxRetentionDays, type RetentionSettings } from './view'

/** What people and scripts send about retention. Pure. */

const days = z
  .int('Give a whole number of days.')
  .min(1, 'Give at least 1 day.')
  .max(maxRetentionDays, `Give at most ${maxRetentionDays.toLocaleString('en')} days.`)
  .nullable()
const whole = (value: unknown) =>
  typeof value !== 'string' ? value : value.trim() === '' ? null : Number(value)
const typed = z.preprocess((value) => whole(value ?? ''), days)
const version = z.preprocess(whole, z.int('The version is a whole number.').min(1).nullish())

/** A form sends both; an empty field is never. */
export const retentionForm = z.object({
  archiveAfterDays: typed,
  purgeAfterDays: typed,
  version,
  /** That jobs are purged for good. */
  confirmed: z.literal('on').optional(),
})

/** JSON: any of them. */
export const retentionPatch = z.strictObject(
  { archiveAfterDays: days.optional(), purgeAfterDays: days.optional(), version: version.optional() },
  'Send an object with the fields.',
)
export type RetentionInput = Partial<RetentionSettings> & { version?: number | null }
