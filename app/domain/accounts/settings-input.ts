import { z } from 'zod'
import { densities, notificationChoices, themes } from '~db/vocabulary'
import { timeZoneField } from '../zones/input'

/** What people and scripts send about their settings. Pure. */

const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) =>
  z.enum(words, `Choose one of: ${words.join(', ')}.`)

const fields = {
  theme: oneOf(themes),
  density: oneOf(densities),
  timeZone: timeZoneField,
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
