import { useLocation } from '@remix-run/react'
import { paths, usersPlace } from '~/paths'
import { BackLink } from './BackLink'

/** On a phone the list is another page: back to where it was. */
export function BackToUsers() {
  const at = usersPlace(useLocation().search)
  return (
    <BackLink to={paths.searchUsers(at)} className="lg:hidden">
      All users
    </BackLink>
  )
}
