import { Link } from '@remix-run/react'
import type { Chip } from './filter-chips'
import { X } from './icons'

interface FilterChipsProps {
  chips: Chip[]
  /** The list with nothing taken out of it. */
  cleared: string
}

/** What the list is narrowed to, each to be taken away. */
export function FilterChips({ chips, cleared }: FilterChipsProps) {
  if (chips.length === 0) return null
  return (
    <ul aria-label="Narrowed to" className="flex flex-wrap items-center gap-1.5 text-xs">
      {chips.map(({ label, to }) => (
        <li key={label} className="min-w-0">
          <Link
            to={to}
            aria-label={`Take away: ${label}`}
            className="inline-flex max-w-full items-center gap-1 rounded-full border border-line-strong/50 bg-surface py-0.5 pr-1.5 pl-2.5 hover:bg-hover"
          >
            <bdi className="min-w-0 wrap-anywhere">{label}</bdi>
            <X aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          </Link>
        </li>
      ))}
      <li>
        <Link to={cleared} className="text-accent underline">
          Clear filters
        </Link>
      </li>
    </ul>
  )
}
