import { z } from 'zod'
import { maxEmail } from './accounts/limits'
import { allAuditActions } from './audit-actions'
import type { AuditFilter } from './audit-view'

const day = 24 * 3_600_000
const say = 'Give a day such as 2030-01-31, or a time such as 2030-01-31T09:00:00Z.'
const shape = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/

/** A day, in UTC, or a moment: from its first millisecond to the first after it. */
const period = z.string().transform((text, context) => {
  const from = shape.test(text) ? Date.parse(text) : Number.NaN
  // Date.parse takes February 31 for March 3
  const isDay = text.length > 10 || (!Number.isNaN(from) && new Date(from).toISOString().startsWith(text))
  if (!Number.isNaN(from) && isDay) return { from, until: text.length === 10 ? from + day : from + 1 }
  context.addIssue({ code: 'custom', message: say })
  return z.NEVER
})

const emptyToUndefined = (value: unknown) =>
  typeof value === 'string' && value.trim() === '' ? undefined : value
const given = <Schema extends z.ZodType>(schema: Schema) => z.preprocess(emptyToUndefined, schema.optional())

/** What the page and scripts narrow the audit to, from a query string. Pure. */
export const auditFilterInput = z
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
    from: given(period),
    to: given(period),
  })
  .transform(({ from, to, ...same }): AuditFilter => ({ ...same, from: from?.from, until: to?.until }))
