import { Forbidden } from './errors'
import type { Actor } from './policy'

/** Docket itself (a start, the admin command) may do what admins may. @throws {Forbidden} */
export function assertAdmin(actor: Actor): void {
  if (actor.kind === 'system' || (actor.kind === 'user' && actor.role === 'ADMIN')) return
  throw new Forbidden('Only an admin can do that.')
}
