import { z } from 'zod'
import { noSuchZone, timeZoneNamed } from './names'

/** A time zone as people and scripts send it: an IANA name. Pure. */
export const timeZoneField = z
  .string('Give a time zone.')
  .max(64, noSuchZone)
  .transform((value, context) => {
    const name = timeZoneNamed(value)
    if (name) return name
    context.addIssue({ code: 'custom', message: noSuchZone })
    return z.NEVER
  })
