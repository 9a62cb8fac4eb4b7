import { Link } from '@remix-run/react'
import { type ListPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { chipsFor, type FilterNames } from './filter-chips'
import { X } from './icons'

interface FilterChipsProps {
  scope: ListScope
  at: ListPlace
  names: FilterNames
}

/** What the list is narrowed to, each to be taken away. */
export function FilterChips({ scope, at, names }: FilterChipsProps) {
  const chips = chipsFor(at, names)
  if (chips.length === 0) return null
  return (
    <ul aria-label="Narrowed to" className="flex flex-wrap items-center gap-1.5 text-xs">
      {chips.map(({ label, without }) => (
        <li key={label} className="min-w-0">
          <Link
            to={paths.list(scope, { ...at, ...without, cursor: null })}
            aria-label={`Take away: ${label}`}
            className="inline-flex max-w-full items-center gap-1 rounded-full border border-line-strong/50 bg-surface py-0.5 pr-1.5 pl-2.5 hover:bg-hover"
          >
            <bdi className="min-w-0 wrap-anywhere">{label}</bdi>
            <X aria-hidden className="size-3.5 shrink-0 text-ink-3" />
          </Link>
        </li>
      ))}
      <li>
        <Link to={paths.list(scope, { sort: at.sort })} className="text-accent underline">
          Clear filters
        </Link>
      </li>
    </ul>
  )
}
