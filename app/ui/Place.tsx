import { NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'
import { useHints } from './keys/hints'

interface PlaceProps {
  to: string
  /** Only this very page, not what is below it. */
  end?: boolean
  className: string
  children: ReactNode
}

/** A link of a navigation: it is marked where one is there. */
export function Place({ to, end, className, children }: PlaceProps) {
  const hint = useHints()
  return (
    <NavLink
      {...hint(to)}
      to={to}
      end={end}
      className={({ isActive }) =>
        `rounded-md whitespace-nowrap transition-colors ${className} ${
          isActive ? 'bg-hover font-medium text-ink' : 'text-ink-2 hover:bg-hover hover:text-ink'
        }`
      }
    >
      {children}
    </NavLink>
  )
}
