import { CannotStart, isUniqueViolation } from '~db/errors'
import { toolboxExamples } from '../agents/examples'
import { insertOfflineAgents, offlineAgents } from '../agents/offline.server'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Invalid, NotFound } from '../errors'
import { createJobs } from '../jobs/create.server'
import { system, type UserActor } from '../policy'
import type { SetupInput } from './input'
import { hashPassword, passwordProblem } from './password.server'
import { hashOf, newSecret } from './secret.server'
import { startSession } from './sessions.server'
import { addressTaken, assertPassword } from './sign-up.server'
import type { Client, StartedSession } from './view'

const linkDays = 7
const day = 24 * 3_600_000

const noAdmin = "NOT EXISTS (SELECT 1 FROM users WHERE role = 'ADMIN')"
const liveLink = `EXISTS (SELECT 1 FROM one_time_links
  WHERE tokenHash = :tokenHash AND purpose = 'setup' AND usedAt IS NULL AND expiresAt > :at)`

/**
 * The link that makes the first admin: once, within 7 days. Each start makes a new one, and the older are void.
 *
 * @returns null where there is an admin
 */
export async function setupLink(desk: Desk, origin: string): Promise<string | null> {
  const token = newSecret()
  const id = newId(desk.now())
  const made = await recorded(desk, {
    actor: system,
    action: 'setup.link',
    subject: { kind: 'link', id },
    change: `INSERT INTO one_time_links (id, tokenHash, purpose, createdAt, expiresAt)
      SELECT :id, :tokenHash, 'setup', :at, :expiresAt WHERE ${noAdmin}`,
    also: [`DELETE FROM one_time_links WHERE purpose = 'setup' AND id <> :id AND ${onRecord}`],
    args: { id, tokenHash: hashOf(token), expiresAt: desk.now() + linkDays * day },
  })
  return made ? `${origin}/setup?token=${token}` : null
}

/** @throws {NotFound} where the link was used, is out of date or never was, or there is an admin */
export async function assertSetupToken(desk: Desk, token: string): Promise<void> {
  const open = await desk.db.all(`SELECT 1 WHERE ${liveLink} AND ${noAdmin}`, {
    tokenHash: hashOf(token),
    at: desk.now(),
  })
  if (open.length === 0) throw new NotFound('This setup link')
}

/**
 * Makes the first admin and signs them in; with `examples` also the offline agents and three jobs that run at once.
 *
 * @throws {NotFound} without a valid token, or once an admin exists
 * @throws {Invalid} on `password` or `email`
 */
export async function completeSetup(
  desk: Desk,
  token: string,
  { name, email, password, examples }: Omit<SetupInput, 'token' | 'passwordConfirm'>,
  client: Client & { replaces?: string | null },
): Promise<StartedSession> {
  await assertSetupToken(desk, token)
  await assertPassword(password, [name, email])
  const at = desk.now()
  const actor: UserActor = { kind: 'user', id: newId(at), name, role: 'ADMIN' }
  const agents = examples ? offlineAgents(at) : []
  const made = await recorded(desk, {
    actor,
    action: 'setup',
    subject: { kind: 'user', id: actor.id },
    address: client.address,
    change: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt)
      SELECT :userId, :email, :name, :passwordHash, 'ADMIN', :at, :at WHERE ${liveLink} AND ${noAdmin}`,
    also: [
      `UPDATE one_time_links SET usedAt = :at WHERE tokenHash = :tokenHash AND ${onRecord}`,
      insertOfflineAgents,
    ],
    args: {
      userId: actor.id,
      email,
      name,
      passwordHash: await hashPassword(password),
      tokenHash: hashOf(token),
      agents: JSON.stringify(agents),
    },
  }).catch((error: unknown) => {
    throw isUniqueViolation(error, 'users.email') ? new Invalid(addressTaken) : error
  })
  if (!made) throw new NotFound('This setup link')
  if (examples) await handInExamples(desk, actor)
  return startSession(desk, actor.id, client)
}

async function handInExamples(desk: Desk, actor: UserActor) {
  const toolbox = await desk.db.first<{ id: string }>(
    "SELECT id FROM agents WHERE kind = 'toolbox' AND state = 'ACTIVE' ORDER BY id LIMIT 1",
  )
  if (!toolbox) return
  const inputs = toolboxExamples.slice(0, 3).map((job) => ({ ...job, agentId: toolbox.id }))
  await createJobs(desk, actor, inputs)
}

/**
 * ADMIN_EMAIL and ADMIN_PASSWORD at a start: the first admin and the offline agents, no example jobs. Nothing where
 * there is an admin. An ordinary account with that address becomes the admin, with this password.
 *
 * @throws {CannotStart} where the password is too easy to guess
 */
export async function ensureAdmin(desk: Desk, { email, password }: { email: string; password: string }) {
  if (!(await awaitsSetup(desk))) return
  const problem = await passwordProblem(password, [email])
  if (problem) throw new CannotStart(`ADMIN_PASSWORD: ${problem}`)
  const at = desk.now()
  const normal = email.trim().toLowerCase()
  await recorded(desk, {
    actor: system,
    action: 'setup',
    detail: { email: normal },
    change: `INSERT INTO users (id, email, name, passwordHash, role, createdAt, updatedAt)
      SELECT :userId, :email, 'Admin', :passwordHash, 'ADMIN', :at, :at WHERE ${noAdmin}
      ON CONFLICT (email) DO UPDATE SET role = 'ADMIN', passwordHash = excluded.passwordHash, updatedAt = :at`,
    also: [
      `DELETE FROM sessions WHERE userId = (SELECT id FROM users WHERE email = :email) AND ${onRecord}`,
      `DELETE FROM one_time_links WHERE purpose = 'setup' AND ${onRecord}`,
      insertOfflineAgents,
    ],
    args: {
      userId: newId(at),
      email: normal,
      passwordHash: await hashPassword(password),
      agents: JSON.stringify(offlineAgents(at)),
    },
  })
}

/** Whether nobody has set this Docket up yet: then the sign-in page tells of the link. */
export async function awaitsSetup(desk: Desk): Promise<boolean> {
  return (await desk.db.first("SELECT 1 FROM users WHERE role = 'ADMIN' LIMIT 1")) === undefined
}
