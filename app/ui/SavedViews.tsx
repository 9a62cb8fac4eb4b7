import { Link } from '@remix-run/react'
import { type SavedView, viewSearch } from '~/domain/views/view'
import { type ListPlace, listQuery, paths } from '~/paths'
import type { ListScope } from '~db/vocabulary'
import { Name, plainName } from './name'
import { SteadyLabel } from './SteadyLabel'

interface SavedViewsProps {
  views: ShownView[]
  scope: ListScope
  at: ListPlace
}

export type ShownView = Pick<SavedView, 'id' | 'name' | 'query'> & {
  /** Who shares it, where that is somebody else. */
  by: string | null
}

/** The lists that are kept to come back to, and the way to keep this one. */
export function SavedViews({ views, scope, at }: SavedViewsProps) {
  const asked = listQuery(at)
  const known = views.some(({ query }) => query === asked)
  const look = 'rounded-sm hover:text-ink hover:underline'
  return (
    <nav aria-label="Saved views" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-ink-2">
      {views.map(({ id, name, query, by }) => (
        <Link
          key={id}
          to={paths.list(scope) + viewSearch(query)}
          aria-current={query === asked ? 'page' : undefined}
          className={`${look} aria-[current]:font-semibold aria-[current]:text-ink`}
        >
          <SteadyLabel text={plainName(name)} className="after:font-semibold">
            <Name>{name}</Name>
          </SteadyLabel>
          {by && (
            <span className="font-normal text-ink-3">
              {' '}
              by <Name>{by}</Name>
            </span>
          )}
        </Link>
      ))}
      <Link
        to={paths.viewsOf(scope, asked && !known ? asked : undefined)}
        className={`${look} text-accent hover:text-accent`}
      >
        {asked && !known ? 'Save this view…' : 'Views…'}
      </Link>
    </nav>
  )
}
