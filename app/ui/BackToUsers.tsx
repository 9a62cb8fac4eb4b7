import { Link, useLocation } from '@remix-run/react'
import { paths, usersPlace } from '~/paths'
import { ArrowLeft } from './icons'

/** On a phone the list is another page: back to where it was. */
export function BackToUsers() {
  const at = usersPlace(useLocation().search)
  return (
    <Link
      to={paths.searchUsers(at)}
      className="inline-flex w-fit items-center gap-1 text-xs text-ink-2 hover:text-ink lg:hidden"
    >
      <ArrowLeft aria-hidden className="size-3.5" />
      All users
    </Link>
  )
}
