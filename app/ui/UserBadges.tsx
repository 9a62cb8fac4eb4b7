import type { UserView } from '~/domain/accounts/view'
import { paths } from '~/paths'
import { Ban, ShieldCheck } from './icons'
import { useSentTo } from './sending'

/**
 * What is special about an account: nothing about an ordinary one. What a form on its way leads to is shown at once, and
 * taken back where it is refused.
 */
export function UserBadges({ user }: { user: Pick<UserView, 'email' | 'role' | 'disabledAt'> }) {
  const verb = useSentTo(paths.user(user.email))?.get('verb')
  // a new admin is not shown ahead: the password that comes with it may be wrong
  const isAdmin = user.role === 'ADMIN' && verb !== 'remove-admin'
  const isDisabled = verb === 'disable' || (user.disabledAt !== null && verb !== 'enable')
  const isComing = isAdmin !== (user.role === 'ADMIN') || isDisabled !== (user.disabledAt !== null)
  return (
    <span
      aria-busy={isComing || undefined}
      className={`inline-flex shrink-0 items-center gap-2 text-xs font-medium whitespace-nowrap ${isComing ? 'animate-pulse' : ''}`}
    >
      {isAdmin && (
        <span className="inline-flex items-center gap-1 text-accent">
          <ShieldCheck aria-hidden className="size-3.5" />
          Admin
        </span>
      )}
      {isDisabled && (
        <span className="inline-flex items-center gap-1 text-danger">
          <Ban aria-hidden className="size-3.5" />
          Disabled
        </span>
      )}
    </span>
  )
}
