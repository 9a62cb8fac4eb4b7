import { auditFilterInput } from '~/domain/audit-input'
import type { AuditFilter } from '~/domain/audit-view'
import { Invalid } from '~/domain/errors'
import { fieldErrorsOf } from './json-action.server'

/** What the audit's address narrows it to, for the page and for scripts. @throws {Invalid} by parameter */
export function auditFilter(url: URL): AuditFilter {
  const parsed = auditFilterInput.safeParse(Object.fromEntries(url.searchParams))
  if (parsed.success) return parsed.data
  throw new Invalid(fieldErrorsOf(parsed.error))
}
