import { z } from 'zod'
import { maxEmail } from './accounts/limits'
import { allAuditActions } from './audit-actions'
import type { AuditFilter } from './audit-view'
import { hasOffset, isDay, readDays, readMoment, type Span } from './zones/calendar'

const say = 'Give a day such as 2030-01-31, or a time such as 2030-01-31T09:00:00Z.'

/** A day of a time zone, or a moment with an offset from UTC: from its first millisecond to the first after it. */
const period = (timeZone: string) =>
  z.string().transform((text, context): Span => {
    const days = isDay(text) ? readDays(text, timeZone) : null
    if (days) return days
    const at = hasOffset(text) ? readMoment(text, timeZone) : null
    if (at !== null) return { from: at, to: at + 1 }
    context.addIssue({ code: 'custom', message: say })
    return z.NEVER
  })

const emptyToUndefined = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value
const given = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(emptyToUndefined, schema.optional())

/** What the page and scripts narrow the audit to, from a query string. Pure. @param timeZone whose days are meant */
export const auditFilterInput = (timeZone: string) =>
  z
    .object({
      actor: given(
        z
          .string()
          .trim()
          .max(maxEmail, `At most ${maxEmail} characters.`)
          .transform((text) => text.toLowerCase()),
      ),
      action: given(z.enum(allAuditActions, 'There is no such action.')),
      subject: given(z.string().trim().max(200, 'At most 200 characters.')),
      from: given(period(timeZone)),
      to: given(period(timeZone)),
    })
    .transform(({ from, to, ...same }): AuditFilter => ({ ...same, from: from?.from, until: to?.to }))
