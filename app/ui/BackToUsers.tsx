import { Link } from '@remix-run/react'
import { paths } from '~/paths'
import { ArrowLeft } from './icons'

/** On a phone the list is another page. */
export function BackToUsers() {
  return (
    <Link
      to={paths.users}
      className="inline-flex w-fit items-center gap-1 text-xs text-ink-2 hover:text-ink lg:hidden"
    >
      <ArrowLeft aria-hidden className="size-3.5" />
      All users
    </Link>
  )
}
