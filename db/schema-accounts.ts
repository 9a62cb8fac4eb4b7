import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { linkPurposes, roles } from './vocabulary'

/** People, and how they come in. Part of `schema.ts`. */

export const users = sqliteTable(
  'users',
  {
    id: text('id').primaryKey(),
    /** Trimmed and in lower case. */
    email: text('email').notNull().unique(),
    name: text('name').notNull(),
    passwordHash: text('passwordHash').notNull(),
    role: text('role', { enum: roles }).notNull().default('USER'),
    disabledAt: integer('disabledAt'),
    createdAt: integer('createdAt').notNull(),
    updatedAt: integer('updatedAt').notNull(),
    /** The secret of the second factor (TOTP), encrypted; null without one. */
    totpSecret: text('totpSecret'),
    totpEnabledAt: integer('totpEnabledAt'),
    /** The 30-second step of the last code that was used: this one and earlier ones work no more. */
    totpLastStep: integer('totpLastStep'),
  },
  // few, and asked for wherever the last one must stay
  (t) => [index('users_admins').on(t.id, t.disabledAt).where(sql`role = 'ADMIN'`)],
)

export const sessions = sqliteTable(
  'sessions',
  {
    id: text('id').primaryKey(),
    /** SHA-256 (hex) of the cookie's value. */
    tokenHash: text('tokenHash').notNull().unique(),
    userId: text('userId')
      .notNull()
      .references(() => users.id),
    createdAt: integer('createdAt').notNull(),
    lastSeenAt: integer('lastSeenAt').notNull(),
    expiresAt: integer('expiresAt').notNull(),
    address: text('address'),
    userAgent: text('userAgent'),
  },
  (t) => [index('sessions_user').on(t.userId), index('sessions_expiry').on(t.expiresAt)],
)

export const apiTokens = sqliteTable(
  'api_tokens',
  {
    id: text('id').primaryKey(),
    /** SHA-256 (hex) of the token. */
    tokenHash: text('tokenHash').notNull().unique(),
    userId: text('userId')
      .notNull()
      .references(() => users.id),
    name: text('name').notNull(),
    /** The token's first characters, enough to tell it from another one. */
    hint: text('hint').notNull(),
    createdAt: integer('createdAt').notNull(),
    expiresAt: integer('expiresAt').notNull(),
    lastUsedAt: integer('lastUsedAt'),
    revokedAt: integer('revokedAt'),
    /** What it may, separated by spaces (`read write admin`); null: all that its user may. */
    scopes: text('scopes'),
  },
  (t) => [index('api_tokens_user').on(t.userId, t.createdAt)],
)

/** What signs a person in once without their authenticator. A used one is deleted. */
export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    userId: text('userId')
      .notNull()
      .references(() => users.id),
    /** SHA-256 (hex) of the code. */
    codeHash: text('codeHash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.codeHash] })],
)

/** One-time links: the setup link, and password resets and invitations handed out by an admin. */
export const oneTimeLinks = sqliteTable(
  'one_time_links',
  {
    id: text('id').primaryKey(),
    tokenHash: text('tokenHash').notNull().unique(),
    purpose: text('purpose', { enum: linkPurposes }).notNull(),
    userId: text('userId').references(() => users.id),
    /** Whom an invitation is for, and as what. */
    email: text('email'),
    role: text('role', { enum: roles }),
    createdAt: integer('createdAt').notNull(),
    expiresAt: integer('expiresAt').notNull(),
    usedAt: integer('usedAt'),
  },
  (t) => [
    index('one_time_links_user').on(t.userId),
    index('one_time_links_expiry').on(t.expiresAt),
    index('one_time_links_invites').on(t.createdAt, t.id).where(sql`purpose = 'invite'`),
  ],
)

export type User = typeof users.$inferSelect
export type Session = typeof sessions.$inferSelect
export type ApiToken = typeof apiTokens.$inferSelect
