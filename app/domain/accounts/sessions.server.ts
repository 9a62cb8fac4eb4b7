import { onRecord, recorded } from '../audit.server'
import { beginning } from '../beginning'
import { type Desk, newId } from '../desk'
import { NotFound } from '../errors'
import type { UserActor } from '../policy'
import { hashOf, newSecret } from './secret.server'
import type { Settings } from './settings'
import { type StoredSettings, settingsColumns, settingsJoined, settingsOf } from './settings.server'
import type { Client, Person, SessionView, StartedSession } from './view'

export const sessionDays = 30
const day = 24 * 3_600_000
const touchEveryMs = 5 * 60_000

interface StartOptions extends Client {
  /** The session that this browser had before: it ends. */
  replaces?: string | null
  /** What the password was checked against: a change in the same moment wins over the sign-in. */
  passwordHash?: string
  /** Whether the account had a second factor when the password was checked: turned on or off since, it wins too. */
  hasTwoFactor?: boolean
}

/** @throws {NotFound} where the account is gone, disabled, or has another password or second factor by now */
export async function startSession(
  desk: Desk,
  userId: string,
  options: StartOptions,
): Promise<StartedSession> {
  const at = desk.now()
  const token = newSecret()
  const sessionId = newId(at)
  const started = await recorded(desk, {
    actor: { kind: 'user', id: userId, name: '', role: 'USER' },
    action: 'sign-in',
    subject: { kind: 'session', id: sessionId },
    address: options.address,
    change: `INSERT INTO sessions (id, tokenHash, userId, createdAt, lastSeenAt, expiresAt, address, userAgent)
      SELECT :sessionId, :tokenHash, u.id, :at, :at, :expiresAt, :address, :userAgent FROM users u
      WHERE u.id = :userId AND u.disabledAt IS NULL AND (:passwordHash IS NULL OR u.passwordHash = :passwordHash)
        AND (:hasTwoFactor IS NULL OR (u.totpEnabledAt IS NOT NULL) = :hasTwoFactor)`,
    also: [`DELETE FROM sessions WHERE id = :replaces AND ${onRecord}`],
    args: {
      sessionId,
      userId,
      tokenHash: hashOf(token),
      expiresAt: at + sessionDays * day,
      userAgent: options.userAgent ? beginning(options.userAgent, 300) : null,
      passwordHash: options.passwordHash ?? null,
      hasTwoFactor: options.hasTwoFactor === undefined ? null : Number(options.hasTwoFactor),
      replaces: options.replaces ?? null,
    },
  })
  if (!started) throw new NotFound('This account')
  return { token, sessionId, userId }
}

/** Who a cookie's token belongs to: one indexed read. Null where it is unknown, ended or expired, or its user disabled. */
export async function findSession(
  desk: Desk,
  token: string,
): Promise<{ user: Person; settings: Settings; sessionId: string; hasTwoFactor: boolean } | null> {
  const at = desk.now()
  const found = await desk.db.first<
    Person & StoredSettings & { sessionId: string; lastSeenAt: number; hasTwoFactor: number }
  >(
    `SELECT s.id AS sessionId, s.lastSeenAt, u.id, u.name, u.email, u.role,
       u.totpEnabledAt IS NOT NULL AS hasTwoFactor, ${settingsColumns}
     FROM sessions s JOIN users u ON u.id = s.userId ${settingsJoined}
     WHERE s.tokenHash = ? AND s.expiresAt > ? AND u.disabledAt IS NULL`,
    [hashOf(token), at],
  )
  if (!found) return null
  const { sessionId, lastSeenAt, hasTwoFactor, id, name, email, role } = found
  if (lastSeenAt <= at - touchEveryMs) touch(desk, sessionId, at)
  const user = { id, name, email, role }
  return { user, settings: settingsOf(found), sessionId, hasTwoFactor: hasTwoFactor === 1 }
}

/** Nobody waits for it, and a database that takes no changes just now still shows its pages. */
function touch(desk: Desk, sessionId: string, at: number) {
  const sql = 'UPDATE sessions SET lastSeenAt = ? WHERE id = ? AND lastSeenAt <= ?'
  const args = [at, sessionId, at - touchEveryMs]
  desk.db.write({ repeatable: true, statements: [{ sql, args }] }).catch(() => undefined)
}

/** @returns whether there was such a session of the actor */
export function endSession(
  desk: Desk,
  actor: UserActor,
  sessionId: string,
  action: 'session.end' | 'sign-out' = 'session.end',
): Promise<boolean> {
  return recorded(desk, {
    actor,
    action,
    subject: { kind: 'session', id: sessionId },
    change: 'DELETE FROM sessions WHERE id = :sessionId AND userId = :userId',
    args: { sessionId, userId: actor.id },
  })
}

/** All of the actor's sessions but the one that asks. @returns whether there was one */
export function endOtherSessions(desk: Desk, actor: UserActor, keepSessionId: string): Promise<boolean> {
  return recorded(desk, {
    actor,
    action: 'session.end-others',
    subject: { kind: 'user', id: actor.id },
    change: 'DELETE FROM sessions WHERE userId = :userId AND id <> :keepSessionId',
    args: { userId: actor.id, keepSessionId },
  })
}

/** The actor's own, newest first; a hundred at the most. */
export function listSessions(desk: Desk, actor: UserActor): Promise<SessionView[]> {
  return desk.db.all<SessionView>(
    `SELECT id, createdAt, lastSeenAt, expiresAt, address, userAgent FROM sessions
     WHERE userId = ? AND expiresAt > ? ORDER BY lastSeenAt DESC, id DESC LIMIT 100`,
    [actor.id, desk.now()],
  )
}
