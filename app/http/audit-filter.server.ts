import { auditFilterInput } from '~/domain/audit-input'
import type { AuditFilter } from '~/domain/audit-view'
import { type FieldErrors, Invalid } from '~/domain/errors'
import { fieldErrorsOf } from './json-action.server'

/** What the audit's address narrows it to. What means nothing is told by parameter: `errors` is empty where all is well. */
export function readAuditFilter(url: URL): { filter: AuditFilter; errors: FieldErrors } {
  const parsed = auditFilterInput.safeParse(Object.fromEntries(url.searchParams))
  if (parsed.success) return { filter: parsed.data, errors: {} }
  return { filter: {}, errors: fieldErrorsOf(parsed.error) }
}

/** The same for scripts. @throws {Invalid} by parameter */
export function auditFilter(url: URL): AuditFilter {
  const { filter, errors } = readAuditFilter(url)
  if (Object.keys(errors).length > 0) throw new Invalid(errors)
  return filter
}
