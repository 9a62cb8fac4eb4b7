import type { ActorKind } from '~db/vocabulary'
import type { AuditAction } from './audit-actions'

export type AuditSubjectKind =
  | 'user'
  | 'session'
  | 'token'
  | 'link'
  | 'agent'
  | 'backup'
  | 'job'
  | 'batch'
  | 'schedule'
  | 'template'

/** One thing that somebody did. */
export interface AuditView {
  id: string
  /** Milliseconds since 1970 UTC. */
  at: number
  actorKind: ActorKind
  /** Null for Docket itself, and where nobody is known: a sign-in that failed. */
  actorId: string | null
  actorName: string | null
  /** Of a person. */
  actorEmail: string | null
  action: AuditAction
  subjectKind: AuditSubjectKind | null
  subjectId: string | null
  /** As it is called now; null where it has no name, or is gone. */
  subjectName: string | null
  /** Of a person. */
  subjectEmail: string | null
  detail: Record<string, unknown> | null
  address: string | null
}

/** What a list of them is narrowed to; what is left out does not matter. */
export interface AuditFilter {
  /** A person's email address, anybody's id, or `system` for what nobody was signed in for. */
  actor?: string
  action?: AuditAction
  subject?: string
  /** The first moment that counts, milliseconds since 1970 UTC. */
  from?: number
  /** The first one that does not count any more. */
  until?: number
}
