import { Link, useLocation } from '@remix-run/react'
import { useHints } from './keys/hints'
import { SteadyLabel } from './SteadyLabel'

interface PlaceProps {
  to: string
  /** Only this very page, not what is below it. */
  end?: boolean
  /** Other addresses that belong to it. */
  also?: RegExp
  className: string
  children: string
}

/** A link of a navigation: it is marked where one is there. */
export function Place({ to, end, also, className, children }: PlaceProps) {
  const { pathname } = useLocation()
  const hint = useHints()
  const isHere = pathname === to || (!end && pathname.startsWith(`${to}/`)) || also?.test(pathname)
  return (
    <Link
      {...hint(to)}
      to={to}
      aria-current={isHere ? 'page' : undefined}
      className={`rounded-md whitespace-nowrap transition-colors ${className} ${
        isHere ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink'
      }`}
    >
      <SteadyLabel text={children} />
    </Link>
  )
}
