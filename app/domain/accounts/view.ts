import type { Role } from '~db/vocabulary'
import type { TokenScope } from './limits'

/** A user as every door knows them. */
export interface Person {
  id: string
  name: string
  email: string
  role: Role
}

/** Where a sign-in comes from. */
export interface Client {
  address: string
  userAgent: string | null
  /** The accounts that this browser has signed in to before, by id. */
  knownUserIds?: string[]
}

/** Times are milliseconds since 1970 UTC. */
export interface UserView extends Person {
  disabledAt: number | null
  createdAt: number
  /** Since when it has two-factor authentication; null without. */
  twoFactorAt: number | null
}

/** An invitation that can still be used. */
export interface InvitationView {
  id: string
  email: string
  role: Role
  createdAt: number
  expiresAt: number
  /** Who invited them. */
  byName: string | null
}

export interface SessionView {
  id: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
  address: string | null
  userAgent: string | null
}

export interface TokenView {
  id: string
  name: string
  /** The token's first characters, enough to tell it from another one. */
  hint: string
  createdAt: number
  expiresAt: number
  lastUsedAt: number | null
  /** Null: all that its user may. */
  scopes: TokenScope[] | null
}

export interface StartedSession {
  /** The cookie's value; the database has its hash. */
  token: string
  sessionId: string
  userId: string
}
