import type { UserView } from '~/domain/accounts/view'
import { Ban, ShieldCheck } from './icons'

/** What is special about an account: nothing about an ordinary one. */
export function UserBadges({ user }: { user: Pick<UserView, 'role' | 'disabledAt'> }) {
  return (
    <span className="inline-flex shrink-0 items-center gap-2 text-xs font-medium whitespace-nowrap">
      {user.role === 'ADMIN' && (
        <span className="inline-flex items-center gap-1 text-accent">
          <ShieldCheck aria-hidden className="size-3.5" />
          Admin
        </span>
      )}
      {user.disabledAt !== null && (
        <span className="inline-flex items-center gap-1 text-danger">
          <Ban aria-hidden className="size-3.5" />
          Disabled
        </span>
      )}
    </span>
  )
}
