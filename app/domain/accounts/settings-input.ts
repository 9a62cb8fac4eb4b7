import { z } from 'zod'
import { densities, notificationChoices, themes } from '~db/vocabulary'
import { timeZoneNamed } from '../schedules/cron'

/** What people and scripts send about their settings. Pure. */

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, `Choose one of: ${words.join(', ')}.`)

const fields = {
  theme: oneOf(themes),
  density: oneOf(densities),
  timeZone: z
    .string('Give a time zone.')
    .max(64, 'There is no such time zone.')
    .transform((value, context) => {
      const name = timeZoneNamed(value)
      if (name) return name
      context.addIssue({
        code: 'custom',
        message: 'There is no such time zone. Give an IANA name, such as Europe/Berlin.',
      })
      return z.NEVER
    }),
  notifications: oneOf(notificationChoices),
}

/** A form sends all of them, and nothing for a box that is not ticked. */
export const settingsForm = z.object({ ...fields, shortcuts: z.boolean().default(false) })

/** JSON: any of them. */
export const settingsPatch = z
  .strictObject(
    { ...fields, shortcuts: z.boolean('shortcuts is true or false.') },
    'Send an object with the fields.',
  )
  .partial()
