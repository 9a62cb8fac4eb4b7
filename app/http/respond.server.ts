import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { data, redirect } from '@remix-run/node'
import { DomainError, Invalid, type Throttled } from '~/domain/errors'
import { DatabaseLost, isUnavailable, NewerVersion, OutcomeUnknown, readError } from '~db/errors'
import { RequestRefused } from './body.server'
import { logger } from './log.server'
import { logFailure } from './log-failure.server'

const statusByCode = { not_found: 404, forbidden: 403, conflict: 409, invalid: 422, throttled: 429 } as const

/** What every door says about an error: status, a sentence for people, and headers. */
export interface Refusal {
  status: number
  message: string
  headers: Record<string, string>
  /** Where nobody expected it: the id under which the log has it. */
  reference?: string
  /** Machine-readable: whether a 503 after a write is known to have changed nothing, or why the request itself was refused. */
  reason?: string
}

/** The one map from errors to answers. An unexpected one is logged under a reference id and never shown. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestRefused)
    return { status: error.status, message: error.message, headers: error.headers, reason: error.reason }
  if (error instanceof DomainError) {
    const headers: Record<string, string> =
      error.code === 'throttled' ? { 'Retry-After': String((error as Throttled).retryAfter) } : {}
    return { status: statusByCode[error.code], message: error.message, headers }
  }
  if (error instanceof NewerVersion) {
    return { status: 503, message: error.message, headers: { 'Retry-After': '5' } }
  }
  if (error instanceof DatabaseLost) {
    // the log has the whole path
    const saved = error.rescued
      ? `Everything in it was saved to ${basename(error.rescued)}; what you just changed may be in it.`
      : 'Its contents could not be saved; the log says more.'
    return {
      status: 503,
      message: `The database file was removed, replaced or moved, and Docket is stopping. ${saved}`,
      headers: { 'Retry-After': '30' },
    }
  }
  if (error instanceof OutcomeUnknown) {
    logFailure('request', error)
    return {
      status: 503,
      message: 'It may have been saved. Look before you send it again.',
      headers: { 'Retry-After': '5' },
      reason: 'outcome_unknown',
    }
  }
  if (isUnavailable(error)) {
    logFailure('request', error)
    return {
      status: 503,
      message:
        'The database does not answer or takes no changes now. Nothing was changed; try again in a moment.',
      headers: { 'Retry-After': '5' },
      reason: 'unavailable',
    }
  }
  if (readError(error).kind === 'too-large') {
    const message = 'It is larger than the database takes in one row. Nothing was changed; make it shorter.'
    return { status: 413, message, headers: {} }
  }
  const reference = randomUUID().slice(0, 8)
  logger().error({ reference, error: describe(error) }, 'unexpected error')
  return { status: 500, message: 'Something went wrong on our side.', headers: {}, reference }
}

/** Drizzle's messages hold bound parameters: only the cause's text and the stack's places are kept. */
function describe(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error }
  const fromDrizzle = error.name === 'DrizzleQueryError' || 'params' in error
  const source = fromDrizzle && error.cause instanceof Error ? error.cause : error
  return {
    type: error.name,
    message: fromDrizzle ? source.message.split('\n')[0] : source.message,
    stack: source.stack
      ?.split('\n')
      .filter((line) => line.trim().startsWith('at '))
      .join('\n'),
  }
}

/** What an ErrorBoundary shows; thrown from loaders. Redirects and responses pass. */
export function refusePage(error: unknown): unknown {
  if (error instanceof Response || isDataResponse(error)) return error
  const { status, message, headers, reference } = refusalOf(error)
  // an address that was refused has no form to say why in: the page says it
  const why = error instanceof Invalid ? Object.values(error.fields).flat().join(' ') : message
  return data({ message: why, reference }, { status, headers })
}

const isDataResponse = (error: unknown) =>
  typeof error === 'object' && error !== null && 'type' in error && error.type === 'DataWithResponseInit'

/** The same to a form that may have left everything as it was: then the page that it leads to says so. */
export function seeSaved(path: string, isChanged: boolean) {
  if (isChanged) return seeOther(path)
  const url = new URL(path, 'http://docket')
  url.searchParams.set('unchanged', '')
  url.searchParams.delete('saved')
  return seeOther(url.pathname + url.search + url.hash)
}

/** The answer to a form that did what it should: 303, so that a reload does not send it again. */
export const seeOther = (path: string, headers?: HeadersInit) => redirect(path, { status: 303, headers })
