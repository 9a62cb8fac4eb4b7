import { assertAdmin } from '../admin-only'
import { onRecord, recorded } from '../audit.server'
import { type Desk, newId } from '../desk'
import { Conflict, Invalid, NotFound } from '../errors'
import type { Actor } from '../policy'
import { assertConfirmed, confirmation } from './confirm-password.server'
import type { InviteInput } from './input'
import { hashOf, newSecret } from './secret.server'
import { addressTaken } from './sign-up.server'
import type { InvitationView } from './view'

const linkDays = 7
/** So many can be open at a time: lists show them whole. */
export const maxInvitations = 200

const open = "l.purpose = 'invite' AND l.usedAt IS NULL AND l.expiresAt > :at"
const noAccount = 'NOT EXISTS (SELECT 1 FROM users u WHERE u.email = :email)'
const roomForMore = `(SELECT count(*) FROM one_time_links l WHERE ${open} AND l.email <> :email) < :maxInvitations`

/**
 * A link with which one person makes an account of this role: once, within 7 days, also where sign-up is closed. An
 * older one for the same address is void.
 *
 * @param origin such as `https://docket.example.com`
 * @returns the link, for this one time, and how lists show it
 * @throws {Invalid} on `email` where the address has an account, and for an admin on `currentPassword` as
 *   `assertConfirmed`; {Conflict} `too_many_invitations`; {Forbidden}
 */
export async function invite(
  desk: Desk,
  actor: Actor,
  { email, role }: InviteInput,
  origin: string,
): Promise<{ link: string; view: InvitationView }> {
  assertAdmin(actor)
  if (role === 'ADMIN') assertConfirmed(actor)
  const at = desk.now()
  const token = newSecret()
  const view = { id: newId(at), email, role, createdAt: at, expiresAt: at + linkDays * 24 * 3_600_000 }
  const made = await recorded(desk, {
    actor,
    action: 'invite.create',
    subject: { kind: 'link', id: view.id },
    detail: { email, role, ...(role === 'ADMIN' && confirmation(actor)) },
    change: `INSERT INTO one_time_links (id, tokenHash, purpose, email, role, createdAt, expiresAt)
      SELECT :id, :tokenHash, 'invite', :email, :role, :createdAt, :expiresAt WHERE ${noAccount} AND ${roomForMore}`,
    also: [
      `DELETE FROM one_time_links WHERE purpose = 'invite' AND email = :email AND usedAt IS NULL AND id <> :id
        AND ${onRecord}`,
    ],
    args: { ...view, tokenHash: hashOf(token), maxInvitations },
  })
  if (made) {
    const byName = actor.kind === 'user' ? actor.name : null
    return { link: `${origin}/invite?token=${token}`, view: { ...view, byName } }
  }
  if (await desk.db.first('SELECT 1 FROM users WHERE email = ?', [email])) throw new Invalid(addressTaken)
  throw new Conflict(`${maxInvitations} invitations are open. Withdraw one first.`, 'too_many_invitations')
}

const views = `SELECT l.id, l.email, l.role, l.createdAt, l.expiresAt, u.name AS byName FROM one_time_links l
  LEFT JOIN audit e ON e.subjectId = l.id AND e.action = 'invite.create'
  LEFT JOIN users u ON u.id = e.actorId`

/** Those that can still be used, newest first. @throws {Forbidden} but for admins */
export async function listInvitations(desk: Desk, actor: Actor): Promise<InvitationView[]> {
  assertAdmin(actor)
  return desk.db.all<InvitationView>(`${views} WHERE ${open} ORDER BY l.createdAt DESC, l.id DESC`, {
    at: desk.now(),
  })
}

/** The link is void at once. @throws {NotFound} where it was used, withdrawn or is out of date; {Forbidden} */
export async function withdrawInvitation(desk: Desk, actor: Actor, id: string): Promise<InvitationView> {
  assertAdmin(actor)
  const [invitation] = await desk.db.all<InvitationView>(`${views} WHERE l.id = :id AND ${open}`, {
    id,
    at: desk.now(),
  })
  if (!invitation) throw new NotFound('This invitation')
  const withdrawn = await recorded(desk, {
    actor,
    action: 'invite.withdraw',
    subject: { kind: 'link', id },
    detail: { email: invitation.email },
    change: "DELETE FROM one_time_links WHERE id = :id AND purpose = 'invite' AND usedAt IS NULL",
    args: { id },
  })
  if (!withdrawn) throw new NotFound('This invitation')
  return invitation
}
