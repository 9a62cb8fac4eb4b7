import { Link } from '@remix-run/react'
import type { Sort, SortField } from '~/domain/jobs/list-filter'
import { type ListPlace, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { fieldOf, isDescending, nextSort, sortWord } from './list-words'

interface SortHeadProps {
  scope: ListScope
  at: ListPlace
  /** The list's order. */
  sort: Sort
  field: SortField
  label: string
  className: string
}

/** A column's head that sorts by it, one way and the other. Where heads are only read out, it is their word alone. */
export function SortHead({ scope, at, sort, field, label, className }: SortHeadProps) {
  const isCurrent = fieldOf(sort) === field
  const down = isDescending(sort)
  // the lists are cards on a narrow screen, each from a width of its own
  const [shown, hidden] = scope === 'own' ? ['max-md:hidden', 'md:hidden'] : ['max-lg:hidden', 'lg:hidden']
  return (
    <th
      scope="col"
      aria-sort={isCurrent ? (down ? 'descending' : 'ascending') : undefined}
      className={`font-medium ${className}`}
    >
      <Link
        to={paths.list(scope, { ...at, sort: sortWord(nextSort(field, sort)), cursor: null })}
        className={`rounded-sm hover:text-ink hover:underline ${isCurrent ? 'text-ink' : ''} ${shown}`}
      >
        {label}
        {isCurrent && <span aria-hidden> {down ? '↓' : '↑'}</span>}
      </Link>
      <span className={hidden}>{label}</span>
    </th>
  )
}
