import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'
import { ArrowLeft } from './icons'

interface BackLinkProps {
  to: string
  className?: string
  children: ReactNode
}

/** Above a title: the way to what the page is a part of. Beside a form's button it is a quiet button instead. */
export function BackLink({ to, className = '', children }: BackLinkProps) {
  return (
    <Link
      to={to}
      className={`inline-flex w-fit items-center gap-1 rounded-sm text-xs text-ink-2 hover:text-ink print:hidden ${className}`}
    >
      <ArrowLeft aria-hidden className="size-3.5" />
      {children}
    </Link>
  )
}
