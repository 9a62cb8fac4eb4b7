import { lookup } from './lookup'

/** Field name to the messages about it, as forms and problem+json show them. */
export type FieldErrors = Record<string, string[]>

/** Adds a message to a field's; the field's name may come from outside. */
export function addError(errors: FieldErrors, field: string, message: string) {
  const value = [...(lookup(errors, field) ?? []), message]
  // an assignment to `__proto__` would be lost
  Object.defineProperty(errors, field, { value, enumerable: true, configurable: true, writable: true })
}

/** What a use-case refuses with. Doors map `code` to a status; the message is written for people. */
export abstract class DomainError extends Error {
  abstract readonly code: 'not_found' | 'forbidden' | 'conflict' | 'invalid' | 'throttled'
}

/** Not there, or not yours: a stranger can't tell which (404). */
export class NotFound extends DomainError {
  readonly code = 'not_found'
  constructor(what = 'This page') {
    super(`${what} does not exist, or it is not yours.`)
  }
}

/** You may see it but not do that to it (403). */
export class Forbidden extends DomainError {
  readonly code = 'forbidden'
}

/** One step that happened to a job; `at` is milliseconds since 1970 UTC. */
export interface Change {
  /** The job's version after it. */
  version: number
  what: string
  /** The person's or agent's name; null for Docket itself. */
  who: string | null
  at: number
}

interface ConflictDetails {
  /** The job it is about, where a page should link it. */
  jobId?: string
  /** The version that the thing has now: a form that shows the conflict sends this one next. */
  version?: number
  /** What happened since the version that the request was made on, oldest first. */
  changes?: Change[]
  /** How many there are, if another number was expected. */
  count?: number
  /** The schedules that stand in the way, as far as the person may see them. */
  schedules?: { id: string; name: string; ownerName: string }[]
}

/** The thing is no longer as the request assumed (409). */
export class Conflict extends DomainError {
  readonly code = 'conflict'
  readonly jobId: ConflictDetails['jobId']
  readonly version: ConflictDetails['version']
  readonly changes: Change[]
  readonly count: ConflictDetails['count']
  readonly schedules: ConflictDetails['schedules']
  constructor(
    message: string,
    /** Machine-readable reason: `wrong_status`, `stale_version`, `lost_race`, `lease_lost`, `idempotency_key_reused`, `count_changed` ... */
    readonly reason: string,
    about: ConflictDetails = {},
  ) {
    super(message)
    this.jobId = about.jobId
    this.version = about.version
    this.changes = about.changes ?? []
    this.count = about.count
    this.schedules = about.schedules
  }
}

/** A field is wrong (422). */
export class Invalid extends DomainError {
  readonly code = 'invalid'
  constructor(
    readonly fields: FieldErrors,
    message = 'Some fields need another look.',
  ) {
    super(message)
  }
}

/** Too many tries (429). */
export class Throttled extends DomainError {
  readonly code = 'throttled'
  constructor(
    message: string,
    /** Seconds until a next try makes sense. */
    readonly retryAfter: number,
  ) {
    super(message)
  }
}
