import { NavLink } from '@remix-run/react'
import type { ReactNode } from 'react'

interface PlaceProps {
  to: string
  /** Only this very page, not what is below it. */
  end?: boolean
  className: string
  children: ReactNode
}

/** A link of a navigation: it is marked where one is there. */
export function Place({ to, end, className, children }: PlaceProps) {
  return (
    <NavLink
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
