import { Link } from '@remix-run/react'
import { buttonClass } from './button'
import { ChevronLeft, ChevronRight } from './icons'

interface PagerProps {
  label: string
  /** Null at either end. */
  prev: string | null
  next: string | null
  prevLabel: string
  nextLabel: string
}

/** Both ways through a list that is read by keyset. Nothing where all of it is on one page. */
export function Pager({ label, prev, next, prevLabel, nextLabel }: PagerProps) {
  if (!prev && !next) return null
  const look = buttonClass({ size: 'small' })
  return (
    <nav aria-label={label} className="flex items-center justify-between gap-2">
      {prev ? (
        <Link to={prev} rel="prev" className={look}>
          <ChevronLeft aria-hidden />
          {prevLabel}
        </Link>
      ) : (
        <span />
      )}
      {next && (
        <Link to={next} rel="next" className={look}>
          {nextLabel}
          <ChevronRight aria-hidden />
        </Link>
      )}
    </nav>
  )
}
