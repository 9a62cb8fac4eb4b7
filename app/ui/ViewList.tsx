import { Link } from '@remix-run/react'
import { type SavedView, viewSearch } from '~/domain/views/view'
import { paths } from '~/paths'
import { LinkButton } from './button'
import { Name, plainName } from './name'

interface ViewListProps {
  /** Each with what it is narrowed to. */
  views: (SavedView & { words: string[]; problems: string[] })[]
  viewerId: string
}

/** Every view that somebody sees: what it is narrowed to, and whose it is. */
export function ViewList({ views, viewerId }: ViewListProps) {
  return (
    <ul className="divide-y divide-line">
      {views.map(({ id, name, scope, query, shared, owner, words, problems }) => {
        const isOwn = owner?.id === viewerId
        return (
          <li key={id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
            <div className="min-w-0">
              <p className="font-medium wrap-anywhere">
                <Link
                  to={paths.list(scope) + viewSearch(query)}
                  data-row={id}
                  className="hover:text-accent hover:underline"
                >
                  <Name>{name}</Name>
                </Link>
              </p>
              <p className="text-xs text-ink-2 wrap-anywhere">
                {whose(owner, isOwn, shared)}
                {words.map((word) => (
                  <span key={word}>
                    {' · '}
                    <bdi>{word}</bdi>
                  </span>
                ))}
              </p>
              {problems.map((problem) => (
                <p key={problem} className="text-xs text-danger wrap-anywhere">
                  {problem}
                </p>
              ))}
            </div>
            {isOwn && (
              <LinkButton to={paths.view(id)} size="small" aria-label={`Change ${plainName(name)}`}>
                Change
              </LinkButton>
            )}
          </li>
        )
      })}
    </ul>
  )
}

function whose(owner: SavedView['owner'], isOwn: boolean, shared: boolean) {
  if (!owner) return 'Built in'
  if (isOwn) return shared ? 'Yours, shared' : 'Yours alone'
  return `Shared by ${plainName(owner.name)}`
}
