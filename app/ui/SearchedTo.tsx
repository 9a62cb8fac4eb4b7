import { Link } from '@remix-run/react'
import { Time } from './time'

interface SearchedToProps {
  /** How far back it was looked, milliseconds since 1970 UTC. */
  at: number
  hasRows: boolean
  /** Where to look on from there. */
  to: string
}

/** A list looks at so many jobs for one page, and then says how far it came. */
export function SearchedTo({ at, hasRows, to }: SearchedToProps) {
  return (
    <p role="status" className="rounded-md border border-line bg-surface px-4 py-3 text-ink-2">
      Looked at jobs back to <Time at={at} exact className="font-medium text-ink" />;{' '}
      {hasRows ? 'no more found so far.' : 'nothing found so far.'}{' '}
      <Link to={to} rel="next" className="text-accent underline">
        Look further
      </Link>
    </p>
  )
}
