import { auditFilterInput } from '~/domain/audit-input'
import type { AuditFilter } from '~/domain/audit-view'
import { type FieldErrors, Invalid } from '~/domain/errors'
import { fieldErrorsOf } from './json-action.server'

/** What the audit's address narrows it to. What means nothing is told by parameter: `errors` is empty where all is well. @param timeZone whose days are meant */
export function readAuditFilter(url: URL, timeZone: string): { filter: AuditFilter; errors: FieldErrors } {
  const parsed = auditFilterInput(timeZone).safeParse(Object.fromEntries(url.searchParams))
  if (parsed.success) return { filter: parsed.data, errors: {} }
  return { filter: {}, errors: fieldErrorsOf(parsed.error) }
}

/** The same for scripts. @throws {Invalid} by parameter */
export function auditFilter(url: URL, timeZone: string): AuditFilter {
  const { filter, errors } = readAuditFilter(url, timeZone)
  if (Object.keys(errors).length > 0) throw new Invalid(errors)
  return filter
}
