import { NavLink } from '@remix-run/react'
import type { UserView } from '~/domain/accounts/view'
import { paths, type UsersPlace } from '~/paths'
import { Name } from './name'
import { UserBadges } from './UserBadges'

/** Everyone with an account; the chosen one is marked, and opening one keeps the place in the list. */
export function UserList({ users, at }: { users: UserView[]; at: UsersPlace }) {
  return (
    <ul className="divide-y divide-line">
      {users.map((user) => (
        <li key={user.id}>
          <NavLink
            to={paths.user(user.email, at)}
            data-row={user.id}
            className={({ isActive }) =>
              `flex flex-col gap-0.5 px-4 py-2.5 hover:bg-hover ${isActive ? 'bg-hover shadow-[inset_2px_0_var(--accent)]' : ''}`
            }
          >
            <span className="flex flex-wrap items-center justify-between gap-x-3">
              <Name className="min-w-0 font-medium wrap-anywhere">{user.name}</Name>
              <UserBadges user={user} />
            </span>
            <span className="text-xs text-ink-2 break-words">{user.email}</span>
          </NavLink>
        </li>
      ))}
    </ul>
  )
}
